"""What a worker leaves unfinished, on the embedded engine: found by its lock, by its silence, or given back in time."""

import fcntl
import os
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tasks import embedded, locks, pulse, reviving, running, stopping
from tasks.defining import TriedAgain
from tasks.models import Worker
from tasks.standing import standing
from tests.tasks import deeds, engines

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not engines.IS_EMBEDDED, reason="rows of the other engine")]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    yield
    stopping.forget()


def claimed_by(worker: str) -> DBTaskResult:
    deeds.note.enqueue("أول")
    row = running.claim_next(worker)
    assert row
    return row


def status_of(row: DBTaskResult) -> str:
    return str(DBTaskResult.objects.values_list("status", flat=True).get(pk=row.pk))


def test_the_work_of_a_living_worker_is_left_to_it() -> None:
    row = claimed_by("one")
    with locks.held("one"):
        assert list(locks.dead_workers()) == []
        assert (reviving.revive_the_dead(), reviving.revive_the_silent()) == (0, 0)
    assert status_of(row) == "RUNNING"


def test_a_worker_whose_lock_is_free_is_dead_once() -> None:
    row = claimed_by("one")
    with locks.held("two"):
        os.close(os.open(locks.path_of("one"), os.O_CREAT))
        assert reviving.revive_the_dead() == 1
        assert reviving.revive_the_dead() == 0
    assert status_of(row) == "READY"


def test_a_task_that_cannot_be_revived_now_is_revived_later(monkeypatch: pytest.MonkeyPatch) -> None:
    row = claimed_by("one")
    with locks.held("two"), monkeypatch.context() as broken:
        os.close(os.open(locks.path_of("one"), os.O_CREAT))
        broken.setattr(reviving, "_running", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            reviving.revive_the_dead()
    assert reviving.revive_the_dead() == 1
    assert status_of(row) == "READY"


def test_a_file_that_a_sweeper_takes_away_before_it_is_locked_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    lock = fcntl.flock

    def sweep_first(file: int, operation: int) -> None:
        monkeypatch.setattr(fcntl, "flock", lock)
        assert list(locks.dead_workers()) == ["one"]
        lock(file, operation)

    locks.path_of("one").parent.mkdir(parents=True)
    monkeypatch.setattr(fcntl, "flock", sweep_first)
    with locks.held("one"):
        assert list(locks.dead_workers()) == []
        assert locks.is_known_here("one")


def test_a_silent_worker_of_another_machine_is_dead_after_a_long_time(clock: Any) -> None:
    row = claimed_by("far")
    now = timezone.now()
    Worker.objects.create(name="far", machine="far", process_id=1, started_at=now, seen_at=now)
    clock.shift(timedelta(minutes=4))
    assert reviving.revive_the_silent() == 0
    clock.shift(timedelta(minutes=2))
    assert reviving.revive_the_silent() == 1
    assert status_of(row) == "READY"
    assert not Worker.objects.exists()


def test_who_lost_a_task_does_not_say_how_it_ended(clock: Any) -> None:
    row = claimed_by("slow")
    clock.shift(timedelta(minutes=6))
    reviving.revive_the_silent()
    second = running.claim_next("quick")
    assert second
    assert not running.record_end(row, None)
    assert status_of(row) == "RUNNING"
    assert running.record_end(second, None)


def test_a_task_that_is_given_back_counts_no_death() -> None:
    row = claimed_by("one")
    reviving.hand_back(row)
    row.refresh_from_db()
    assert (row.status, row.worker_ids) == ("READY", [])


def test_a_worker_that_must_stop_gives_back_what_it_cannot_finish(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(Exception):
        pass

    def leave(status: int) -> None:
        raise Gone

    row = claimed_by("one")
    worker = embedded.OneWorker("one", parent=os.getppid(), before_each=bool)
    worker.at_hand = row
    monkeypatch.setattr(stopping, "GRACE", -1)
    monkeypatch.setattr(os, "_exit", leave)
    stopping.ask()
    with pytest.raises(Gone):
        worker.pulse._run()
    assert status_of(row) == "READY"


def test_a_worker_asks_itself_to_stop_when_its_parent_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slept(Exception):
        pass

    def sleep(seconds: float) -> None:
        raise Slept

    monkeypatch.setattr(pulse.time, "sleep", sleep)
    with pytest.raises(Slept):
        pulse.Pulse("one", parent=os.getppid() + 1, give_back=bool)._run()
    assert stopping.is_asked()


def test_the_standing_says_what_waits_and_since_when(clock: Any) -> None:
    running.record_end(claimed_by("one"), ArithmeticError())
    running.record_end(claimed_by("one"), TriedAgain())
    deeds.note.enqueue_in(30, 1)
    clock.shift(60)
    deeds.note.enqueue(2)
    deeds.note.enqueue_in(30, 3)
    counts = standing().counts
    assert (counts.waiting, counts.running, counts.failed) == (3, 0, 1)
    assert counts.oldest_due_at == timezone.now() - timedelta(seconds=30)


def test_what_ended_a_week_ago_is_forgotten(clock: Any, run_tasks: Callable[..., int]) -> None:
    deeds.note.enqueue(1)
    run_tasks()
    clock.shift(timedelta(days=6))
    deeds.note.enqueue_in(10**6, 2)
    assert embedded.prune() == 0
    clock.shift(timedelta(days=2))
    assert embedded.prune() == 1
    assert DBTaskResult.objects.count() == 1


def test_signals_ask_a_worker_to_stop() -> None:
    before = [signal.getsignal(name) for name in stopping.SIGNALS]
    stopping.listen()
    os.kill(os.getpid(), signal.SIGTERM)
    for name, handler in zip(stopping.SIGNALS, before, strict=True):
        signal.signal(name, handler)
    assert stopping.is_asked()
    assert not stopping.is_overdue()
