"""A damaged SQLite file is what a backup is for: it is moved aside, and the backup takes its place."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import connection
from pytest_django import Settings

from pages.models import Redirect
from tests.backup.conftest import Run
from tests.factories import make_site

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has programs of its own for it"),
]

PAGE = 4096
OPEN = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.execute("SELECT count(*) FROM pages_redirect").fetchone()
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def copy(run: Run, settings: Settings) -> Path:
    make_site()
    Redirect.objects.create(old_path="/old/", new_path="/new/")
    run("backup")
    return next(Path(settings.BACKUP_FOLDER).glob("2*"))


@pytest.fixture
def database(copy: Path, run: Run, elsewhere: Callable[[], None]) -> Path:
    """The file of a site that nobody uses."""
    elsewhere()
    run("restore", copy)
    assert Redirect.objects.count() == 1
    connection.close()
    return Path(connection.settings_dict["NAME"])


def spoil(path: Path, *, page: int) -> None:
    with path.open("rb+") as file:
        file.seek((page - 1) * PAGE)
        file.write(b"\xa5" * PAGE)


@pytest.mark.parametrize("page", [1, 2])
def test_a_damaged_database_is_moved_aside_and_replaced(page: int, copy: Path, database: Path, run: Run) -> None:
    spoil(database, page=page)
    with pytest.raises(CommandError, match="not empty"):
        run("restore", copy)
    out = run("restore", copy, "--replace")
    assert Redirect.objects.get().new_path == "/new/"
    said = re.search(r"The old database was moved to (.*)\.", out)
    assert said
    assert Path(said[1]).read_bytes()[(page - 1) * PAGE :].startswith(b"\xa5" * PAGE)
    (reason,) = re.findall(r"No backup of what is there: (.*)", out)
    assert reason.endswith(".")
    connection.close()
    run("restore", copy, "--replace")


def test_a_row_that_refers_to_nothing_is_damage_too(copy: Path, database: Path, run: Run) -> None:
    with closing(sqlite3.connect(database)) as other:
        other.execute("INSERT INTO accounts_user_groups (user_id, group_id) VALUES (7, 7)")
        other.commit()
    with pytest.raises(CommandError, match="that is not there"):
        run("backup")
    assert "was moved to" in run("restore", copy, "--replace")
    assert Redirect.objects.count() == 1


def test_damage_does_not_hide_who_has_it_open(copy: Path, database: Path, run: Run) -> None:
    with closing(sqlite3.connect(database)) as first:
        first.execute("PRAGMA journal_mode = WAL")
    command = [sys.executable, "-c", OPEN, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "open\n"
        spoil(database, page=1)
        with pytest.raises(CommandError, match="is in use"):
            run("restore", copy, "--replace")
        other.communicate("")
    assert "was moved to" in run("restore", copy, "--replace")


def test_a_log_without_its_database_is_not_read_as_part_of_the_new_one(
    copy: Path, database: Path, run: Run, put: Callable[[str, bytes], Path]
) -> None:
    put("media/2026/later.jpg", b"later")
    with closing(sqlite3.connect(database)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("DELETE FROM pages_redirect")
        other.commit()
        log = database.with_name(f"{database.name}-wal")
        kept = log.read_bytes()
    assert len(kept) > PAGE
    database.unlink()
    log.write_bytes(kept)
    out = run("restore", copy, "--replace")
    assert Redirect.objects.count() == 1
    assert "There is no database at" in out


def test_what_may_not_be_opened_is_a_sentence_and_stays(copy: Path, database: Path, run: Run) -> None:
    database.rename(database.with_name("elsewhere"))
    database.mkdir()
    with pytest.raises(CommandError, match="SQLite could not read"):
        run("restore", copy, "--replace")
    assert os.listdir(database) == []
