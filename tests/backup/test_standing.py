"""What the operator's page and the doctor learn of the newest backup."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from newsroom.backups.standing import newest_backup
from newsroom.checkup import Level
from newsroom.checkup.backups import check_backups
from tests.backup.conftest import Run

pytestmark = pytest.mark.django_db(transaction=True)


def test_without_a_backup_there_is_none(settings: Settings) -> None:
    assert newest_backup() is None
    Path(settings.BACKUP_FOLDER, "20260101T000000Z").mkdir(parents=True)
    assert newest_backup() is None


def test_the_newest_says_its_age_its_size_and_what_is_wrong(run: Run, settings: Settings) -> None:
    run("backup")
    (copy,) = Path(settings.BACKUP_FOLDER).glob("2*")
    newest = newest_backup()
    assert newest
    assert newest.is_ok
    assert newest.size == sum(path.stat().st_size for path in copy.iterdir() if path.name != "manifest.json")
    with time_machine.travel(timedelta(hours=30), tick=False):
        late = newest_backup()
    assert late
    assert late.is_old
    assert not late.is_ok
    assert late.age // timedelta(hours=1) == 30
    next(copy.glob("database.*")).write_bytes(b"cut off")
    assert "missing or cut off" in (newest_backup() or newest).damage
    (copy / "manifest.json").write_text("{", encoding="utf-8")
    assert "damaged" in (newest_backup() or newest).damage


def test_a_backup_of_another_site_hides_none_of_ours(run: Run, settings: Settings) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=8), tick=False):
        run("backup")
    (ours,) = Path(settings.BACKUP_FOLDER).glob("2*")
    ours_is, settings.SITE_URL = settings.SITE_URL, "https://other.example"
    run("backup")
    settings.SITE_URL = ours_is
    newest = newest_backup()
    assert newest
    assert newest.folder == ours
    assert newest.is_old
    (finding,) = check_backups()
    assert (finding.level, finding.values["hours"]) == (Level.FAULT, 192)


def test_the_doctor_finds_a_backup_whose_database_is_gone(run: Run, settings: Settings) -> None:
    run("backup")
    (copy,) = Path(settings.BACKUP_FOLDER).glob("2*")
    assert [finding.level for finding in check_backups()] == [Level.OK]
    next(copy.glob("database.*")).unlink()
    (finding,) = check_backups()
    assert finding.level is Level.FAULT
    assert str(copy) in finding.text
