"""What other machines have changed. Each writes notices of its changes in the database, and looks for those of others.

Within a machine a change is known at once to all processes (newsroom.lib.generations). One process of each looks once a
second, or when Redis rings; and any process before it answers a proxy that fetches a page anew (newsroom.page_cache).
"""

import fcntl
import json
import logging
import os
import secrets
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections
from django.db.models import BigIntegerField, Func
from django.utils import timezone

from newsroom.lib import generations
from newsroom.lib.generations import ALL, bump_here
from pages.models import ChangeNotice

logger = logging.getLogger(__name__)

_bells = import_module("newsroom.lib.redis_bell" if settings.REDIS_URL else "newsroom.lib.change_bell")

KEPT = 600.0  # s that a notice is kept; who has not looked for so long takes everything for changed
MARGIN = 60.0  # s: the tick that takes old notices away may be late, but not early
FAULTS = (DatabaseError, InterfaceError, OSError)
TRIES = 2  # a connection that was closed by the other side is opened anew
MOST_SCOPES = 500  # of one notice; more of them are everything

# Together, so that the number and the rows are of the same moment. All transactions below that number are over, so
# what they wrote is among the rows; what lies above it is read again the next time, and known by its key.
_NEWER = """
    SELECT txid_snapshot_xmin(txid_current_snapshot()), notice.id, notice.origin, notice.is_recall, notice.scopes::text
    FROM (SELECT 1) AS one LEFT JOIN pages_changenotice AS notice ON notice.transaction >= %s ORDER BY notice.id
"""


class _Transaction(Func):
    function = "txid_current"
    output_field = BigIntegerField()


@dataclass
class Seen:
    """What a machine knows: all notices of transactions below `below`, and of the others those with these keys."""

    origin: int
    below: int = 0
    keys: list[int] = field(default_factory=list)
    looked_at: float = -1.0  # time.monotonic, which all processes of a machine share


class Neighbours:
    """The others, as seen from this machine; what it has seen lies in the file at `path`, for all its processes."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._lock = threading.Lock()
        with self._alone():
            self.origin = self._read().origin

    def tell(self, scopes: Iterable[str], *, is_recall: bool) -> None:
        """Raises DatabaseError or InterfaceError."""
        told = list(scopes)
        ChangeNotice.objects.using(DEFAULT_DB_ALIAS).create(
            origin=self.origin,
            transaction=_Transaction(),
            scopes=told if len(told) <= MOST_SCOPES else [ALL],
            is_recall=is_recall,
        )

    def catch_up(self) -> None:
        """Know what others have told until now. Raises DatabaseError or InterfaceError.

        Who waited while another process looked need not look again, if that began after he asked.
        """
        asked_at = time.monotonic()
        with self._alone():
            seen = self._read()
            if not asked_at <= seen.looked_at <= time.monotonic():
                self._write(self._look(seen))

    def _look(self, seen: Seen) -> Seen:
        now = time.monotonic()
        rows = _asked(seen.below)
        below: int = rows[0][0]
        notices = [row[1:] for row in rows if row[1] is not None]
        if not 0 <= now - seen.looked_at < KEPT - MARGIN or below < seen.below:
            # Away for too long, begun anew, or the database is an older one.
            bump_here([ALL], recall=seen.looked_at >= 0)
        else:
            _take([notice for notice in notices if notice[0] not in seen.keys and notice[1] != self.origin])
        return Seen(self.origin, below, [notice[0] for notice in notices], now)

    def _read(self) -> Seen:
        """A new number where there is no file yet, or only half of one."""
        try:
            return Seen(**json.loads(os.pread(self._file, 1_000_000, 0)))
        except (ValueError, TypeError):
            seen = Seen(secrets.randbits(62))
            self._write(seen)
            return seen

    def _write(self, seen: Seen) -> None:
        text = json.dumps(asdict(seen)).encode()
        os.pwrite(self._file, text, 0)
        os.ftruncate(self._file, len(text))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # The lock of the file holds off other processes, not threads of this one.
        with self._lock:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)


def _asked(below: int) -> list[tuple[Any, ...]]:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(_NEWER, [below])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _take(notices: list[tuple[Any, ...]]) -> None:
    """Rows of (key, origin, is_recall, scopes as JSON)."""
    for is_recall in (False, True):
        told = [json.loads(scopes) for _key, _origin, recall, scopes in notices if recall == is_recall]
        if told:
            bump_here({scope for scopes in told for scope in scopes}, recall=is_recall)


@cache
def neighbours() -> Neighbours:
    return Neighbours(Path(settings.DATA_DIR, "neighbours"))


def told(scopes: tuple[str, ...], *, is_recall: bool) -> None:
    """Called with each bump, after the transaction. What cannot be told is seen by others when their pages end."""
    for attempt in range(1, TRIES + 1):
        try:
            neighbours().tell(scopes, is_recall=is_recall)
        except FAULTS:
            if attempt == TRIES or connections[DEFAULT_DB_ALIAS].in_atomic_block:
                logger.exception("Other machines could not be told of a change")
                return
            connections[DEFAULT_DB_ALIAS].close()
        else:
            break
    _bells.ring()


def listen() -> None:
    """Once in a process, when all apps are loaded; nothing where this machine is alone (SQLite)."""
    if settings.TELLS_MACHINES and told not in generations.tellers:
        generations.tellers.append(told)


def catch_up() -> bool:
    """Whether this machine knows of all changes. Called before a proxy gets what it keeps in place of an old copy."""
    if settings.TELLS_MACHINES:
        try:
            neighbours().catch_up()
        except FAULTS:
            connections[DEFAULT_DB_ALIAS].close()
            return False
    return True


class Watch:
    """The thread that looks. Each process has one, and one process of a machine holds the lock by which it works."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def begin(self) -> None:
        """When a process first answers a reader: a thread would not outlive a fork."""
        if not settings.TELLS_MACHINES or (self._thread is not None and self._thread.is_alive()):
            return
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="watches neighbours", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        path = Path(settings.DATA_DIR, "neighbours.watch")
        with path.open("w") as file:
            # Until the process that watches now is gone; then what it has seen is continued.
            fcntl.flock(file, fcntl.LOCK_EX)
            bell, was_well = _bells.Bell(), True
            while True:
                is_well = catch_up()
                if was_well and not is_well:
                    logger.warning("Changes of other machines cannot be seen: the database does not answer")
                was_well = is_well
                bell.wait()


watch = Watch()


def prune() -> int:
    """Take away the notices that everybody has seen. Return how many."""
    old = timezone.now() - timedelta(seconds=KEPT)
    return ChangeNotice.objects.filter(at__lt=old).delete()[0]
