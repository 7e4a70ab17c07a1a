import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from django.db import Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.client import DatabaseClient

from newsroom.backups.databases import Counted, count_rows, read_some
from newsroom.backups.manifest import BLOCK
from newsroom.backups.refusals import BackupRefused, NotABackup

TABLES = """
    SELECT schemaname, tablename FROM pg_catalog.pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND schemaname NOT LIKE 'pg\\_t%'
"""
# The name of the new database and its encoding; collation as the old one has it, or texts would sort otherwise.
LIKE_OURS = """
    SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = current_database()
"""
EMPTIED = """
    SET LOCAL lock_timeout = '5s';
    DROP SCHEMA IF EXISTS public CASCADE;
    CREATE SCHEMA public;
    GRANT USAGE ON SCHEMA public TO PUBLIC;
"""


class Program(NamedTuple):
    """A program of PostgreSQL, how it finds the database, and its password where no list of processes shows it."""

    command: list[str]
    environment: dict[str, str]


class PostgresDatabase:
    engine, name, file_name = "postgresql", "PostgreSQL", "database.dump"

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
            _run(program, BackupRefused)
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
            _run(self._program("pg_restore", *options, str(source), database=name), NotABackup)
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
        """By what `replace` begins with, taken back: it gets no lock while a transaction holds one of the tables."""
        connections["default"].close()
        try:
            with self._session() as cursor:
                cursor.execute(f"BEGIN;{EMPTIED}ROLLBACK")
        except Error as error:
            raise BackupRefused(f"Nothing was changed, the database refused: {str(error).splitlines()[0]}.") from error

    def replace(self, source: Path, *, mark: str, keeps_old: bool = False) -> None:
        """One transaction for all of it: until its last word everybody sees what was there before.

        `keeps_old` is never asked for: what lies in a cluster cannot be told damaged from here.
        """
        connections["default"].close()
        script = self._program("pg_restore", "--no-owner", "--no-privileges", "--file=-", str(source), database=None)
        into = self._program("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")
        with tempfile.TemporaryFile() as complaints, tempfile.TemporaryFile() as refusals:
            with (
                _started(script, stdout=subprocess.PIPE, stderr=complaints) as reading,
                _started(into, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=refusals) as writing,
            ):
                _pass_on(reading, writing, f"{mark.replace(' newsletter_', ' public.newsletter_')};\n" if mark else "")
            if words := _last_words(complaints):
                raise NotABackup(f"Nothing was changed, {source} could not be read: {words}")
            if writing.returncode:
                raise BackupRefused(f"Nothing was changed, the database refused: {_last_words(refusals)}")
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
        environment = os.environ | (secret or {}) | {"PGOPTIONS": "-c statement_timeout=0 -c timezone=UTC"}
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


def _pass_on(reading: "subprocess.Popen[bytes]", writing: "subprocess.Popen[bytes]", mark: str) -> None:
    """The script, and the commit only when it came to its end: psql alone would take half of one for all of it."""
    source, sink = cast(IO[bytes], reading.stdout), cast(IO[bytes], writing.stdin)
    try:
        sink.write(f"BEGIN;{EMPTIED}".encode())
        while block := source.read(BLOCK):
            sink.write(block)
        if reading.wait() == 0:
            sink.write(f"{mark}COMMIT;\n".encode())
        else:
            writing.kill()
        sink.close()
    except BrokenPipeError:
        reading.kill()


@contextmanager
def _started(program: Program, **streams: Any) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(program.command, env=program.environment, **streams)  # noqa: S603
    try:
        yield process
        process.wait()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue


def _run(program: Program, refusal: type[BackupRefused]) -> None:
    """Raises `refusal` with what the program complained of."""
    with tempfile.TemporaryFile() as complaints:
        status = subprocess.run(  # noqa: S603
            program.command,
            env=program.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            check=False,
        ).returncode
        if status:
            raise refusal(f"{Path(program.command[0]).name} ended with {status}: {_last_words(complaints)}")


def _last_words(file: Any) -> str:
    """The first complaint: what comes after it follows from it."""
    file.seek(0)
    lines = file.read().decode(errors="replace").strip().splitlines()
    return lines[0].strip() if lines else ""
