"""What needs a person is told once when it begins and once when it is over."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from pytest_django import Settings

from accounts.roles import Role
from newsroom.backups.standing import NewestBackup
from newsroom.lib import meters
from newsroom.lib.hours import hour_of
from newsroom.lib.meters import Readings, sum_of
from newsroom.operating import alert_mail, alerts, reading
from newsroom.operating.figures import Figures, MailFigures
from newsroom.operating.local_disks import Disk
from newsroom.operating.machines import Machine, Tally
from newsroom.operating.reading import counted_by_hour, total_of
from newsroom.operating.troubles import KINDS, Trouble, kind_of, troubles_of
from newsroom.ticking import scheduled_tick
from tasks.counting import Counts
from tasks.models import Alert, Reading, Schedule, Worker
from tasks.standing import Standing
from tests.conftest import NOW
from tests.factories import make_site, make_user

pytestmark = pytest.mark.django_db
MINUTE = 60


@pytest.fixture(autouse=True)
def place(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.METERS_FOLDER, settings.BACKUP_FOLDER = tmp_path / "meters", tmp_path / "backups"
    settings.ALERT_EMAILS = ["ops@example.org"]
    make_site()
    meters._own.begin()
    yield
    meters._own.begin()


@pytest.fixture
def troubles(monkeypatch: pytest.MonkeyPatch) -> list[Trouble]:
    """What is wrong, to be changed by the test."""
    found: list[Trouble] = []
    monkeypatch.setattr(alerts, "troubles_of", lambda *_figures, **_more: list(found))
    return found


def minutes(clock: Any, number: int) -> list[str]:
    """Let the clock look each minute; the subjects of what was mailed."""
    mail.outbox.clear()
    for _ in range(number):
        alerts.watch(reading.timezone.now())
        clock.shift(MINUTE)
    return [message.subject for message in mail.outbox]


def test_a_trouble_is_told_once_and_its_end_once(clock: Any, troubles: list[Trouble]) -> None:
    troubles.append(Trouble(f"disk:data|{reading.machine()}", "7%"))
    assert len(minutes(clock, 30)) == 1
    (message,) = mail.outbox
    assert message.to == ["ops@example.org"]
    assert str(KINDS["disk"].what) in message.subject
    assert str(KINDS["disk"].advice) in message.body
    assert "7%" in message.body
    troubles.clear()
    assert len(minutes(clock, 30)) == 1
    assert Alert.objects.get().ended_at is not None


def test_a_moment_is_no_trouble(clock: Any, troubles: list[Trouble]) -> None:
    troubles.append(Trouble("errors", "12/40"))
    alerts.watch(NOW)
    troubles.clear()
    assert minutes(clock, 30) == []


def test_what_comes_and_goes_is_no_flood(clock: Any, troubles: list[Trouble]) -> None:
    """Three hours of a trouble that is there for five minutes of each twenty."""
    sent = []
    for _ in range(9):
        troubles[:] = [Trouble("mail", "3")]
        sent += minutes(clock, 5)
        troubles.clear()
        sent += minutes(clock, 15)
    assert len(sent) <= 6
    assert Alert.objects.count() == 1


def test_troubles_of_one_minute_are_one_mail(clock: Any, troubles: list[Trouble]) -> None:
    troubles += [Trouble("mail", "3"), Trouble("workers", "0"), Trouble("replica:replica1", "40 s")]
    assert len(minutes(clock, 5)) == 1
    assert all(str(KINDS[name].what) in mail.outbox[0].body for name in ("mail", "workers", "replica"))


def test_what_no_mail_server_takes_is_tried_again(
    clock: Any, troubles: list[Trouble], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_mail: Any, **_more: Any) -> None:
        raise OSError("refused")

    troubles.append(Trouble("mail", "3"))
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refuse)
        assert minutes(clock, 5) == []
    assert len(minutes(clock, 1)) == 1


def test_a_clock_that_dies_before_the_mail_leaves_it_to_another(
    clock: Any, troubles: list[Trouble], monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_mail: Any, **_more: Any) -> None:
        raise SystemExit

    troubles.append(Trouble("mail", "3"))
    assert minutes(clock, 1) == []
    with monkeypatch.context() as dying:
        dying.setattr("django.core.mail.EmailMessage.send", die)
        with pytest.raises(SystemExit):
            alerts.watch(reading.timezone.now())
    assert Alert.objects.get().told_at is None
    assert len(minutes(clock, 10)) == 1
    assert Alert.objects.get().told_at is not None


def test_while_one_clock_tells_it_the_others_do_not(
    clock: Any, troubles: list[Trouble], monkeypatch: pytest.MonkeyPatch
) -> None:
    def others_look(*_alerts: Any) -> int:
        """Two minutes, for which a slow mail server holds the first."""
        told.append(1)
        for number in (0, 1, 2):
            alerts.watch(reading.timezone.now() + timedelta(minutes=number))
        return 1

    told: list[int] = []
    troubles.append(Trouble("mail", "3"))
    minutes(clock, 1)
    monkeypatch.setattr(alerts, "mail_alerts", others_look)
    minutes(clock, 5)
    assert told == [1]


def test_another_clock_tells_nothing_again(clock: Any, troubles: list[Trouble]) -> None:
    troubles.append(Trouble("mail", "3"))
    minutes(clock, 2)
    mail.outbox.clear()
    assert [alerts.watch(NOW + timedelta(minutes=2)) for _ in range(3)]
    assert mail.outbox == []


def test_the_disk_of_another_machine_is_for_its_own_clock(clock: Any, troubles: list[Trouble]) -> None:
    Alert.objects.create(name="disk:data|elsewhere", began_at=NOW, seen_at=NOW, told_at=NOW)
    minutes(clock, 30)
    assert Alert.objects.get().ended_at is None
    minutes(clock, 40)
    assert Alert.objects.get().ended_at is not None


def test_administrators_are_told_where_nobody_is_named(settings: Settings) -> None:
    settings.ALERT_EMAILS = []
    make_user(Role.ADMINISTRATOR, email="keeper@example.org")
    make_user(Role.REPORTER, email="writer@example.org")
    make_user(Role.ADMINISTRATOR, email="")
    assert alert_mail.recipients() == ["keeper@example.org"]


def figures(**differing: Any) -> Figures:
    """All is well, but for what differs."""
    worker = Worker(name="w", machine="m", process_id=1, started_at=NOW, seen_at=NOW)
    usual: dict[str, Any] = {
        "at": NOW,
        "tasks": Standing(Counts(0, 0, 0, 0, None), [worker], NOW),
        "mail": MailFigures(0, 0, 0, 0, 0, {}),
        "sign_ins": {},
        "database_size": 1,
        "replicas": {"replica1": 0.1},
        "disks": [],
        "backup": NewestBackup(Path("b"), timedelta(hours=25), 1, ""),
    }
    return Figures(**usual | differing)


def counted(name: str, amount: float, **labels: str) -> Readings:
    readings = Readings()
    readings.add((name, tuple(sorted(labels.items()))), amount)
    return readings


def named(*machines: Machine) -> list[str]:
    return [each.name for each in troubles_of(figures(), machines, now=NOW, ticked_at=NOW)]


WELL = Machine("m", Tally(answered=900, errors=9), [Disk("data", 50, 100)])
SILENT_WORKER = Worker(name="w", machine="m", process_id=1, started_at=NOW, seen_at=NOW - timedelta(minutes=6))
NO_TASKS = Counts(0, 0, 0, 0, None)


@pytest.mark.parametrize(
    ("kind", "differing"),
    [
        ("workers", {"tasks": Standing(NO_TASKS, [], NOW)}),
        ("workers", {"tasks": Standing(NO_TASKS, [SILENT_WORKER], NOW)}),
        ("backup", {"backup": NewestBackup(Path("b"), timedelta(hours=27), 1, "")}),
        ("backup", {"backup": NewestBackup(Path("b"), timedelta(hours=1), 1, "database.dump is missing")}),
        ("replica", {"replicas": {"replica1": 31.0}}),
        ("replica", {"replicas": {"replica1": None}}),
        ("mail", {"mail": MailFigures(0, 0, 0, 0, 1, {})}),
        ("newsletter", {"mail": MailFigures(0, 0, 0, 1, 0, {})}),
    ],
)
def test_each_rule_has_its_limit(kind: str, differing: dict[str, Any]) -> None:
    def kinds(found: Figures) -> list[str]:
        troubles = troubles_of(found, [WELL], now=NOW, ticked_at=NOW)
        return [each.name.partition("|")[0].partition(":")[0] for each in troubles]

    assert kinds(figures()) == []
    assert kinds(figures(**differing)) == [kind]


def test_the_clock_sees_that_it_stood_still(settings: Settings) -> None:
    settings.LOOPBACK = False
    late = troubles_of(figures(), [WELL], now=NOW, ticked_at=NOW - timedelta(minutes=6))
    in_time = troubles_of(figures(), [WELL], now=NOW, ticked_at=NOW - timedelta(minutes=4))
    assert ([each.name for each in late], in_time) == (["clock"], [])


def test_error_pages_count_as_a_share_of_all_machines() -> None:
    assert named(Machine("m", Tally(112, 12))) == ["errors"]
    assert named(Machine("m", Tally(112, 6)), Machine("n", Tally(90, 6))) == ["errors"]
    assert named(Machine("m", Tally(1000, 12))) == named(Machine("m", Tally(9, 9))) == []


def test_each_machine_has_its_disks_and_mails() -> None:
    full, other = Machine("n", disks=[Disk("data", 9, 100), Disk("media", 10, 100)]), Machine("o", Tally(unsent=3))
    assert named(WELL, full, other) == ["disk:data|n", "mail"]


def test_a_task_that_fails_again_and_again_is_named() -> None:
    failing = counted("newsroom_tasks_total", 3, task="newsletter.x", outcome="failed")
    Reading.objects.create(machine="m", hour=hour_of(NOW) - reading.HOUR, counted=Readings().as_json())
    Reading.objects.create(machine="m", hour=hour_of(NOW), counted=failing.as_json())
    assert named(WELL) == ["task:newsletter.x"]


def test_the_clock_looks_and_its_tick_stays_in_order(clock: Any) -> None:
    report = scheduled_tick()
    assert report.failed == []
    assert Schedule.objects.get(name="tick").done_at == NOW
    assert Reading.objects.latest("hour").hour == hour_of(NOW)


def test_a_container_that_is_made_anew_is_the_same_machine(clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its host is a new one, and what it counted for weeks lies in the volume."""
    monkeypatch.setattr(meters.socket, "gethostname", lambda: "f00dcafe1234")
    meters.folder().mkdir(parents=True)
    failing = counted("newsroom_tasks_total", 40, task="newsletter.x", outcome="failed")
    (meters.folder() / "past.json").write_text(json.dumps(failing.as_json()), encoding="utf-8")
    reading.note_reading()
    clock.shift(3600)
    monkeypatch.setattr(meters.socket, "gethostname", lambda: "beefcafe5678")
    reading.note_reading()
    assert set(Reading.objects.values_list("machine", flat=True)) == {reading.machine()}
    assert reading.machine().startswith("f00dcafe1234-")
    now = reading.timezone.now()
    assert sum_of(total_of(counted_by_hour(now, hours=24).values()), "newsroom_tasks_total") == 0
    found = troubles_of(figures(), [WELL], now=now, ticked_at=now)
    assert "task:newsletter.x" not in {each.name for each in found}


def test_what_a_machine_counts_after_its_first_reading_is_of_that_hour(clock: Any) -> None:
    reading.note_reading()
    meters.add("newsroom_tasks_total", 2, task="newsletter.x", outcome="failed")
    reading.note_reading()
    (hour,) = counted_by_hour(NOW, hours=1).values()
    assert sum_of(hour, "newsroom_tasks_total") == 2


def test_every_kind_has_words() -> None:
    for name in KINDS:
        assert str(kind_of(f"{name}:of|here").what)
        assert str(kind_of(name).advice)
