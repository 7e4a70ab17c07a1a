import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.client import DatabaseClient

from newsroom.backups.databases import Counted, count_rows, read_some
from newsroom.backups.held import Held, held
from newsroom.backups.programs import Program, last_words, run, started
from newsroom.backups.refusals import BackupRefused, NotABackup
from newsroom.lib.connections import end_connections

TABLES = """
    SELECT schemaname, tablename FROM pg_catalog.pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND schemaname NOT LIKE 'pg\\_t%'
"""
# The name of the new database and its encoding; collation as the old one has it, or texts would sort otherwise.
LIKE_OURS = """
    SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = current_database()
"""
# What a client is, whoever's: of other roles the statistics may say no more than who and since when. Background
# processes have no role.
OTHERS = """
    SELECT coalesce(nullif(application_name, ''), usename::text), coalesce(host(client_addr), 'this machine'),
           backend_start
    FROM pg_catalog.pg_stat_activity
    WHERE datname = current_database() AND pid NOT IN (pg_backend_pid(), %s)
      AND (backend_type = 'client backend' OR (backend_type IS NULL AND usesysid IS NOT NULL))
    ORDER BY backend_start
"""
MOST_TOLD = 3
# Seconds: who has just gone is still listed for a moment.
PATIENCE = 3
LIMITS = "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c timezone=UTC"
EMPTIED = """
    SET LOCAL lock_timeout = '5s';
    DROP SCHEMA IF EXISTS public CASCADE;
    CREATE SCHEMA public;
    GRANT USAGE ON SCHEMA public TO PUBLIC;
"""


class PostgresDatabase:
    engine, name, file_name = "postgresql", "PostgreSQL", "database.dump"
    _holder: Held | None = None

    def server(self) -> str:
        with self._session() as cursor:
            cursor.execute("SHOW server_version")
            return str(cursor.fetchone()[0])

    def size(self) -> int:
        """A dump is compressed and has no indexes, so this is plenty."""
        with self._session() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])

    def dump(self, target: Path) -> Counted:
        """By pg_dump, in the snapshot in which the rows are counted: both see the same moment."""
        unfinished = target.with_name(f"{target.name}.unfinished")
        with self._session() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            counted = self._counted(cursor)
            unfinished.touch(mode=0o600, exist_ok=False)
            program = self._program("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={unfinished}")
            run(program, BackupRefused)
            cursor.execute("COMMIT")
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        unfinished.rename(target)
        return counted

    def is_empty(self) -> bool:
        with self._session() as cursor:
            cursor.execute(TABLES)
            return not cursor.fetchall()

    @contextmanager
    def restored_beside(self, source: Path) -> Iterator[Counted]:
        name = f"newsroom_verify_{secrets.token_hex(6)}"
        self._create(name)
        try:
            options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
            run(self._program("pg_restore", *options, str(source), database=name), NotABackup)
            with self._session(name) as cursor:
                read_some(cursor, _tables(cursor))
                counted = self._counted(cursor)
            yield counted
        finally:
            with self._session() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _create(self, name: str) -> None:
        try:
            with self._session() as cursor:
                cursor.execute(LIKE_OURS)
                encoding, collate, ctype = cursor.fetchone()
                cursor.execute(
                    f'CREATE DATABASE "{name}" TEMPLATE template0 ENCODING %s LC_COLLATE %s LC_CTYPE %s',
                    [encoding, collate, ctype],
                )
        except Error as error:
            raise BackupRefused(
                f"No database could be made beside this one to try the backup in ({str(error).strip()}): "
                "the role needs CREATEDB."
            ) from error

    def refuse_others(self) -> None:
        """Whoever is connected can write: a pooled connection that rests is that of a page which somebody saves."""
        end_connections()
        until = time.monotonic() + PATIENCE
        with self._session() as cursor:
            while others := self._others(cursor):
                if time.monotonic() > until:
                    break
                time.sleep(0.1)
        if others:
            more = f" and {len(others) - MOST_TOLD} more" if len(others) > MOST_TOLD else ""
            raise BackupRefused(
                f"Nothing was changed, the database is in use: {'; '.join(others[:MOST_TOLD])}{more}. "
                "Stop the web servers, the workers, the clock and PgBouncer on all machines first."
            )

    def _others(self, cursor: Any) -> list[str]:
        cursor.execute(OTHERS, [self._holder.pid if self._holder else 0])
        return [_told(*row) for row in cursor.fetchall()]

    @contextmanager
    def held(self) -> Iterator[None]:
        """By the very transaction that replaces it: nobody who connects meanwhile can write before it is over."""
        self.refuse_others()
        self._refuse_locked()
        with self._session() as cursor:
            ours = [table for label, table in _tables(cursor).items() if "." not in label]
        with held(self._program("psql", *Held.OPTIONS), ours) as self._holder:
            try:
                yield
            finally:
                self._holder = None

    def _refuse_locked(self) -> None:
        """By what `replace` begins with, taken back: it gets no lock while a transaction holds one of the tables.

        Of one that was prepared and left (PREPARE TRANSACTION) nobody is connected.
        """
        try:
            with self._session() as cursor:
                cursor.execute(f"BEGIN;{EMPTIED}ROLLBACK")
        except Error as error:
            raise BackupRefused(f"Nothing was changed, the database refused: {str(error).splitlines()[0]}.") from error

    def replace(self, source: Path, *, mark: str, keeps_old: bool = False) -> None:
        """One transaction for all of it: until its last word everybody sees what was there before.

        `keeps_old` is never asked for: what lies in a cluster cannot be told damaged from here.
        """
        if self._holder is None:
            raise RuntimeError("a database is replaced while it is held")
        script = self._program("pg_restore", "--no-owner", "--no-privileges", "--file=-", str(source), database=None)
        last = f"{mark.replace(' newsletter_', ' public.newsletter_')};\n" if mark else ""
        with tempfile.TemporaryFile() as complaints:
            with started(script, stdout=subprocess.PIPE, stderr=complaints) as reading:
                self._holder.become(reading, first=EMPTIED, last=last)
            if words := last_words(complaints):
                raise NotABackup(f"Nothing was changed, {source} could not be read: {words}")
        self._holder.refuse_failure()
        with self._session() as cursor:
            # A fresh database knows nothing of what is in it, and would plan badly.
            cursor.execute("ANALYZE")

    def _program(self, name: str, *options: str, database: str | None = "") -> Program:
        """Raises BackupRefused when it is not installed. `database` None: it does not connect."""
        path = shutil.which(name)
        if not path:
            raise BackupRefused(f"{name} is not installed: install the client programs of PostgreSQL.")
        if database is None:
            return Program([path, *options], dict(os.environ))
        settings = connections["default"].settings_dict
        arguments, secret = DatabaseClient.settings_to_cmd_args_env({**settings, "NAME": "-"}, [])
        target = f"--dbname={database or settings['NAME']}"
        environment = os.environ | (secret or {}) | {"PGOPTIONS": LIMITS}
        # Without the name of the program and that of the database.
        return Program([path, *arguments[1:-1], "--no-password", target, *options], environment)

    @contextmanager
    def _session(self, database: str = "") -> Iterator[Any]:
        """A connection of its own, on which nothing breaks off what lasts."""
        connection: BaseDatabaseWrapper = connections["default"].copy()
        # A pool belongs to the alias, whatever NAME says: it would lend a connection to the database in use.
        connection.settings_dict["OPTIONS"].pop("pool", None)
        if database:
            connection.settings_dict["NAME"] = database
        with closing(connection), connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SET idle_in_transaction_session_timeout = 0")
            yield cursor

    def _counted(self, cursor: Any) -> Counted:
        return count_rows(cursor, _tables(cursor), "public.django_migrations")


def _tables(cursor: Any) -> dict[str, str]:
    cursor.execute(TABLES)
    quote = connections["default"].ops.quote_name
    return {
        table if schema == "public" else f"{schema}.{table}": f"{quote(schema)}.{quote(table)}"
        for schema, table in cursor.fetchall()
    }


def _told(name: str, address: str, since: datetime | None) -> str:
    """`since` is None where this role may not know it."""
    return f"{name} ({address}{f', since {since.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC' if since else ''})"
