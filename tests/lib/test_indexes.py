"""An index that is made beside others waits for them, and leaves the limits of the migration as they were."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection, models
from django.db.migrations.loader import MigrationLoader

from newsroom.lib.postgresql import indexes
from newsroom.lib.postgresql.indexes import AddIndexBeside
from newsroom.management.commands.migrate import limits, was_refused

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer and no such locks"),
    pytest.mark.django_db(transaction=True),
]

NAME = "redirect_tried"
IS_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('redirect_tried')"
WRITTEN = "LOCK TABLE pages_redirect IN ROW EXCLUSIVE MODE"  # what whoever writes a row holds


def asked(query: str) -> Any:
    """The first row; None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()


@contextmanager
def transaction(statement: str) -> Iterator[Any]:
    """Of somebody else, who has done this and does not come to an end."""
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute(statement)
        yield other
    finally:
        other.close()


class Migrating:
    """Makes the index and removes it, under the limit that `migrate` sets."""

    def __init__(self) -> None:
        self.before = MigrationLoader(connection).project_state()
        self.after = self.before.clone()
        self.operation = AddIndexBeside("redirect", models.Index(fields=["new_path"], name=NAME))
        self.operation.state_forwards("pages", self.after)

    def forwards(self) -> None:
        with connection.schema_editor(atomic=False) as editor:
            self.operation.database_forwards("pages", editor, self.before, self.after)

    def backwards(self) -> None:
        with connection.schema_editor(atomic=False) as editor:
            self.operation.database_backwards("pages", editor, self.after, self.before)


@pytest.fixture
def migrating() -> Iterator[Migrating]:
    with limits(connection, lock_timeout=0.3):
        yield Migrating()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX IF EXISTS {NAME}")


def change_refused() -> bool:
    """Whether a change of the table gives up for a lock, and not for the five seconds that a test has for it."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '5s'")
        try:
            cursor.execute("ALTER TABLE pages_redirect ADD COLUMN later integer")
        except OperationalError as error:
            return was_refused(error)
        finally:
            cursor.execute("SET statement_timeout = 0")
    return False


@pytest.mark.parametrize("deeds", [["forwards"], ["forwards", "backwards"]])
def test_what_comes_after_the_index_gives_way_to_readers_as_before(migrating: Migrating, deeds: list[str]) -> None:
    for deed in deeds:
        getattr(migrating, deed)()
    with transaction("SELECT count(*) FROM pages_redirect"):
        assert asked("SHOW lock_timeout") == ("300ms",)
        assert change_refused()


def test_index_waits_longer_than_a_change_and_not_for_ever(
    migrating: Migrating, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexes, "PATIENCE", 0.6)
    with transaction(WRITTEN) as writer:
        with pytest.raises(OperationalError) as caught:
            migrating.forwards()
        assert was_refused(caught.value)
        assert asked("SHOW lock_timeout") == ("300ms",)
        writer.rollback()
    assert asked(IS_VALID) == (False,)
    migrating.forwards()
    assert asked(IS_VALID) == (True,)


def test_index_outlasts_a_writer_who_would_refuse_a_change(migrating: Migrating) -> None:
    with transaction(WRITTEN) as writer:
        # Its transaction ends by itself, after more than the migration's limit and less than the patience of an index.
        with writer.cursor() as other:
            other.execute("SET idle_in_transaction_session_timeout = '1s'")
        migrating.forwards()
    assert asked(IS_VALID) == (True,)
