"""What was published when: years, months and days in the time zone of the site."""

from calendar import SATURDAY, Calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Count
from django.db.models.functions import TruncDate, TruncMonth

from articles.models import Article
from pages.days import day_of, month_bounds, site_zone

# The week begins on Saturday (CLDR, ar-SY).
_WEEKS = Calendar(SATURDAY)


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
    """Every month with published articles, newest year first, months in their order."""
    rows = (
        Article.objects.published()
        .annotate(month=TruncMonth("published_at", tzinfo=site_zone()))
        .values("month")
        .annotate(count=Count("pk"))
        .order_by("month")
    )
    months = [Period(row["month"].date(), row["count"]) for row in rows]
    by_year = [Year(number, list(group)) for number, group in groupby(months, lambda month: month.start.year)]
    return by_year[::-1]


def weeks(year: int, month: int) -> list[list[Period | None]]:
    """The calendar of a month: weeks of seven days, None for days of its neighbours."""
    start, end = month_bounds(year, month)
    rows = (
        Article.objects.published()
        .published_between(start, end)
        .annotate(day=TruncDate("published_at", tzinfo=site_zone()))
        .values("day")
        .annotate(count=Count("pk"))
        .order_by("day")
    )
    counts = {row["day"]: row["count"] for row in rows}
    return [
        [Period(day, counts.get(day, 0)) if day.month == month else None for day in week]
        for week in _WEEKS.monthdatescalendar(year, month)
    ]


def by_day(articles: Iterable[Article]) -> list[tuple[date, list[Article]]]:
    """Published articles, newest first, under the day on which each appeared."""
    days = groupby(articles, lambda article: day_of(article.published_at) if article.published_at else date.min)
    return [(day, list(group)) for day, group in days]


def weekdays() -> Iterator[int]:
    """The days of a week in their order, Monday is 0."""
    return _WEEKS.iterweekdays()


def day_before(start: datetime) -> date | None:
    """The last day before `start` on which something was published."""
    earlier = Article.objects.published().filter(published_at__lt=start).newest_first()
    moment = earlier.values_list("published_at", flat=True).first()
    return day_of(moment) if moment else None


def day_after(end: datetime) -> date | None:
    """The first day from `end` on which something was published."""
    later = Article.objects.published().filter(published_at__gte=end).newest_first().reverse()
    moment = later.values_list("published_at", flat=True).first()
    return day_of(moment) if moment else None
