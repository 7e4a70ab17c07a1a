"""What the newsroom makes: how much a day and a section, and how long a story takes from its first draft."""

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Count
from django.db.models.functions import TruncDate

from articles.archive import WEEKS
from articles.models import Article, Section
from articles.querysets import ArticleQuerySet
from pages.days import day_of, midnight, site_zone

CHOICES = (7, 30, 90)  # days
# Of longer lists the newest: what took how long is read story by story.
MOST_STORIES = 10_000
# Upper ends of the groups of durations; the last group has none.
BOUNDS = tuple(timedelta(hours=hours) for hours in (0.5, 1, 2, 4, 8, 24, 72, 168))
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Duration:
    """From the first draft to the readers, of the stories of a week that begins on `start`."""

    start: date
    count: int
    median: timedelta | None
    ninth: timedelta | None  # nine of ten took no longer


@dataclass(frozen=True)
class Production:
    """`per_day` and `before` are as long as each other, the oldest day first: so many days and as many before them."""

    first: date
    per_day: list[int]
    before: list[int]
    per_section: list[tuple[str, int, int]]  # name, now, before; the most first
    weeks: list[Duration]
    groups: list[int]  # one more than BOUNDS
    all_time: Duration
    is_cut: bool  # not every story is in the durations

    @property
    def total(self) -> int:
        return sum(self.per_day)

    @property
    def total_before(self) -> int:
        return sum(self.before)


def production(now: datetime, *, days: int, section: Section | None = None) -> Production:
    """Of the last `days` days, today with them. Three queries, two of them over those days alone."""
    today = day_of(now)
    first = today - (days - 1) * _DAY
    earliest = first - days * _DAY
    stories = Article.objects.published(now).order_by()
    if section:
        stories = stories.in_section(section)
    counts, sections = _counted(stories.published_between(midnight(earliest), midnight(today + _DAY)), first)
    times = _times(stories.published_between(midnight(first), midnight(today + _DAY)))
    taken = [done - made for done, made in times if done >= made]  # the others were dated back
    groups = Counter(bisect_right(BOUNDS, one - timedelta.resolution) for one in taken)
    return Production(
        first,
        [counts[first + number * _DAY] for number in range(days)],
        [counts[earliest + number * _DAY] for number in range(days)],
        sections,
        _by_week(times, first, today),
        [groups[number] for number in range(len(BOUNDS) + 1)],
        _duration(first, taken),
        is_cut=len(times) == MOST_STORIES,
    )


def _counted(stories: ArticleQuerySet, first: date) -> tuple[Counter[date], list[tuple[str, int, int]]]:
    """Stories by day, and by section since `first` and before it; counted by the database."""
    by_day = stories.annotate(day=TruncDate("published_at", tzinfo=site_zone()))
    rows = by_day.values_list("day", "section").annotate(count=Count("pk")).order_by()
    days: Counter[date] = Counter()
    of_sections: dict[bool, Counter[int]] = {True: Counter(), False: Counter()}
    for day, section, count in rows:
        days[day] += count
        of_sections[day >= first][section] += count
    now, before = of_sections[True], of_sections[False]
    names = dict(Section.objects.filter(pk__in={*now, *before}).order_by().values_list("pk", "name"))
    found = [(names[pk], now[pk], before[pk]) for pk in names]
    return days, sorted(found, key=lambda row: (-row[1], -row[2], row[0]))


def _times(stories: ArticleQuerySet) -> list[tuple[datetime, datetime]]:
    """(first public, first draft) of the newest stories."""
    rows = stories.newest_first().values_list("published_at", "created_at")[:MOST_STORIES]
    return [(done, made) for done, made in rows if done]


def _by_week(times: list[tuple[datetime, datetime]], first: date, today: date) -> list[Duration]:
    """Every week of the days, the oldest first, also where nothing appeared."""
    start = _week_of(first)
    weeks: dict[date, list[timedelta]] = {}
    while start <= today:
        weeks[start] = []
        start += 7 * _DAY
    for done, made in times:
        if done >= made:
            weeks[_week_of(day_of(done))].append(done - made)
    return [_duration(start, taken) for start, taken in weeks.items()]


def _duration(start: date, taken: list[timedelta]) -> Duration:
    if not taken:
        return Duration(start, 0, None, None)
    ordered = sorted(one.total_seconds() for one in taken)
    ninth = ordered[-(-9 * len(ordered) // 10) - 1]  # the nearest rank that is not below nine tenths
    return Duration(start, len(ordered), timedelta(seconds=median(ordered)), timedelta(seconds=ninth))


def _week_of(day: date) -> date:
    return day - ((day.weekday() - WEEKS.firstweekday) % 7) * _DAY
