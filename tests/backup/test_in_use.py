"""No word that somebody was told is saved is lost by a restore: it is in the copy made before or in the new database.

Whoever is connected and rests may write at any moment, as a web server does that waits for its next request.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import DatabaseError, connection
from pytest_django import Settings

from newsroom.backups import making, restoring
from newsroom.backups.postgresql import PostgresDatabase
from newsroom.backups.refusals import BackupRefused
from pages.models import Redirect
from tests.backup.conftest import Run
from tests.factories import make_site

pytestmark = pytest.mark.django_db(transaction=True)
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows nothing of connections")

WRITE = "INSERT INTO pages_redirect (old_path, new_path, words_key) VALUES ('/a-word/', '/', '')"


@pytest.fixture
def copy(run: Run, settings: Settings) -> Path:
    make_site()
    Redirect.objects.create(old_path="/old/", new_path="/")
    run("backup")
    Redirect.objects.create(old_path="/later/", new_path="/")
    return next(Path(settings.BACKUP_FOLDER).glob("2*"))


@contextmanager
def another(**options: Any) -> Iterator[Any]:
    """A connection of somebody else, which rests; out of no pool of ours."""
    other = connection.copy()
    ours = {name: value for name, value in other.settings_dict["OPTIONS"].items() if name != "pool"}
    other.settings_dict["OPTIONS"] = {**ours, **options}
    with closing(other):
        other.ensure_connection()
        yield other


def held_backups(settings: Settings) -> list[Path]:
    return sorted(Path(settings.BACKUP_FOLDER).glob("2*"))


@on_postgresql
def test_a_connection_that_rests_is_named_and_refused(copy: Path, run: Run, settings: Settings) -> None:
    with another(application_name="newsroom-web"), pytest.raises(CommandError) as refused:
        run("restore", copy, "--replace")
    assert "in use: newsroom-web (this machine, since 20" in str(refused.value)
    assert "Stop the web servers, the workers, the clock" in str(refused.value)
    assert held_backups(settings) == [copy]
    assert Redirect.objects.count() == 2
    run("restore", copy, "--replace")
    assert Redirect.objects.count() == 1


@on_postgresql
def test_who_comes_after_the_first_look_is_refused_before_a_file_is_touched(
    copy: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = restoring.make_backup
    came: list[Any] = []

    def make_and_let_in(*args: Any, **options: Any) -> Path:
        came.append(connection.copy())
        came[0].ensure_connection()
        return made(*args, **options)

    monkeypatch.setattr(restoring, "make_backup", make_and_let_in)
    monkeypatch.setattr(restoring, "bring_back_media", lambda *args, **options: pytest.fail("a file was touched"))
    with pytest.raises(CommandError, match="is in use"):
        run("restore", copy, "--replace")
    came[0].close()
    assert Redirect.objects.count() == 2


class Writer:
    """Somebody who opens the database while it is replaced, and waits as long as it takes to save a word."""

    def __init__(self) -> None:
        self.was_told_saved = False
        self.answer = ""
        self._thread = threading.Thread(target=self._write)
        self._has_begun = threading.Event()

    def begin(self) -> None:
        self._thread.start()
        assert self._has_begun.wait(20)
        # Until it stands in front of the lock, or has written.
        self._thread.join(1)

    def end(self) -> None:
        self._thread.join(60)
        assert not self._thread.is_alive()

    def _write(self) -> None:
        self._has_begun.set()
        try:
            with closing(connection.copy()) as other, other.cursor() as cursor:
                cursor.execute(WRITE)
                self.was_told_saved = True
        except DatabaseError as error:
            self.answer = str(error)


@pytest.mark.parametrize("moment", ["make_backup", "bring_back_media", "_bring_in_database"])
def test_no_word_is_acknowledged_that_is_in_neither(
    moment: str, copy: Path, run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where the second look is too early: the writer comes after it, or is not seen."""
    writer, deed = Writer(), getattr(restoring, moment)

    def let_in_and_go_on(*args: Any, **options: Any) -> Any:
        if moment == "make_backup":
            result = deed(*args, **options)
            writer.begin()
            return result
        writer.begin()
        return deed(*args, **options)

    monkeypatch.setattr(restoring, moment, let_in_and_go_on)
    seen = PostgresDatabase.refuse_others
    looks: list[object] = []

    def look_once(self: PostgresDatabase) -> None:
        if not looks:
            seen(self)
        looks.append(self)

    monkeypatch.setattr(PostgresDatabase, "refuse_others", look_once)
    run("restore", copy, "--replace")
    writer.end()
    names = set(Redirect.objects.values_list("old_path", flat=True))
    assert "/old/" in names
    assert "/later/" not in names
    assert ("/a-word/" in names) == writer.was_told_saved, writer.answer
    # The copy that was made before has what was there, and nothing could be written after it.
    before = next(path for path in held_backups(settings) if path != copy)
    monkeypatch.undo()
    run("restore", before, "--replace")
    assert set(Redirect.objects.values_list("old_path", flat=True)) == {"/old/", "/later/"}


def test_a_refused_restore_lets_everybody_write_again(copy: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise BackupRefused("Nothing was changed.")

    monkeypatch.setattr(type(making.database()), "replace", refuse)
    with pytest.raises(CommandError, match="Nothing was changed"):
        run("restore", copy, "--replace")
    began = time.monotonic()
    Redirect.objects.create(old_path="/again/", new_path="/")
    assert time.monotonic() - began < 5
    assert Redirect.objects.count() == 3
