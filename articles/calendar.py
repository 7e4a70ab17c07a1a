"""The plan of the desk by days: what is meant for a day, what is due, what has its hour, what appeared.

A day is the site's, also where clocks change (pages.days); a week begins as that of the archive does. Whoever may not
see every text sees his own and what readers see, as everywhere (work.lying_on).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, TruncDate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from articles.archive import WEEKS
from articles.enums import Status
from articles.models import Article, Section
from articles.permissions import may_publish
from articles.planning import may_plan
from articles.querysets import ArticleQuerySet
from articles.validators import FIRST_YEAR, LAST_YEAR
from articles.work import UNFINISHED
from pages.days import day_of, midnight, site_zone

FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
# A section is expected on a weekday on which it published in so many of the last weeks.
USUAL_WEEKS, USUAL_AT_LEAST = 8, 6
_DAY = timedelta(days=1)


class Kind(models.TextChoices):
    """Why a text stands on a day; in the order in which a full day shows them."""

    PLANNED = "planned", pgettext_lazy("calendar", "planned")
    SCHEDULED = "scheduled", pgettext_lazy("calendar", "scheduled")
    DEADLINE = "deadline", pgettext_lazy("calendar", "deadline")
    PUBLISHED = "published", pgettext_lazy("calendar", "published")


class Gap(models.TextChoices):
    """What a day to come lacks."""

    NOTHING = "nothing", _("nothing planned")
    UNUSUAL = "unusual", _("gap: this section usually publishes on this weekday")


# What a day shows of a text, and what the rights to move it depend on.
_READ = (
    "headline", "section__name", "status", "publish_at", "working_copy_of", "created_at", "saved_at", "created_by",
    "assigned_to__username", "assigned_to__first_name", "assigned_to__last_name",
)  # fmt: skip
_ORDER = {kind: place for place, kind in enumerate(Kind)}
_KEEPS_A_DAY = {Kind.PLANNED, Kind.SCHEDULED, Kind.PUBLISHED}


@dataclass(frozen=True)
class Wanted:
    """What the calendar is narrowed to."""

    section: Section | None = None
    person: User | None = None
    kind: Kind | None = None


@dataclass(frozen=True)
class Place:
    """Where a text stands, before the text itself is read. `at` is None for what has a day and no hour."""

    kind: Kind
    pk: int
    day: date
    at: datetime | None


@dataclass(frozen=True)
class Item:
    kind: Kind
    article: Article
    day: date
    at: datetime | None
    is_overdue: bool  # its hour passed, and it did not appear
    can_plan: bool  # its day may be chosen in the calendar
    can_schedule: bool  # its hour may be chosen on the page that publishes


@dataclass
class Day:
    date: date
    items: list[Item] = field(default_factory=list)
    count: int = 0
    gap: Gap | None = None

    @property
    def more(self) -> int:
        """How many stand there besides those that are shown."""
        return self.count - len(self.items)


def month_days(year: int, month: int) -> list[date]:
    """The days of whole weeks around a month; fewer at the ends of time (FIRST_DAY, LAST_DAY)."""
    days = [day for week in WEEKS.monthdatescalendar(year, month) for day in week]
    return [day for day in days if FIRST_DAY <= day <= LAST_DAY] if month in {1, 12} else days


def week_days(day: date) -> list[date]:
    """The seven days of the week that `day` is in."""
    start = day - ((day.weekday() - WEEKS.firstweekday) % 7) * _DAY
    return [start + number * _DAY for number in range(7)]


def load(
    user: User, days: Sequence[date], *, now: datetime, most: int, skip: int = 0, wanted: Wanted | None = None
) -> list[Day]:
    """The days with at most `most` items each, past the first `skip`: two queries, with a section three."""
    wanted = wanted or Wanted()
    by_day: dict[date, list[Place]] = defaultdict(list)
    for place in places(user, days[0], days[-1] + _DAY, now=now, wanted=wanted):
        by_day[place.day].append(place)
    shown = {day: _first(by_day[day], skip, most) for day in days}
    items = read_items(user, [place for chosen in shown.values() for place in chosen], now=now)
    found = [Day(day, [items[place] for place in shown[day] if place in items], len(by_day[day])) for day in days]
    _mark_gaps(found, by_day, user, wanted, today=day_of(now))
    return found


def places(user: User, start: date, end: date, *, now: datetime, wanted: Wanted) -> list[Place]:
    """Everything from the day `start` until before `end`: one query, of keys and times alone."""
    if not user.has_perm("articles.view_article"):
        return []
    parts = _parts(start, end, now)
    chosen = [
        _tuples(_narrowed(rows, kind, user, wanted), kind, day)
        for kind, rows, day in parts
        if wanted.kind in {None, kind}
    ]
    first, *others = chosen
    rows: Iterable[tuple[str, int, date | None, datetime]] = first.union(*others, all=True) if others else first
    return [Place(Kind(kind), pk, day or day_of(at), at) for kind, pk, day, at in rows]


def read_items(user: User, chosen: Sequence[Place], *, now: datetime) -> dict[Place, Item]:
    """The texts of the places that were chosen; one that is gone meanwhile is left out."""
    rows = Article.objects.select_related("section", "assigned_to").only(*_READ)
    articles = rows.in_bulk({place.pk for place in chosen})
    return {place: _item(user, place, articles[place.pk], now) for place in chosen if place.pk in articles}


def usual_weekdays(section: Section, today: date) -> set[int]:
    """On which days of the week (Monday is 0) the section publishes; one query of at most USUAL_WEEKS weeks."""
    start, end = midnight(today - USUAL_WEEKS * 7 * _DAY), midnight(today)
    rows = Article.objects.published().in_section(section).published_between(start, end).order_by()
    days = rows.annotate(day=TruncDate("published_at", tzinfo=site_zone())).values_list("day", flat=True).distinct()
    counts: dict[int, int] = defaultdict(int)
    for day in days:
        counts[day.weekday()] += 1
    return {weekday for weekday, count in counts.items() if count >= USUAL_AT_LEAST}


def _parts(start: date, end: date, now: datetime) -> list[tuple[Kind, ArticleQuerySet, str]]:
    """Each kind with its rows and the field that puts them on a day.

    Written without `working_copy_of IS NULL`, for which SQLite would leave the index of the part and walk through
    every story. A draft with a typed time has that in mind and nothing more; its planned day goes before it.
    """
    rows, since, until = Article.objects.all(), midnight(start), midnight(end)
    approved = rows.filter(status=Status.APPROVED)
    unfinished = rows.filter(status__in=UNFINISHED)
    untimed = Q(status__in=UNFINISHED) | Q(status=Status.APPROVED, publish_at__isnull=True)
    # The condition of an index, word for word: article_date_passed.
    typed = unfinished.filter(publish_at__gte=since, publish_at__lt=until, publish_at__gt=F("created_at"))
    copies = approved.working_copies().filter(publish_at__gte=since, publish_at__lt=min(until, now))
    return [
        (Kind.PLANNED, rows.filter(untimed, planned_for__gte=start, planned_for__lt=end), "planned_for"),
        (Kind.PLANNED, typed.filter(planned_for__isnull=True), "publish_at"),
        (Kind.DEADLINE, unfinished.filter(deadline__gte=since, deadline__lt=until), "deadline"),
        (
            Kind.SCHEDULED,
            approved.filter(publish_at__gt=now, publish_at__gte=since, publish_at__lt=until),
            "publish_at",
        ),
        # Changes that did not appear.
        (Kind.SCHEDULED, copies, "publish_at"),
        (Kind.PUBLISHED, rows.published(now).published_between(since, until), "published_at"),
    ]


def _narrowed(rows: ArticleQuerySet, kind: Kind, user: User, wanted: Wanted) -> ArticleQuerySet:
    if kind != Kind.PUBLISHED and not user.has_perm("articles.change_any_article"):
        own = _in_hands_of(user)
        rows = rows.filter(own | Q(working_copy_of__in=Article.objects.filter(own).values("pk")))
    if wanted.section:
        rows = rows.filter(section=wanted.section)
    return rows.filter(_in_hands_of(wanted.person)) if wanted.person else rows


def _in_hands_of(user: User) -> Q:
    return Q(created_by=user) | Q(assigned_to=user)


def _tuples(rows: ArticleQuerySet, kind: Kind, when: str) -> Any:
    """(kind, key, day, moment) of each row; PostgreSQL wants to know the type of what is empty."""
    has_day = when == "planned_for"
    no_day, no_moment = Cast(Value(None), models.DateField()), Cast(Value(None), models.DateTimeField())
    return (
        rows.order_by()
        .annotate(
            kind=Value(kind.value, output_field=models.CharField()),
            day_of_it=F(when) if has_day else no_day,
            moment_of_it=no_moment if has_day else F(when),
        )
        .values_list("kind", "pk", "day_of_it", "moment_of_it")
    )


def _first(of_a_day: list[Place], skip: int, most: int) -> list[Place]:
    """What is planned goes before what is done; shown by the clock, what has no hour first."""
    by_kind = sorted(of_a_day, key=lambda place: (_ORDER[place.kind], _clock(place), place.pk))
    return sorted(by_kind[skip : skip + most], key=lambda place: (_clock(place), _ORDER[place.kind], place.pk))


def _clock(place: Place) -> float:
    return place.at.timestamp() if place.at else 0


def _item(user: User, place: Place, article: Article, now: datetime) -> Item:
    is_plan, is_schedule = place.kind == Kind.PLANNED, place.kind == Kind.SCHEDULED
    has_passed = place.at is not None and place.at <= now
    return Item(
        place.kind,
        article,
        place.day,
        place.at,
        is_overdue=has_passed and place.kind in {Kind.SCHEDULED, Kind.DEADLINE, Kind.PLANNED},
        can_plan=is_plan and place.at is None and may_plan(user, article),
        can_schedule=is_schedule and may_publish(user),
    )


def _mark_gaps(days: list[Day], by_day: dict[date, list[Place]], user: User, wanted: Wanted, *, today: date) -> None:
    """Only for those who see everything: to others a day of their colleagues would look empty."""
    if wanted.kind or wanted.person or not user.has_perm("articles.change_any_article"):
        return
    empty = [day for day in days if day.date >= today and not _is_kept(by_day[day.date])]
    usual = usual_weekdays(wanted.section, today) if empty and wanted.section else set()
    for day in empty:
        day.gap = Gap.UNUSUAL if day.date.weekday() in usual else Gap.NOTHING


def _is_kept(of_a_day: list[Place]) -> bool:
    return any(place.kind in _KEEPS_A_DAY for place in of_a_day)
