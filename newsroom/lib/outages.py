"""Which errors say that something the site stands on is gone for a while, and not that the code is wrong."""

import errno
from collections.abc import Iterator
from enum import Enum

from django.db import InterfaceError, OperationalError


class Outage(Enum):
    # Nobody answers, or not in time: the database, the store of the pictures.
    UNREACHABLE = "unreachable"
    # No room on a disk.
    FULL = "full"


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
# What a disk or a network says when it fails; a missing file (ENOENT) is something else.
_BROKEN = frozenset({errno.EIO, errno.EROFS, errno.ESTALE})
# SQLite calls many things an OperationalError, also SQL that is wrong. These are its words for the others (sqlite3.h).
_SQLITE_WAITS = ("is locked", "unable to open database file", "disk i/o error", "readonly database")
_SQLITE_FULL = ("database or disk is full",)
# PostgreSQL's word for it (SQLSTATE 53100), which ends a statement and not the connection.
_POSTGRESQL_FULL = "53100"


def outage_of(error: BaseException | None) -> Outage | None:
    """None for every other error. Looks through what the error was raised from."""
    return next((found for each in _chain(error) if (found := _outage(each))), None)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _outage(error: BaseException) -> Outage | None:
    if isinstance(error, InterfaceError):
        return Outage.UNREACHABLE
    if isinstance(error, OperationalError):
        return _of_database(error)
    if isinstance(error, ConnectionError | TimeoutError):
        return Outage.UNREACHABLE
    if isinstance(error, OSError):
        return Outage.FULL if error.errno in _FULL else Outage.UNREACHABLE if error.errno in _BROKEN else None
    return None


def _of_database(error: OperationalError) -> Outage | None:
    """All of PostgreSQL's are about its state: no connection, no room, no lock in time, stopped on purpose."""
    cause = error.__cause__
    if not (type(cause).__module__ or "").startswith("psycopg"):
        said = str(error).lower()
        if any(word in said for word in _SQLITE_FULL):
            return Outage.FULL
        return Outage.UNREACHABLE if any(word in said for word in _SQLITE_WAITS) else None
    # psycopg2 and psycopg 3 name it differently.
    state = getattr(cause, "pgcode", None) or getattr(cause, "sqlstate", None)
    return Outage.FULL if state == _POSTGRESQL_FULL else Outage.UNREACHABLE
