"""Days in the time zone of the site."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pages.current import forget_site
from pages.days import day_bounds, day_of, month_bounds
from tests.factories import make_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cairo() -> None:
    make_site(time_zone="Africa/Cairo")
    forget_site()


def test_day_begins_at_midnight_in_the_newsroom() -> None:
    start, end = day_bounds(date(2026, 1, 15))
    assert start == datetime(2026, 1, 14, 22, tzinfo=UTC)
    assert end - start == timedelta(days=1)
    assert day_of(start) == date(2026, 1, 15)
    assert day_of(start - timedelta(seconds=1)) == date(2026, 1, 14)


def test_day_on_which_clocks_change_is_whole() -> None:
    # Egypt moves its clocks forward at midnight of the last Friday of April.
    before, after = day_bounds(date(2026, 4, 23)), day_bounds(date(2026, 4, 24))
    assert before[1] == after[0]
    assert after[1].astimezone(UTC) - after[0].astimezone(UTC) == timedelta(hours=23)


def test_december_ends_with_the_year() -> None:
    start, end = month_bounds(2026, 12)
    assert (day_of(start), day_of(end)) == (date(2026, 12, 1), date(2027, 1, 1))
