"""What the lists of the site are made from, kept true to the articles: the numbers of the archive, the times by which
tags, authors and sources find their stories.

`DayCount` is a ledger. Whoever changes what readers see adds lines to it and waits for nobody; a line counts from its
moment on, so that a scheduled story is in the archive when its time comes and nothing has to run at that minute. The
sum of the lines is what a count of the published rows would say. The tick makes one line of many (`fold`), and once a
day somebody counts the rows after all (`recount`).
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    F,
    Max,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Cast, Coalesce, Substr, TruncDate

from articles.enums import Status
from articles.models import Article, Attribution, Byline, DayCount, Section, TaggedArticle
from newsroom.lib.generations import bump
from newsroom.lib.scopes import stories_of
from pages.days import day_of, site_zone
from pages.public_time import public_now

AT_ONCE = 1000
_CARRIERS: tuple[tuple[type[Model], str], ...] = (
    (TaggedArticle, "content_object"),
    (Byline, "article"),
    (Attribution, "article"),
)


@dataclass(frozen=True)
class Standing:
    """Where a story stands in the lists: the day that counts it, from which moment on, and when it last changed."""

    day: date
    since: datetime
    changed_at: datetime
    is_own: bool


@dataclass(frozen=True)
class Month:
    """`own_count` of the stories have their address here; `changed_at` is when one of them last changed."""

    year: int
    month: int
    count: int
    own_count: int
    changed_at: datetime


def standing_of(article: Article) -> Standing | None:
    """None for what no reader will see without another deed."""
    if article.status != Status.APPROVED or article.is_working_copy:
        return None
    if article.publish_at is None or article.published_at is None:
        return None
    changed_at = article.updated_at or article.published_at
    return Standing(day_of(article.published_at), article.publish_at, changed_at, not article.canonical_url)


@contextmanager
def followed(article: Article) -> Iterator[None]:
    """Around a deed on a locked row, in its transaction: the lists know afterwards what the deed has made of it."""
    before, published_at, section = standing_of(article), article.published_at, article.section_id
    yield
    if section and section != article.section_id:
        # Where it stands now the article says by itself.
        transaction.on_commit(partial(bump, stories_of(Section, section)))
    if article.published_at != published_at:
        for model, to in _CARRIERS:
            model._default_manager.filter(**{to: article}).update(published_at=article.published_at)
    _enter(before, standing_of(article))


def enter(article: Article) -> None:
    """After an article was made in a state that readers see, or will see without another deed."""
    _enter(None, standing_of(article))


def readdress(article: Article, *, before: str) -> None:
    """After a form gave an article another canonical address than `before`: a scheduled one is counted already."""
    former = copy(article)
    former.canonical_url = before
    _enter(standing_of(former), standing_of(article))


def _enter(before: Standing | None, after: Standing | None) -> None:
    if before == after:
        return
    now = public_now()
    lines: dict[tuple[date, datetime], list[int]] = defaultdict(lambda: [0, 0])
    for standing, number in ((before, -1), (after, 1)):
        if standing is None:
            continue
        # What waits for its time is taken back at that time, what readers saw is taken from them now.
        moment = now if number < 0 and standing.since <= now else max(standing.since, standing.changed_at)
        line = lines[standing.day, moment]
        line[0] += number
        line[1] += number * standing.is_own
    DayCount.objects.bulk_create(
        DayCount(day=day, at=at, count=count, own_count=own) for (day, at), (count, own) in lines.items()
    )


def day_counts(start: date, end: date, *, of: str = "count") -> dict[date, int]:
    """How many stories each day has from `start` on and before `end`, or how many of our own; one query."""
    rows = _lines().filter(day__gte=start, day__lt=end).values("day").annotate(total=Sum(of))
    return dict(rows.filter(total__gt=0).order_by().values_list("day", "total"))


def month_counts() -> list[Month]:
    """Every month with stories, the oldest first; one query, over as many rows as the archive has days.

    A day's first letters are its month in both databases; to ask for year and month would call Python for each row of
    SQLite.
    """
    month = Substr(Cast("day", CharField()), 1, 7)
    rows = _lines().values(name=month).annotate(total=Sum("count"), own=Sum("own_count"), changed_at=Max("at"))
    found = rows.filter(total__gt=0).order_by("name").values_list("name", "total", "own", "changed_at")
    return [Month(int(name[:4]), int(name[5:]), total, own, at) for name, total, own, at in found]


def _lines() -> QuerySet[DayCount]:
    return DayCount.objects.filter(at__lte=public_now())


def fold() -> int:
    """Make one line of all that count for a day; returns how many days that were."""
    crowded = _lines().values("day").annotate(lines=Count("pk")).filter(lines__gt=1)
    return sum(map(_fold_day, list(crowded.order_by("day").values_list("day", flat=True))))


@transaction.atomic
def _fold_day(day: date) -> bool:
    lines = list(_lines().filter(day=day).select_for_update().order_by("pk"))
    if len(lines) < 2:
        return False  # another clock did it
    DayCount.objects.filter(pk__in=[line.pk for line in lines]).delete()
    count, own_count = sum(line.count for line in lines), sum(line.own_count for line in lines)
    DayCount.objects.create(day=day, count=count, own_count=own_count, at=max(line.at for line in lines))
    return True


def recount() -> int:
    """Count the rows, and enter what the lists lack: after another time zone, and what came past every deed.

    Returns how much was wrong. Reads every published story: no work for each minute.
    """
    return recount_days(site_zone()) + sum(_carry_all(model, to) for model, to in _CARRIERS)


def recount_days(zone: ZoneInfo) -> int:
    """The same of the days alone.

    Rows and ledger in one statement, so that no deed comes between: of each day, what the rows have more.
    """
    now = public_now()
    told = ("counted_on", "since", "total", "own", "changed_at")
    both = _counted(zone, now).values_list(*told).union(_entered(now).values_list(*told), all=True)
    missing: dict[tuple[date, datetime | None], list[int]] = defaultdict(lambda: [0, 0])
    changed: dict[tuple[date, datetime | None], datetime] = {}
    for day, since, total, own, changed_at in both:
        missing[day, since][0] += total
        missing[day, since][1] += own
        if total > 0:
            changed[day, since] = changed_at
    wrong = [
        DayCount(day=day, at=since or changed.get((day, since), now), count=count, own_count=own)
        for (day, since), (count, own) in missing.items()
        if count or own
    ]
    DayCount.objects.bulk_create(wrong, batch_size=AT_ONCE)
    return len(wrong)


def _counted(zone: ZoneInfo, now: datetime) -> QuerySet[Any, Any]:
    timed = Article.objects.stories().filter(status=Status.APPROVED, publish_at__isnull=False).order_by()
    days = timed.values(counted_on=TruncDate("published_at", tzinfo=zone), since=_if_later("publish_at", now))
    return days.annotate(
        total=Count("pk"),
        own=Count("pk", filter=Q(canonical_url="")),
        changed_at=Max(Coalesce("updated_at", "published_at")),
    )


def _entered(now: datetime) -> QuerySet[Any, Any]:
    """What stands in the ledger, as numbers to be taken away."""
    days = DayCount.objects.order_by().values(counted_on=F("day"), since=_if_later("at", now))
    return days.annotate(total=-Sum("count"), own=-Sum("own_count"), changed_at=Max("at"))


def _if_later(name: str, now: datetime) -> Case:
    return Case(When(**{f"{name}__gt": now}, then=F(name)), default=None, output_field=DateTimeField())


def _carry_all(model: type[Model], to: str) -> int:
    """Give rows the time of their article where they have another."""
    told = f"{to}__published_at"
    without = Q(published_at__isnull=True, **{f"{told}__isnull": False})
    alone = Q(published_at__isnull=False, **{f"{told}__isnull": True})
    other = Q(published_at__lt=F(told)) | Q(published_at__gt=F(told))
    keys = list(model._default_manager.filter(without | alone | other).order_by().values_list("pk", flat=True))
    articles = Article.objects.filter(pk=OuterRef(f"{to}_id")).values("published_at")
    for first in range(0, len(keys), AT_ONCE):
        some = model._default_manager.filter(pk__in=keys[first : first + AT_ONCE])
        some.update(published_at=Subquery(articles))
    return len(keys)
