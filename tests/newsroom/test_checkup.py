"""`manage.py doctor`: what it finds, in which words, and when it ends with 1."""

import json
from collections import namedtuple
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone, translation
from pytest_django import Settings

from accounts.models import User
from newsroom.backups.manifest import Manifest
from newsroom.checkup import Level, backups, configuration, disks, libraries, mail, media, run, running, times, worst
from newsroom.checkup.findings import Finding, fault, ok, warning
from newsroom.operating import figures
from tasks.models import Schedule, Worker
from tests.site.serving import free_port

Usage = namedtuple("Usage", "total used free")
GB = 1024**3


def levels(found: Any) -> list[tuple[str, str]]:
    return [(finding.about, str(finding.level)) for finding in found]


def doctor(*arguments: str) -> tuple[str, int]:
    out, status = StringIO(), 0
    try:
        call_command("doctor", *arguments, stdout=out)
    except SystemExit as end:
        status = int(end.code or 0)
    return out.getvalue(), status


@pytest.mark.django_db
def test_every_check_says_something_and_none_breaks() -> None:
    found = run()
    assert {finding.about.partition(".")[0] for finding in found} >= {
        *("settings", "libraries", "disk", "cache", "mail", "backups", "database", "tasks", "accounts")
    }
    assert not [finding for finding in found if "could not be looked at" in str(finding.message)]
    assert all(finding.text and (finding.advised or finding.level is Level.OK) for finding in found)


@pytest.mark.django_db
def test_doctor_speaks_english_in_lines_and_ends_with_1_on_a_fault() -> None:
    said, status = doctor()
    (line,) = [line for line in said.splitlines() if "tasks.workers" in line]
    assert line.startswith("fault")
    assert "No worker is alive" in line
    assert "Start manage.py worker" in line
    assert status == 1


@pytest.mark.django_db
def test_doctor_is_content_when_nothing_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "WITHOUT_DATABASE", (("x", lambda: [ok("x", "Fine.")]),))
    monkeypatch.setattr(running, "WITH_DATABASE", (("y", lambda: [warning("y", "So so.", "Rest.")]),))
    said, status = doctor("--json")
    rows = json.loads(said)
    assert [row["level"] for row in rows] == ["ok", "ok", "warning"]
    assert (rows[2]["text"], rows[2]["advice"]) == ("So so.", "Rest.")
    assert status == 0


def test_lost_database_is_one_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_arguments: Any) -> None:
        raise OperationalError("could not connect to server: postgres://u:hush@h")

    monkeypatch.setattr(running.databases, "ask", lost)
    monkeypatch.setattr(running, "WITHOUT_DATABASE", ())
    (found,) = run()
    assert (found.about, found.level) == ("database.reachable", Level.FAULT)
    assert "hush" not in found.text


def test_check_that_breaks_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> list[Finding]:
        raise OSError("the secret of the house")

    monkeypatch.setattr(running, "WITHOUT_DATABASE", (("disk", broken),))
    monkeypatch.setattr(running.databases, "check_reachable", lambda: [fault("database.reachable", "x", "y")])
    found = run()
    assert levels(found) == [("disk", "fault"), ("database.reachable", "fault")]
    assert "secret" not in found[0].text


def test_worst_is_what_counts() -> None:
    fine, so_so, bad = ok("a", "a"), warning("b", "b", "b"), fault("c", "c", "c")
    assert [worst([]), worst([fine]), worst([fine, so_so]), worst([so_so, bad, fine])] == [
        *(Level.OK, Level.OK, Level.WARNING, Level.FAULT)
    ]


def test_findings_are_translated_when_they_are_read() -> None:
    (finding,) = libraries.check_versions()
    with translation.override(None):
        assert finding.text == "No library is older than it may be."


def test_old_library_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "version", lambda name: "5.2.3" if name == "Django" else "99.0")
    (finding,) = libraries.check_versions()
    assert finding.level is Level.FAULT
    assert "Django 5.2.3" in finding.text


@pytest.mark.parametrize(
    ("free", "level"), [(0.1 * GB, "fault"), (2.5 * GB, "warning"), (6 * GB, "warning"), (40 * GB, "ok")]
)
def test_disk_that_fills_up(monkeypatch: pytest.MonkeyPatch, settings: Settings, free: float, level: str) -> None:
    monkeypatch.setattr(disks.shutil, "disk_usage", lambda _folder: Usage(100 * GB, 0, int(free)))
    found = list(disks.check_disks())
    assert {str(finding.level) for finding in found} == {level}
    assert {finding.about for finding in found} == {"disk.data", "disk.media", "disk.backups"}


@pytest.mark.django_db
def test_silence_of_workers_and_clock_is_a_fault() -> None:
    now = timezone.now()
    worker = Worker.objects.create(name="w", machine="m", process_id=1, started_at=now, seen_at=now)
    tick = Schedule.objects.create(name="tick", done_at=now)
    assert levels([*times.check_workers(), *times.check_tick()]) == [("tasks.workers", "ok"), ("tasks.clock", "ok")]
    Worker.objects.filter(pk=worker.pk).update(seen_at=now - timedelta(minutes=5))
    Schedule.objects.filter(pk=tick.pk).update(done_at=now - timedelta(minutes=5))
    assert levels([*times.check_workers(), *times.check_tick()]) == [
        ("tasks.workers", "fault"),
        ("tasks.clock", "fault"),
    ]


@pytest.mark.parametrize(("hours", "level"), [(2, "ok"), (30, "warning"), (200, "fault")])
def test_age_of_the_backup(settings: Settings, tmp_path: Path, hours: int, level: str) -> None:
    settings.BACKUP_FOLDER = tmp_path
    for age in (hours, hours + 500):
        made_at = timezone.now() - timedelta(hours=age)
        folder = tmp_path / f"{made_at:%Y%m%dT%H%M%SZ}"
        folder.mkdir()
        told = Manifest(made_at, settings.SITE_URL, "1.0", "sqlite", "3", [], {}, {}, 0, 0, {})
        document = {"format": 1, **vars(told), "made_at": made_at.isoformat()}
        (folder / "manifest.json").write_text(json.dumps(document))
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "manifest.json").write_text("{")
    assert levels(backups.check_backups()) == [("backups", level)]


def test_no_backup_is_a_fault_where_others_read(settings: Settings, tmp_path: Path) -> None:
    settings.BACKUP_FOLDER = tmp_path / "none"
    settings.LOOPBACK = False
    assert levels(backups.check_backups()) == [("backups", "fault")]


def test_mail_server_that_is_not_there_is_named_without_its_password(settings: Settings) -> None:
    settings.EMAIL_BACKEND = mail.SMTP
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "desk", "hush"
    (finding,) = mail.check_server()
    assert finding.level is Level.FAULT
    assert "127.0.0.1" in finding.text
    assert "hush" not in finding.text


@pytest.mark.django_db
def test_password_of_the_first_start_is_no_password_for_a_public_site(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.LOOPBACK = tmp_path, False
    (tmp_path / "administrator-password").write_text("drawn-at-random")
    person = User.objects.create_superuser("admin", password="drawn-at-random")
    assert levels(configuration.check_accounts()) == [("accounts", "warning")]
    person.set_password("another of my own")
    person.save()
    assert levels(configuration.check_accounts()) == [("accounts", "ok")]
    settings.LOOPBACK = True
    assert levels(configuration.check_accounts()) == [("accounts", "ok")]


def test_pictures_in_a_folder_need_no_store() -> None:
    assert list(media.check_media()) == []


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL")
def test_postgresql_is_asked_for_limits_checksums_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [*running.databases.check_engine(), *times.check_clocks_agree()]
    assert [finding.about for finding in found] == [
        *("database.timeouts", "database.jit", "database.checksums", "clock")
    ]
    assert (found[0].level, found[3].level) == (Level.OK, Level.OK)
    wrong = timezone.now() - timedelta(minutes=5)
    monkeypatch.setattr(times, "ask", lambda _sql: wrong)
    assert levels(times.check_clocks_agree()) == [("clock", "fault")]


@pytest.mark.parametrize(
    ("lag", "level", "words", "figure"),
    [(0.0, "ok", "0", 0.0), (90.0, "warning", "90", 90.0), (float("inf"), "warning", "∞", None)],
)
def test_a_copy_is_measured_by_where_the_primary_is(
    monkeypatch: pytest.MonkeyPatch, lag: float, level: str, words: str, figure: float | None
) -> None:
    """What it has received and replayed says nothing of what it never heard of."""
    monkeypatch.setattr(running.databases, "ask", lambda sql, _alias: "recovery" in sql)
    monkeypatch.setattr(running.databases, "lag_of", lambda _alias: lag)
    monkeypatch.setattr(figures, "lag_of", lambda _alias: lag)
    monkeypatch.setattr(figures, "connections", {"replica1": connection.copy()})
    found = running.databases._replica("replica1")
    assert (str(found.level), words in found.text) == (level, True)
    assert figures._lag("replica1") == figure
