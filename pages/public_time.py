"""What time it is for readers: that of the clock, but never before the newest story that has come out.

A clock that goes back takes no story back with it. The newest moment is kept in a row (tasks.Schedule), moved on by the
first who sees it come (pages.clock, the tick), and read with the settings of the site (docs/decisions/0040).
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.db.models import QuerySet, Subquery
from django.utils import timezone

from newsroom.lib.database_clock import database_now
from newsroom.lib.generations import bump
from newsroom.lib.scopes import CLOCK
from tasks import scheduling

logger = logging.getLogger(__name__)

STEP = "stories come out"
# By how much a clock may have gone back: a wrong time zone is at most that far. A moment farther ahead was that of a
# clock that was wrong before, and would have everything scheduled until then come out.
LONGEST = timedelta(hours=14)
# By which two machines may differ without a word in the log.
USUAL = timedelta(seconds=30)

_newest: list[Callable[[datetime], QuerySet]] = []


class _Known:
    """What this process knows of the row."""

    reached: datetime | None = None


def watch(newest: Callable[[datetime], QuerySet]) -> None:
    """`newest(now)` is a queryset of one moment, the newest up to `now` at which something came out.

    Apps above this one call it in ready().
    """
    _newest.append(newest)


def public_now(now: datetime | None = None) -> datetime:
    """By which whatever readers see is judged, where the clock says `now`. Asks no query."""
    now = now or timezone.now()
    return now if _Known.reached is None else max(now, _Known.reached)


def is_behind(moment: datetime) -> bool:
    """Whether it is still to come for the clock, and past for readers: what is scheduled for it is out at once."""
    return timezone.now() < moment <= public_now()


def learn(reached: datetime | None) -> None:
    """What the row says; None where there is none. Whoever reads the settings of the site reads it with them."""
    _Known.reached = reached


def stored() -> Subquery:
    """The row as a column of another query."""
    return Subquery(scheduling.reached(STEP))


def keep_up() -> None:
    """Bring row and process up to date: two or three short queries, and one more where something new came out.

    By the clock of the database, so that a machine which is ahead moves nothing. Raises DatabaseError, InterfaceError.
    """
    reached, now = scheduling.reached(STEP).first(), database_now()
    newest = _newest_until(now)
    if reached is not None and reached > now + LONGEST:
        logger.error(
            "Stories came out until %s, and it is %s now: a clock was wrong, and counts no longer", reached, now
        )
        reached = _move(reached, newest)
    elif newest is not None and (reached is None or newest > reached):
        reached = _move(reached, newest)
    learn(reached)
    if reached is not None and reached > timezone.now() + USUAL:
        logger.warning("The clock of this machine is behind: stories came out until %s", reached)


def _newest_until(now: datetime) -> datetime | None:
    moments = [moment for newest in _newest for moment in newest(now)[:1]]
    return max(moments, default=None)


def _move(reached: datetime | None, to: datetime | None) -> datetime | None:
    """The first who does it tells other machines, where the clock may be behind. Readers do not wait for the row."""
    try:
        if scheduling.reach(STEP, to, before=reached) and reached is not None:  # the first row ever is no news
            bump(CLOCK)
    except DatabaseError:
        logger.warning("It could not be noted that stories came out until %s", to, exc_info=True)
    return to
