"""What the operator's page and the doctor learn of the newest backup."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from newsroom.backups.standing import newest_backup
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
    assert late.problem == "The newest backup is 30 hours old."
    next(copy.glob("database.*")).write_bytes(b"cut off")
    assert "missing or cut off" in (newest_backup() or newest).problem
    (copy / "manifest.json").write_text("{", encoding="utf-8")
    assert "damaged" in (newest_backup() or newest).problem
