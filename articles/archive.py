"""What was published when: years, months and days in the time zone of the site."""

from calendar import SATURDAY, Calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import DateTimeField, QuerySet

from articles.listing import day_counts, month_counts
from articles.models import Article
from articles.page_rows import published_now
from articles.pagination import ListPage
from articles.querysets import ArticleQuerySet
from newsroom.lib.keeping import depends_on, kept
from newsroom.lib.prepared import Blank, Prepared
from newsroom.lib.scopes import STORIES
from pages.days import day_of
from pages.public_time import public_now

# The week begins on Saturday (CLDR, ar-SY).
WEEKS = Calendar(SATURDAY)


@dataclass(frozen=True)
class Period:
    """A day or month and how many articles it has; a month is named by its first day."""

    start: date
    count: int


@dataclass(frozen=True)
class Year:
    number: int
    months: list[Period]


def years() -> list[Year]:
    """Every month with published articles, newest year first, months in their order.

    One query, none while no story changes.
    """
    return list(kept(years, _years))


def _years() -> list[Year]:
    depends_on(STORIES)
    months = [Period(date(each.year, each.month, 1), each.count) for each in month_counts()]
    by_year = [Year(number, list(group)) for number, group in groupby(months, lambda month: month.start.year)]
    return by_year[::-1]


def weeks(year: int, month: int) -> list[list[Period | None]]:
    """The calendar of a month: weeks of seven days, None for days of its neighbours. One query, as in `years`."""
    counts = _counts(date(year, month, 1), date(year + month // 12, month % 12 + 1, 1))
    return [
        [Period(day, counts.get(day, 0)) if day.month == month else None for day in week]
        for week in WEEKS.monthdatescalendar(year, month)
    ]


def _counts(start: date, end: date) -> dict[date, int]:
    def load() -> dict[date, int]:
        depends_on(STORIES)
        return day_counts(start, end)

    return dict(kept((_counts, start, end), load))


def count_on(day: date, page: ListPage) -> int | None:
    """How many stories a day has, for the newest page of its list; behind that nobody asks."""
    if not page.is_first:
        return None
    return len(page) if page.older is None else _counts(day, day + timedelta(days=1)).get(day)


def by_day(articles: Iterable[Article]) -> list[tuple[date, list[Article]]]:
    """Published articles, newest first, under the day on which each appeared."""
    days = groupby(articles, lambda article: day_of(article.published_at) if article.published_at else date.min)
    return [(day, list(group)) for day, group in days]


def weekdays() -> Iterator[int]:
    """The days of a week in their order, Monday is 0."""
    return WEEKS.iterweekdays()


def day_before(start: datetime) -> date | None:
    """The last day before `start` on which something was published."""
    return _day_of(_before(now=public_now(), moment=start))


def day_after(end: datetime) -> date | None:
    """The first day from `end` on which something was published."""
    return _day_of(_after(now=public_now(), moment=end))


def _day_of(found: list[tuple[datetime]]) -> date | None:
    return day_of(found[0][0]) if found else None


def _moments(articles: ArticleQuerySet) -> QuerySet[Article, Any]:
    return articles.values_list("published_at")[:1]


_MOMENT: Any = Blank("moment", DateTimeField())
_before = Prepared(lambda: _moments(published_now().filter(published_at__lt=_MOMENT).newest_first()))
_after = Prepared(lambda: _moments(published_now().filter(published_at__gte=_MOMENT).newest_first().reverse()))
