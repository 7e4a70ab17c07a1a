"""What the clock alone changes: at its moments pages are out of date although nobody has done anything."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections
from django.db.models import QuerySet

from newsroom.lib.generations import bump, bump_everything, generations, slot_of
from newsroom.lib.scopes import CLOCK
from pages.current import forget_site
from pages.days import midnight, today
from pages.neighbours import watch
from pages.public_time import keep_up, public_now

# s: how soon to look again when the database did not answer, and how long nothing but a bump of CLOCK has it looked.
SOON, AT_MOST = 1, 600
_CLOCK = [slot_of(CLOCK)]


@dataclass(frozen=True)
class Turn:
    """Something that begins or ends by itself."""

    # A queryset of one moment: the next after `now`.
    upcoming: Callable[[datetime], QuerySet]
    # The scopes of what began or ended after the first moment and not after the second.
    scopes: Callable[[datetime, datetime], Iterable[str]]


class Clock:
    """Knows the next moment. One in each process: looking at it costs a comparison, until that moment is there."""

    def __init__(self) -> None:
        self._turns: list[Turn] = []
        self._lock = threading.Lock()
        self._next_at = 0.0  # seconds since 1970
        self._look_by = 0.0  # time.monotonic: whatever becomes of the clock of the machine
        self._seen = 0
        self._since: datetime | None = None

    def watch(self, turn: Turn) -> None:
        """Apps above this one call it in ready()."""
        self._turns.append(turn)

    def look(self) -> None:
        """Bump what the clock has changed since the last look. Asked before every answer, also from what is kept."""
        if self._is_early() and generations().newest(_CLOCK) == self._seen:
            return
        if self._lock.acquire(blocking=False):
            watch.begin()
            forget_site()  # no request is there yet that would: this thread may have the one of an hour ago
            try:
                self._turn()
            except (DatabaseError, InterfaceError):
                self._wait(SOON)  # readers get what is kept
                _hang_up()
            finally:
                forget_site()
                self._lock.release()

    def _is_early(self) -> bool:
        return time.time() < self._next_at and time.monotonic() < self._look_by

    def _wait(self, seconds: float) -> None:
        """By two clocks: that of the machine may be turned back meanwhile."""
        self._next_at, self._look_by = time.time() + seconds, time.monotonic() + seconds

    def _turn(self) -> None:
        seen = generations().newest(_CLOCK)
        keep_up()
        now = public_now()
        if self._since is not None:
            self._bump(self._since, now)
        moments = [midnight(today() + timedelta(days=1))]
        for turn in self._turns:
            moments += filter(None, turn.upcoming(now)[:1])
        self._wait(AT_MOST)
        self._next_at = min(self._next_at, *(moment.timestamp() for moment in moments))
        self._seen, self._since = seen, now

    def _bump(self, since: datetime, now: datetime) -> None:
        if since < midnight(today()) <= now:
            bump_everything(is_local=True)  # the date stands on every page
        scopes = [scope for turn in self._turns for scope in turn.scopes(since, now)]
        if scopes:
            bump(*scopes, is_local=True)


def _hang_up() -> None:
    """Let go of a dead connection: no request has begun here, at whose end that would be done."""
    connection = connections[DEFAULT_DB_ALIAS]
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


clock = Clock()
