"""What each machine did in its last minute, whoever reads it, and on machines that only serve."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import OperationalError
from pytest_django import Settings

from newsroom.lib import meters
from newsroom.lib.hours import hour_of
from newsroom.maintenance import notice
from newsroom.operating import alerts, local_disks, noting, reading
from newsroom.operating.machines import Tally, machines_now, total_of_minute
from newsroom.operating.reading import note_reading
from newsroom.operating.troubles import KINDS
from tasks.models import Alert, Reading, Worker
from tests.conftest import NOW
from tests.factories import make_site

pytestmark = pytest.mark.django_db
At = Callable[[str], Any]


@pytest.fixture(autouse=True)
def place(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.METERS_FOLDER, settings.DATA_DIR = tmp_path / "here" / "meters", tmp_path
    settings.BACKUP_FOLDER, settings.MEDIA_ROOT = tmp_path / "backups", tmp_path / "media"
    settings.ALERT_EMAILS = ["ops@example.org"]
    make_site()
    Worker.objects.create(name="w", machine="w", process_id=1, started_at=NOW, seen_at=NOW + timedelta(days=1))
    meters._own.begin()
    yield
    meters._own.begin()


@pytest.fixture
def at(settings: Settings, tmp_path: Path) -> At:
    """The folder of the meters, and so the machine, for a while."""

    @contextmanager
    def being_there(name: str) -> Iterator[None]:
        here, own = settings.METERS_FOLDER, meters._own
        settings.METERS_FOLDER, meters._own = tmp_path / name / "meters", owns.setdefault(name, meters._Own())
        try:
            yield
        finally:
            settings.METERS_FOLDER, meters._own = here, own

    owns: dict[str, Any] = {}
    return being_there


def now() -> Any:
    return reading.timezone.now()


def answer(errors: int, well: int = 0) -> None:
    meters.add("newsroom_requests_total", errors, view="v", method="GET", status="5xx")
    meters.add("newsroom_requests_total", well, view="v", method="GET", status="2xx")


def minute() -> Tally:
    return total_of_minute(machines_now(now()))


def test_a_minute_is_not_used_up_by_who_reads_it(clock: Any) -> None:
    note_reading()
    clock.shift(60)
    answer(500, 100)
    note_reading()
    assert [minute() for _ in range(3)] == [Tally(600, 500, 0)] * 3
    clock.shift(5)
    note_reading()  # the metrics process
    assert minute() == Tally(600, 500, 0)


@pytest.mark.parametrize("offset", [0, 1, 20, 30, 44, 46, 59])
def test_error_pages_are_mailed_whoever_else_reads(clock: Any, offset: int) -> None:
    """The clock looks each minute, the process of METRICS_BIND as well, some seconds later."""
    mail.outbox.clear()
    for _minute in range(5):
        answer(250)
        alerts.watch(now())
        clock.shift(offset)
        answer(250)
        note_reading()
        clock.shift(60 - offset)
    assert [str(KINDS["errors"].what) in message.subject for message in mail.outbox] == [True]


def test_the_first_minute_and_lost_files_are_nothing(clock: Any) -> None:
    answer(500)
    note_reading()
    assert minute() == Tally()
    clock.shift(60)
    shutil.rmtree(meters.folder())
    meters._own.begin()
    answer(40)
    note_reading()
    assert minute() == Tally()


def test_a_minute_goes_over_the_end_of_an_hour(clock: Any) -> None:
    clock.shift(3600 * 1 - 40 * 60 - 30)
    note_reading()
    clock.shift(60)
    answer(20)
    note_reading()
    assert Reading.objects.filter(hour=hour_of(now())).exists()
    assert minute() == Tally(20, 20, 0)


def test_what_was_counted_long_ago_is_no_minute(clock: Any) -> None:
    note_reading()
    clock.shift(600)
    answer(500)
    note_reading()
    assert minute() == Tally()
    clock.shift(60)
    answer(30)
    note_reading()
    assert minute() == Tally(30, 30, 0)
    clock.shift(60)
    assert minute() == Tally()
    assert [machine.name for machine in machines_now(now())] == [reading.machine()]
    clock.shift(600)
    assert machines_now(now()) == []


def test_a_row_of_an_older_version_says_nothing(clock: Any) -> None:
    Reading.objects.create(machine=reading.machine(), hour=hour_of(NOW), counted=meters.Readings().as_json())
    assert machines_now(NOW) == []
    note_reading()
    assert [machine.minute for machine in machines_now(NOW)] == [Tally()]


def test_a_machine_that_only_serves_is_watched_by_the_clock_of_another(
    clock: Any, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its clock is off (TICK=0): it writes, and the clock elsewhere judges."""
    mail.outbox.clear()
    usage = shutil.disk_usage("/")
    full = type(usage)(100, 93, 7)
    with at("web"):
        web = reading.machine()
    for _minute in range(4):
        with at("web"), monkeypatch.context() as there:
            there.setattr(local_disks.shutil, "disk_usage", lambda _place: full)
            answer(30, 300)
            note_reading()
        clock.shift(20)
        with monkeypatch.context() as here:
            here.setattr(local_disks.shutil, "disk_usage", lambda _place: type(usage)(100, 50, 50))
            alerts.watch(now())
        clock.shift(40)
    assert web != reading.machine()
    assert set(Alert.objects.filter(told_at__isnull=False).values_list("name", "value")) == {
        ("errors", "30/330"),
        (f"disk:data|{web}", "7%"),
    }
    assert web in mail.outbox[0].body + mail.outbox[-1].body
    for _minute in range(15):
        with at("web"):
            monkeypatch.setattr(local_disks.shutil, "disk_usage", lambda _place: type(usage)(100, 50, 50))
            note_reading()
        alerts.watch(now())
        clock.shift(60)
    assert not Alert.objects.filter(ended_at=None).exists()


def test_of_several_processes_one_writes_it_down() -> None:
    noting.note_if_due()
    os.utime(reading.noted(), (time.time() - 60,) * 2)
    assert [noting.note_if_due() for _ in range(3)] == [True, False, False]
    assert Reading.objects.filter(machine=reading.machine()).exists()


def test_a_closed_site_is_left_alone() -> None:
    reading.noted().parent.mkdir(parents=True)
    reading.noted().touch()
    os.utime(reading.noted(), (time.time() - 60,) * 2)
    notice().write_text("{}")
    assert not noting.note_if_due()
    notice().unlink()
    assert noting.note_if_due()


def test_without_a_database_it_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise OperationalError("the server closed the connection")

    noting.note_if_due()
    os.utime(reading.noted(), (time.time() - 60,) * 2)
    monkeypatch.setattr(noting, "note_reading", fail)
    assert not noting.note_if_due()
    assert "could not be written down: OperationalError" in caplog.text


def test_disks_that_cannot_be_looked_at_leave_the_rest(clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_place: Any) -> None:
        raise OSError("stale file handle")

    monkeypatch.setattr(local_disks.shutil, "disk_usage", fail)
    note_reading()
    clock.shift(60)
    answer(20)
    note_reading()
    (machine,) = machines_now(now())
    assert (machine.minute, machine.disks) == (Tally(20, 20, 0), [])
    assert machines_now(now() - timedelta(days=1)) == []
