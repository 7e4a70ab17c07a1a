"""When a digest is due, on the clock of the site: also on the days when that clock is put forward or back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from newsletter.enums import DigestEvery
from newsletter.models import MailingList

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Due:
    """A time of a digest: the local day that names it, and the moment."""

    day: date
    moment: datetime


def last_due(mailing_list: MailingList, now: datetime, *, zone: tzinfo) -> Due:
    """The latest time of the list's digest that is not after `now`. The list must have a digest."""
    # From tomorrow, which has begun where a clock jumps over midnight.
    day = now.astimezone(zone).date() + _DAY
    while not _is_its_day(mailing_list, day) or moment_of(day, mailing_list.digest_at, zone=zone) > now:
        day -= _DAY
    return Due(day, moment_of(day, mailing_list.digest_at, zone=zone))


def moment_of(day: date, at: time, *, zone: tzinfo) -> datetime:
    """The moment when a clock there shows that time on that day.

    The first of two; where the clock is put forward over it, the moment when it is (PEP 495).
    """
    local = datetime.combine(day, at, tzinfo=zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    # In the gap: with fold=1 it counts by the offset behind the change, which is a moment before it.
    moment = local.replace(fold=1).astimezone(UTC).replace(second=0, microsecond=0)
    before = moment.astimezone(zone).utcoffset()
    while moment.astimezone(zone).utcoffset() == before:
        moment += _MINUTE
    return moment


def _is_its_day(mailing_list: MailingList, day: date) -> bool:
    return mailing_list.digest_every == DigestEvery.DAY or day.weekday() == mailing_list.digest_weekday
