from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from newsletter.digest_times import last_due, moment_of
from newsletter.models import MailingList

BEIRUT = ZoneInfo("Asia/Beirut")  # forward at midnight of 29 March 2026, back at midnight of 25 October 2026
BERLIN = ZoneInfo("Europe/Berlin")  # forward at 2:00 of 29 March 2026, back at 3:00 of 25 October 2026
APIA = ZoneInfo("Pacific/Apia")  # had no 30 December 2011


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "at", "moment"),
    [
        (BERLIN, date(2026, 3, 28), time(7), utc(2026, 3, 28, 6)),
        (BERLIN, date(2026, 3, 29), time(7), utc(2026, 3, 29, 5)),
        # What is not on the clock is taken when the clock jumps, not an hour after it.
        (BERLIN, date(2026, 3, 29), time(2, 30), utc(2026, 3, 29, 1)),
        (BEIRUT, date(2026, 3, 29), time(0, 30), utc(2026, 3, 28, 22)),
        # What is there twice counts the first time.
        (BERLIN, date(2026, 10, 25), time(2, 30), utc(2026, 10, 25, 0, 30)),
        (BEIRUT, date(2026, 10, 24), time(23, 30), utc(2026, 10, 24, 20, 30)),
        (APIA, date(2011, 12, 30), time(7), utc(2011, 12, 30, 10)),
    ],
)
def test_moment_of_a_local_time(zone: ZoneInfo, day: date, at: time, moment: datetime) -> None:
    assert moment_of(day, at, zone=zone) == moment


def daily(at: time) -> MailingList:
    return MailingList(digest_every="day", digest_at=at)


def test_the_last_time_is_not_after_now() -> None:
    for now, day in ((utc(2026, 11, 20, 3, 59), 19), (utc(2026, 11, 20, 4), 20), (utc(2026, 11, 20, 23), 20)):
        due = last_due(daily(time(7)), now, zone=ZoneInfo("Asia/Damascus"))
        assert due.day == date(2026, 11, day)
        assert due.moment == utc(2026, 11, day, 4)


def test_a_weekly_digest_is_due_on_its_day() -> None:
    weekly = MailingList(digest_every="week", digest_weekday=4, digest_at=time(7))
    for now, day in ((utc(2026, 11, 20, 3), 13), (utc(2026, 11, 20, 4), 20), (utc(2026, 11, 26, 23), 20)):
        assert last_due(weekly, now, zone=ZoneInfo("Asia/Damascus")).day == date(2026, 11, day)


@pytest.mark.parametrize("zone", [BERLIN, BEIRUT, UTC])
@pytest.mark.parametrize("at", [time(0), time(0, 30), time(2, 30), time(7), time(23, 59)])
@pytest.mark.parametrize("start", [utc(2026, 3, 27), utc(2026, 10, 23)])
def test_each_local_day_has_one_time_and_times_follow_each_other(zone: ZoneInfo, at: time, start: datetime) -> None:
    """Five days, every ten minutes: the last time never goes back, and each day comes up once."""
    moments = [start.timestamp() + 600 * step for step in range(5 * 144)]
    found = [last_due(daily(at), datetime.fromtimestamp(moment, UTC), zone=zone) for moment in moments]
    assert [due.moment for due in found] == sorted(due.moment for due in found)
    days = sorted({due.day for due in found})
    assert [(later - earlier).days for earlier, later in zip(days, days[1:], strict=False)] == [1] * (len(days) - 1)
