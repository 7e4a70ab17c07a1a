"""Whether this process may be given requests: /readyz, for what shares them out.

One word, which tells a stranger nothing. Asked by anybody as often as he likes, so an answer is good for a second.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from newsroom.maintenance import notice

# Seconds: how long an answer is good for, and how long the database may take for one.
GOOD_FOR = 1.0
PATIENCE = 0.8

READY, CLOSED = "ok", "closed"
STOPPING, NO_DATABASE, NOT_MIGRATED = "stopping", "database", "migrations"


@dataclass
class _Known:
    word: str = ""
    until: float = 0.0
    # The code of a process does not change: what is applied once is applied for good.
    is_migrated: bool = False
    asking: threading.Thread | None = None
    # Set by the web server (gunicorn.conf.py) when it knows that this process ends.
    is_stopping: Callable[[], bool] = bool


known = _Known()
_lock = threading.Lock()


def readiness() -> str:
    """READY and CLOSED are good: a closed site answers every request by itself, with the page that says so."""
    if known.is_stopping():
        return STOPPING
    if notice().exists():
        return CLOSED
    with _lock:
        if time.monotonic() >= known.until:
            known.word = _ask_in_time()
            known.until = time.monotonic() + GOOD_FOR
        return known.word


def _ask_in_time() -> str:
    """In a thread, because a connection to a machine that is gone can hang for minutes; never two of them."""
    if known.asking is None or not known.asking.is_alive():
        told: list[str] = []
        known.asking = threading.Thread(target=lambda: told.append(_ask()), name="readiness", daemon=True)
        known.asking.start()
        known.asking.join(PATIENCE)
        if told:
            return told[0]
    return NO_DATABASE


def _ask() -> str:
    connection = connections[DEFAULT_DB_ALIAS]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        known.is_migrated = known.is_migrated or not _what_is_missing()
    except Exception:  # noqa: BLE001 - whatever keeps it from answering, it does not answer
        return NO_DATABASE
    finally:
        connection.close()  # the thread ends
    return READY if known.is_migrated else NOT_MIGRATED


@cache
def wanted() -> frozenset[tuple[str, str]]:
    """(app, name) of the migrations of this code. Reading them takes longer than an answer may: gunicorn.conf.py asks
    before it forks."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _what_is_missing() -> frozenset[tuple[str, str]]:
    """Of these, what the database has not got. It may have later ones: those only add."""
    applied = MigrationRecorder(connections[DEFAULT_DB_ALIAS]).applied_migrations()
    return wanted() - applied.keys()
