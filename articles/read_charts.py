"""How much was read, for those who write: the reads of one story, and those of all today."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, MostRead, ReadCount
from newsroom.lib.charts import BarChart, Column, bar_chart
from newsroom.lib.dates import format_clock, format_date, format_digits
from newsroom.lib.hours import hour_of
from newsroom.lib.numbers import format_number
from newsroom.lib.site_style import site_style
from pages.days import day_of, midnight, site_zone

HOURS, DAYS, TOP = 48, 30, 5
# Of so many are the first looked for: some may have been withdrawn since they were read.
LOOKED_AT = 10 * TOP
LEAST = 7  # columns
# Words below the columns: a telephone has room for no more.
MOST_TICKS = 6
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class ReadsChart:
    """A chart with its words."""

    name: str  # of the element
    title: str
    says: str
    drawing: BarChart
    columns: list[Column]

    @property
    def is_empty(self) -> bool:
        return not (self.drawing.bars or self.drawing.earlier)

    @property
    def rows(self) -> list[Column]:
        """For the table beside it: the newest first."""
        return self.columns[::-1]


@dataclass(frozen=True)
class StoryReads:
    total: int
    last_day: int
    place: int | None  # in the list of the most read
    hours: ReadsChart
    days: ReadsChart


@dataclass(frozen=True)
class DeskReads:
    """All stories: today against yesterday up to this hour, and the first of today with their reads."""

    today: int
    yesterday: int
    chart: ReadsChart
    top: list[tuple[Article, int]]


def reads_of(story: Article, now: datetime | None = None) -> StoryReads:
    """Three queries, however old the story is."""
    moment = now or timezone.now()
    since = min(midnight(day_of(moment) - (DAYS - 1) * _DAY), hour_of(moment) - HOURS * _HOUR)
    rows = dict(story.read_counts.filter(hour__gte=since, hour__lte=moment).values_list("hour", "count"))
    published = story.published_at or moment
    place = MostRead.objects.filter(article=story).values_list("rank", flat=True).first()
    return StoryReads(
        total=story.read_counts.aggregate(total=Sum("count", default=0))["total"],
        last_day=sum(count for hour, count in rows.items() if hour > moment - _DAY),
        place=place,
        hours=_by_the_hour(rows, published, moment),
        days=_by_the_day(rows, published, moment),
    )


def _by_the_hour(rows: dict[datetime, int], published: datetime, now: datetime) -> ReadsChart:
    """Not from before the publication, so that a new story fills its chart."""
    style, zone, last = site_style(), site_zone(), hour_of(now)
    number = _so_many((last - hour_of(published)) // _HOUR + 1, HOURS)
    apart = _apart(number, (1, 2, 3, 6, 12))
    columns = []
    for hour in (last - age * _HOUR for age in reversed(range(number))):
        clock = format_clock(hour, style)
        has_tick = hour.astimezone(zone).hour % apart == 0
        columns.append(Column(f"{format_date(hour, style, year=False)}، {clock}", rows.get(hour, 0), clock * has_tick))
    title = _("The last 48 hours") if number == HOURS else _("By the hour since publication")
    return _chart("hours", title, columns)


def _by_the_day(rows: dict[datetime, int], published: datetime, now: datetime) -> ReadsChart:
    style, today = site_style(), day_of(now)
    number = _so_many((today - day_of(published)).days + 1, DAYS)
    apart = _apart(number, (1, 2, 3, 5))
    sums: Counter[date] = Counter()
    for hour, count in rows.items():
        sums[day_of(hour)] += count
    columns = []
    for age in reversed(range(number)):
        day = today - age * _DAY
        tick = format_digits(f"{day.day}/{day.month}", style) if age % apart == 0 else ""
        columns.append(Column(format_date(day, style, weekday=True, year=False), sums[day], tick))
    title = _("The last 30 days") if number == DAYS else _("By the day since publication")
    return _chart("days", title, columns)


def _so_many(since_publication: int, most: int) -> int:
    """Columns: not so few that one of them is a wall."""
    return min(max(since_publication, LEAST), most)


def _apart(columns: int, steps: tuple[int, ...]) -> int:
    return next((step for step in steps if columns <= step * MOST_TICKS), steps[-1])


def reads_today(now: datetime | None = None) -> DeskReads:
    """Three queries over all stories. A day is the site's."""
    moment = now or timezone.now()
    zone, today = site_zone(), day_of(moment)
    rows = ReadCount.objects.filter(hour__gte=midnight(today - _DAY), hour__lte=moment).order_by()
    sums: Counter[tuple[date, int]] = Counter()
    for hour, count in rows.values("hour").annotate(total=Sum("count")).values_list("hour", "total"):
        sums[day_of(hour), hour.astimezone(zone).hour] += count
    this_hour = moment.astimezone(zone).hour
    chart = _today_and_yesterday(sums, today, this_hour)
    return DeskReads(
        today=sum(sums[today, hour] for hour in range(24)),
        yesterday=sum(sums[today - _DAY, hour] for hour in range(this_hour + 1)),
        chart=chart,
        top=_top_of(today),
    )


def _today_and_yesterday(sums: Counter[tuple[date, int]], today: date, this_hour: int) -> ReadsChart:
    digits = partial(format_digits, style=site_style())
    columns = []
    for hour in range(24):
        name = digits(f"{hour:02}:00")
        value = sums[today, hour] if hour <= this_hour else None
        columns.append(Column(name, value, name if hour % _apart(24, (3, 6)) == 0 else "", sums[today - _DAY, hour]))
    return _chart("today", _("Reads by the hour"), columns)


def _top_of(day: date) -> list[tuple[Article, int]]:
    rows = ReadCount.objects.filter(hour__gte=midnight(day)).order_by()
    sums = rows.values("article").annotate(reads=Sum("count")).order_by("-reads", "-article")[:LOOKED_AT]
    found = [(row["article"], row["reads"]) for row in sums]
    # Asked with the sums, every story of the archive would be looked up for today's reads.
    articles = Article.objects.published().defer("body").in_bulk([pk for pk, _reads in found])
    return [(articles[pk], reads) for pk, reads in found if pk in articles][:TOP]


def _chart(name: str, title: str, columns: list[Column]) -> ReadsChart:
    print_number = partial(format_number, style=site_style())
    highest = max(columns, key=lambda column: column.value or 0)
    says = _("%(title)s. Reads in all: %(total)s. Most: %(most)s (%(name)s).") % {
        "title": title,
        "total": print_number(sum(column.value or 0 for column in columns)),
        "most": print_number(highest.value or 0),
        "name": highest.label,
    }
    return ReadsChart(name, title, says, bar_chart(columns, print_number=print_number), columns)
