"""The clock: what a tick does, that one failure stops nothing else, and that it ends with its parent."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.roles import Role
from articles import changes
from articles.changes import open_changes, publish_changes
from articles.models import Article, Revision
from articles.revisions import record
from newsroom import ticking
from tasks import scheduling, stopping
from tests.factories import make_article, make_site, make_user
from tests.house.files import REPOSITORY
from tests.tasks.conftest import until


def scheduled_changes(headline: str = "عنوان معدل", **fields: Any) -> Article:
    """A published story with changes that are due a minute ago."""
    editor = make_user(Role.CHIEF_EDITOR)
    story = make_article("عنوان قديم", **fields)
    record(story, by=editor)
    copy = open_changes(story, by=editor)
    Article.objects.filter(pk=copy.pk).update(headline=headline)
    copy.refresh_from_db()
    publish_changes(copy, by=editor, at=timezone.now() + timedelta(hours=1))
    Article.objects.filter(pk=copy.pk).update(publish_at=timezone.now() - timedelta(minutes=1))
    return story


def run_tick(*arguments: str) -> str:
    out = StringIO()
    call_command("tick", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_a_tick_publishes_the_changes_whose_time_has_come() -> None:
    story = scheduled_changes()
    assert "1 changes published" in run_tick()
    story.refresh_from_db()
    assert story.headline == "عنوان معدل"
    assert run_tick().strip() == "nothing was due"


@pytest.mark.django_db
def test_one_step_that_fails_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("no such thing")

    monkeypatch.setattr(ticking, "EVERY_MINUTE", (broken, *ticking.EVERY_MINUTE))
    story = scheduled_changes()
    with pytest.raises(CommandError, match="broken"):
        run_tick()
    story.refresh_from_db()
    assert story.headline == "عنوان معدل"


@pytest.mark.django_db
def test_old_versions_are_pruned_once_a_day_as_the_settings_say() -> None:
    make_site(revisions_kept_days=30)
    article = make_article(published=False)
    for _number in range(2):
        record(article, by=None)
    Revision.objects.update(created_at=timezone.now() - timedelta(days=31))
    run_tick()
    assert Revision.objects.count() == 2
    assert "1 old versions pruned" in run_tick("--daily")
    assert Revision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_publish_once() -> None:
    stories = [scheduled_changes(f"عنوان معدل {number}") for number in range(3)]
    barrier = threading.Barrier(2)
    counts: list[int] = []

    def one() -> None:
        barrier.wait()
        counts.append(changes.publish_due_changes())
        connection.close()

    threads = [threading.Thread(target=one) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 3
    for story in stories:
        assert story.revisions.filter(action="changes").count() == 1
    assert not Article.objects.working_copies().exists()


@pytest.fixture
def daily(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The moments at which the one daily step was done; it fails as long as the list ends with None."""
    found: list[Any] = []

    def step() -> None:
        if found[-1:] == [None]:
            found.pop()
            raise RuntimeError("no such thing")
        found.append(timezone.now())

    monkeypatch.setattr(ticking, "EVERY_DAY", (step,))
    monkeypatch.setattr(ticking, "EVERY_MINUTE", ())
    return found


@pytest.mark.django_db
def test_of_several_clocks_one_does_the_daily_step_once_a_day(clock: Any, daily: list[datetime]) -> None:
    for _clock in range(3):
        ticking.scheduled_tick()
    assert len(daily) == 1
    clock.shift(timedelta(days=1))
    for _clock in range(3):
        ticking.scheduled_tick()
    assert len(daily) == 2


@pytest.mark.django_db
def test_a_daily_step_that_failed_is_tried_again_a_little_later(clock: Any, daily: list[Any]) -> None:
    daily.append(None)
    assert ticking.scheduled_tick().failed == ["step"]
    ticking.scheduled_tick()
    assert daily == []
    clock.shift(timedelta(minutes=11))
    ticking.scheduled_tick()
    assert len(daily) == 1


@pytest.mark.django_db
def test_a_daily_step_whose_clock_died_is_done_by_another_one(clock: Any, daily: list[datetime]) -> None:
    assert scheduling.claim("step", period=timezone.now().date().isoformat(), now=timezone.now())
    ticking.scheduled_tick()
    assert daily == []
    clock.shift(timedelta(minutes=61))
    ticking.scheduled_tick()
    assert len(daily) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_clocks_at_once_one_claims_a_step() -> None:
    barrier = threading.Barrier(2)
    claims: list[bool] = []

    def one() -> None:
        barrier.wait()
        claims.append(scheduling.claim("step", period="2026-11-20", now=timezone.now()))
        connection.close()

    threads = [threading.Thread(target=one) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claims) == [False, True]


class Sleep:
    """Stands for time.sleep: moves the clock, and calls `after` when so many seconds went by."""

    def __init__(self, clock: Any, seconds: float, after: Callable[[], None]) -> None:
        self.clock, self.left, self.after = clock, seconds, after

    def __call__(self, seconds: float) -> None:
        self.clock.shift(seconds)
        self.left -= seconds
        if self.left <= 0:
            self.after()


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The moments of the ticks; nothing is really done."""
    found: list[datetime] = []

    def tick() -> ticking.Report:
        found.append(timezone.now())
        return ticking.Report()

    monkeypatch.setattr(ticking, "scheduled_tick", tick)
    return found


@pytest.fixture
def signals() -> Iterator[None]:
    names = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = [signal.getsignal(name) for name in names]
    yield
    stopping.forget()
    for name, handler in zip(names, before, strict=True):
        signal.signal(name, handler)


@pytest.mark.usefixtures("signals")
def test_the_clock_ticks_at_once_and_then_at_full_minutes(
    clock: Any, monkeypatch: pytest.MonkeyPatch, ticks: list[datetime]
) -> None:
    clock.move_to(datetime(2026, 11, 20, 23, 58, 30, tzinfo=UTC), tick=False)
    monkeypatch.setattr(time, "sleep", Sleep(clock, 100, lambda: os.kill(os.getpid(), signal.SIGTERM)))
    ticking.run_forever()
    assert [f"{moment:%H:%M:%S}" for moment in ticks] == ["23:58:30", "23:59:00", "00:00:00"]


@pytest.mark.usefixtures("signals")
def test_a_clock_that_is_turned_back_ticks_on(
    clock: Any, monkeypatch: pytest.MonkeyPatch, ticks: list[datetime]
) -> None:
    def turn_back() -> None:
        clock.shift(-3600)
        monkeypatch.setattr(time, "sleep", Sleep(clock, 130, lambda: os.kill(os.getpid(), signal.SIGTERM)))

    monkeypatch.setattr(time, "sleep", Sleep(clock, 5, turn_back))
    ticking.run_forever()
    assert len(ticks) >= 3


@pytest.mark.usefixtures("signals")
def test_the_clock_ends_with_its_parent(clock: Any, monkeypatch: pytest.MonkeyPatch, ticks: list[datetime]) -> None:
    monkeypatch.setattr(time, "sleep", Sleep(clock, 3, lambda: monkeypatch.setattr(os, "getppid", lambda: -1)))
    ticking.run_forever()
    assert len(ticks) == 1


@pytest.mark.usefixtures("signals")
def test_the_clock_of_a_parent_that_is_gone_never_begins(ticks: list[datetime]) -> None:
    ticking.run_forever(parent=os.getppid() + 1)
    assert ticks == []


def process_table() -> dict[int, tuple[int, str]]:
    """Parent and command line of every process that is there."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = folder.joinpath("stat").read_text(encoding="utf-8").rpartition(")")[2].split()[:2]
            command = folder.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state != "Z":
            found[int(folder.name)] = (int(parent), command)
    return found


def beside(pid: int) -> list[int]:
    """What runs the tasks and the clock, and its own children: a worker and the clock."""
    table = process_table()
    first = [child for child, (parent, command) in table.items() if parent == pid and "worker --with-clock" in command]
    return first + [child for child, (parent, _command) in table.items() if parent in first]


@pytest.fixture
def gunicorn(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
    environment = os.environ | {"PORT": port, "DATA_DIR": str(tmp_path), "WEB_WORKERS": "1", "WORKER_CONCURRENCY": "1"}
    environment |= {"SITE_URL": f"http://127.0.0.1:{port}", "TICK": "1", "WORKER": "1", "DEBUG": "1"}
    environment.pop("DATABASE_URL", None)
    environment.pop("TASKS_ENGINE", None)
    command = [sys.executable, "-m", "gunicorn"]
    with open(tmp_path / "log", "wb") as log:
        process = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=log, stderr=log)
    yield process
    process.kill()
    process.wait()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_the_web_server_keeps_worker_and_clock_alive_and_leaves_none_behind(
    gunicorn: subprocess.Popen[bytes], end: signal.Signals
) -> None:
    supervisor, *children = until(lambda: found if len(found := beside(gunicorn.pid)) == 3 else None)
    os.kill(children[0], signal.SIGKILL)
    until(lambda: len(found := beside(gunicorn.pid)) == 3 and children[0] not in found)
    os.kill(supervisor, signal.SIGKILL)
    last = until(lambda: found if len(found := beside(gunicorn.pid)) == 3 and supervisor not in found else None)
    gunicorn.send_signal(end)
    gunicorn.wait()
    until(lambda: not {supervisor, *children, *last} & process_table().keys())
    assert beside(gunicorn.pid) == []
