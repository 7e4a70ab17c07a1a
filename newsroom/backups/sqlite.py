import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connections
from django.utils import timezone

from newsroom.backups.databases import Counted, count_rows, read_some
from newsroom.backups.refusals import BackupRefused, NotABackup, NoWholeDatabase
from newsroom.lib.durable import fsync_folder

# Seconds that others may hold the database while it is replaced.
PATIENCE = 2
# What belongs to a database: its file, its log with the index of that, or a journal.
SUFFIXES = ("", "-wal", "-shm", "-journal")
# Kinds of errors: others have it; it is no database any more.
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
# The bytes of the file that SQLite locks (its os.h: PENDING_BYTE, RESERVED_BYTE and SHARED_SIZE after them): whoever
# has a database with a write-ahead log open has a lock there.
FIRST_LOCKED, LOCKED_SIZE = 0x40000000, 512


class SqliteDatabase:
    engine, name, file_name = "sqlite", "SQLite", "database.sqlite3"

    def __init__(self) -> None:
        self.path = Path(connections["default"].settings_dict["NAME"])

    def server(self) -> str:
        return sqlite3.sqlite_version

    def size(self) -> int:
        return sum(file.stat().st_size for file in self._parts() if file.exists())

    def _parts(self) -> list[Path]:
        return [self.path.with_name(self.path.name + suffix) for suffix in SUFFIXES]

    def dump(self, target: Path) -> Counted:
        """By the backup API: a copied file would lack what is still in the write-ahead log, and say it is whole.

        All pages in one step. In several, each write of another process would make it begin anew, for ever.
        """
        if not self.path.exists():
            raise NoWholeDatabase(f"There is no database at {self.path}.")
        unfinished = target.with_name(f"{target.name}.unfinished")
        unfinished.touch(mode=0o600, exist_ok=False)
        try:
            with closing(_opened(self.path)) as source, closing(_opened(unfinished)) as copy:
                # A damaged header is told apart here: `backup` gives no code with its error.
                _count_tables(source)
                source.backup(copy, pages=-1)
                # One file, with no log beside it.
                copy.execute("PRAGMA journal_mode = DELETE")
                counted = _checked(copy, self.path)
        except NotABackup as damage:
            raise NoWholeDatabase(str(damage)) from damage
        except sqlite3.Error as error:
            refusal = NoWholeDatabase if _is_damage(error) else BackupRefused
            raise refusal(f"SQLite could not copy {self.path}: {error}.") from error
        _settle(unfinished, target)
        return counted

    def is_empty(self) -> bool:
        if not self.path.exists() or not self.path.stat().st_size:
            return True
        try:
            with closing(_opened(self.path)) as database:
                return not _count_tables(database)
        except sqlite3.Error as error:
            if _is_damage(error):
                return False
            raise BackupRefused(f"SQLite could not read {self.path}: {error}.") from error

    @contextmanager
    def restored_beside(self, source: Path) -> Iterator[Counted]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_name(f"{self.path.name}.{os.getpid()}.verify")
        try:
            yield self._copied(source, beside)
        finally:
            _remove(beside)

    def _copied(self, source: Path, target: Path, mark: str = "") -> Counted:
        """Raises NotABackup when it is no whole database."""
        _remove(target)
        try:
            with closing(_opened(source, mode="ro")) as copy, closing(_opened(target, mode="rwc")) as database:
                copy.backup(database, pages=-1)
                counted = _checked(database, source)
                if mark:
                    database.execute(mark)
                    database.commit()
        except sqlite3.Error as error:
            if "full" in str(error):
                raise BackupRefused(f"The disk of {target.parent} is full; nothing was changed.") from error
            raise NotABackup(f"{source} is no whole SQLite database: {error}.") from error
        return counted

    @contextmanager
    def held(self) -> Iterator[None]:
        """By the lock of a writer, which lets `dump` read.

        Others who open the file meanwhile wait in vain, and when it is another SQLite refuses to write to the one that
        was moved (SQLITE_READONLY_DBMOVED). It does that without a write-ahead log only: nobody can begin one now. A
        damaged file cannot be locked; it is moved aside with all that is in it.
        """
        if not self._has_left_log():
            yield
            return
        with closing(_opened(self.path, timeout=PATIENCE)) as holder:
            holder.isolation_level = None
            try:
                holder.execute("BEGIN IMMEDIATE")
                mode = holder.execute("PRAGMA journal_mode").fetchone()[0]
            except sqlite3.Error as error:
                raise BackupRefused(_in_use(self.path)) from error
            if mode != "delete":  # somebody came between the two
                raise BackupRefused(_in_use(self.path))
            yield

    def replace(self, source: Path, *, mark: str, keeps_old: bool = False) -> Path | None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_name(f"{self.path.name}.restoring")
        try:
            self._copied(source, beside, mark)
            beside.chmod(0o600)
            self.refuse_others()
            has_log = any(part.exists() for part in self._parts()[1:])
            aside = self._moved_aside() if keeps_old or has_log else None
            _settle(beside, self.path)
        finally:
            _remove(beside)
        return aside

    def _moved_aside(self) -> Path | None:
        """With its log, which would be read as part of the new file; somebody may still save something of both."""
        aside = self.path.with_name(f"{self.path.name}.damaged-{timezone.now():%Y%m%dT%H%M%SZ}")
        parts = [(part, suffix) for part, suffix in zip(self._parts(), SUFFIXES, strict=True) if part.exists()]
        for part, suffix in parts:
            part.rename(aside.with_name(aside.name + suffix))
        return aside if parts else None

    def refuse_others(self) -> None:
        self._has_left_log()

    def _has_left_log(self) -> bool:
        """Leaving the write-ahead log is granted to the only one who has the database open.

        Otherwise another's log would be read as part of the new file, which destroys it. False where there is no
        database, or a damaged one. Raises BackupRefused.
        """
        connections["default"].close()
        if not self.path.exists():
            return False
        try:
            with closing(_opened(self.path, timeout=PATIENCE)) as database:
                mode = database.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        except sqlite3.Error as error:
            if _kind(error) in BUSY or (_is_damage(error) and _is_locked(self.path)):
                raise BackupRefused(_in_use(self.path)) from error
            if not _is_damage(error):
                raise BackupRefused(f"SQLite could not open {self.path}: {error}.") from error
            return False
        if mode != "delete":
            raise BackupRefused(_in_use(self.path))
        return True


def _kind(error: sqlite3.Error) -> int:
    """The low byte of SQLite's extended code; 0 for what Python itself complains of, and for an error of `backup`."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def _is_damage(error: sqlite3.Error) -> bool:
    return _kind(error) in DAMAGE


def _is_locked(path: Path) -> bool:
    """By another process, asked of the kernel: SQLite does not come as far as to look in a damaged file."""
    with path.open("rb+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, LOCKED_SIZE, FIRST_LOCKED)
        except BlockingIOError:
            return True
    return False


def _in_use(path: Path) -> str:
    return f"{path} is in use: stop the web server, the workers and the clock first."


def _opened(path: Path, *, mode: str = "rw", timeout: float = 20) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=timeout)


def _count_tables(database: sqlite3.Connection) -> int:
    return int(database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def _checked(database: sqlite3.Connection, source: Path) -> Counted:
    """Raises NotABackup for a damaged file or a reference to nothing."""
    said = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if said != "ok":
        # The lines before the last say in which database, of which there is one.
        raise NotABackup(f"{source} is damaged: {said.splitlines()[-1].rstrip('.')}.")
    if broken := database.execute("PRAGMA foreign_key_check").fetchone():
        raise NotABackup(f"{source}: a row of {broken[0]} refers to one of {broken[2]} that is not there.")
    listed = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "AND sql NOT LIKE 'CREATE VIRTUAL%'"
    )
    tables = {name: '"' + name.replace('"', '""') + '"' for (name,) in listed.fetchall()}
    cursor = database.cursor()
    read_some(cursor, tables)
    return count_rows(cursor, tables, "django_migrations")


def _settle(unfinished: Path, target: Path) -> None:
    """In place, and on the disk, or not there."""
    with unfinished.open("rb+") as file:
        os.fsync(file.fileno())
    unfinished.rename(target)
    fsync_folder(target.parent)


def _remove(path: Path) -> None:
    for suffix in SUFFIXES:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
