"""Reading from copies of the database (REPLICA_URLS): who may, and which copy is near enough to the original.

Whoever says nothing reads the primary: tasks, commands, the desk. A visitor's request says that it may read a replica
(newsroom.replica_reading), and gets one that has shown within the last seconds that it is at most LAG behind.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections

from newsroom.lib.generations import generations

logger = logging.getLogger(__name__)

LAG = 5.0  # s: a replica that is further behind is not read
EVERY = 1.0  # s between two looks at a replica
# s: what was seen of a replica counts no longer. Its server may hang, and the look with it.
SEEN_FOR = 3.0
# s: after a change, what is kept is read from the primary for so long. LAG, as it was SEEN_FOR ago, and a little.
SETTLED = LAG + SEEN_FOR + 2
MOMENT = 1.0  # s that a copy is given to come to where the primary was when somebody asked
REST = 60.0  # s without a reader, after which nobody looks any more

_alias: ContextVar[str] = ContextVar("alias", default=DEFAULT_DB_ALIAS)


class Router:
    """Rows of one database are related to each other, whichever copy they were read from."""

    def db_for_read(self, model: type, **_hints: Any) -> str:
        return read_alias()

    def db_for_write(self, model: type, **_hints: Any) -> str:
        """Also for select_for_update."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, first: object, second: object, **_hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


def read_alias() -> str:
    """The database that this request reads: inside a transaction the primary, which alone knows what is in it."""
    alias = _alias.get()
    return DEFAULT_DB_ALIAS if alias != DEFAULT_DB_ALIAS and connections[DEFAULT_DB_ALIAS].in_atomic_block else alias


@contextmanager
def reading(alias: str) -> Iterator[None]:
    token = _alias.set(alias)
    try:
        yield
    finally:
        _alias.reset(token)


@contextmanager
def reading_to_keep() -> Iterator[None]:
    """For what is made to be kept: from a replica only when it has certainly seen every change that we know of.

    What was read from one that lags, and kept after the bump, would be out of date for as long as it is kept.
    """
    if _alias.get() == DEFAULT_DB_ALIAS or is_settled():
        yield
    else:
        with reading(DEFAULT_DB_ALIAS):
            yield


def is_settled() -> bool:
    return generations().is_settled(SETTLED)


class Replica:
    """One copy, looked at by a thread of its own, so that one that hangs holds up nobody."""

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self.lag: float | None = None  # s, at most, when it was last looked at; None: it did not answer
        self.usable_until = 0.0  # time.monotonic
        self._wanted_at = 0.0
        self._failed_at = 0.0
        self._positions: deque[tuple[float, int]] = deque(maxlen=60)  # of the primary, and when it was there
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def is_usable(self) -> bool:
        """Costs two comparisons; the first who asks has the looking begin, and goes to the primary."""
        self._wanted_at = time.monotonic()
        if self._thread is None or not self._thread.is_alive():
            self._begin()
        return self._wanted_at < self.usable_until

    def drop(self) -> None:
        """It has failed: nobody reads it until it was looked at again, by a look that began after that."""
        self._failed_at = time.monotonic()
        self.usable_until = 0.0

    def look(self) -> None:
        began = time.monotonic()
        lag = self._measured(began)
        if (lag is None) != (self.lag is None):
            logger.warning("The replica %s %s", self.alias, "does not answer" if lag is None else "answers")
        self.lag = lag
        is_near = lag is not None and lag <= LAG and began > self._failed_at
        self.usable_until = began + SEEN_FOR if is_near else 0.0

    def _begin(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._watch, name=f"watches {self.alias}", daemon=True)
                self._thread.start()

    def _watch(self) -> None:
        try:
            while time.monotonic() - self._wanted_at < REST:
                self.look()
                time.sleep(EVERY)
        finally:
            connections.close_all()

    def _measured(self, now: float) -> float | None:
        """Not by the time of the last transaction alone: that of a primary where nothing happens is long ago."""
        primary = _asked(DEFAULT_DB_ALIAS, _OF_PRIMARY)
        replica = _asked(self.alias, _OF_REPLICA)
        if replica is None or not replica[0] or replica[1] is None:
            return None  # gone, or made the primary of something else
        if primary is None:
            return 0.0  # nothing is written while it is gone
        self._positions.append((now, int(primary[0])))
        reached = [at for at, position in self._positions if position <= int(replica[1])]
        by_positions = now - max(reached) if reached else float("inf")
        by_clock = max(0.0, float(primary[1]) - float(replica[2])) if replica[2] is not None else float("inf")
        return min(by_positions, by_clock)


# Both times are of the primary's clock.
_OF_PRIMARY = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0'), extract(epoch FROM clock_timestamp())"
_OF_REPLICA = (
    "SELECT pg_is_in_recovery(), pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0'), "
    "extract(epoch FROM pg_last_xact_replay_timestamp())"
)


def _asked(alias: str, sql: str) -> tuple[Any, ...] | None:
    connection = connections[alias]
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            row: tuple[Any, ...] = cursor.fetchone()
            return row
    except Error:
        connection.close()
        return None


def lag_of(alias: str) -> float | None:
    """Seconds that a copy is behind, at most, for whoever asks once; None: it does not answer, or is none.

    inf: it is behind, and nobody knows how far. Takes up to MOMENT where it is behind.
    """
    replica, until = Replica(alias), time.monotonic() + MOMENT
    while True:
        now = time.monotonic()
        lag = replica._measured(now)
        if lag is None or lag <= LAG or now >= until:
            return lag
        time.sleep(MOMENT / 10)  # what was written a moment ago is on its way


class Replicas:
    """All copies, in turn."""

    def __init__(self, aliases: list[str]) -> None:
        self.each = {alias: Replica(alias) for alias in aliases}
        self._turns = count()

    def pick(self) -> str:
        """The alias of one that may be read; the primary's where there is none."""
        usable = [alias for alias, replica in self.each.items() if replica.is_usable()]
        return usable[next(self._turns) % len(usable)] if usable else DEFAULT_DB_ALIAS


replicas = Replicas([alias for alias in settings.DATABASES if alias != DEFAULT_DB_ALIAS])
