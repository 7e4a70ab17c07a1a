"""What search engines are to know of: every public address, in files that stay as they are while the site grows.

Stories are parted by the month of the site in which they appeared (articles.listing counts them), tags, authors and
sources by their number. No file has more than PER_FILE addresses, an old one changes only when something in it does,
and none is found by counting through the whole table.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, IntegerField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from articles.listing import Month, day_counts, month_counts
from articles.models import Article, Author, Section, Source, Tag
from articles.querysets import ArticleQuerySet
from pages.days import midnight, month_bounds
from pages.models import Page

PER_FILE = 10_000
# A tag or a source with fewer stories tells a search engine too little to be worth a place.
FEWEST_STORIES = 3
# What Google wants of a news sitemap.
NEWS_HOURS, NEWS_MOST = 48, 1000
# px; search engines want a picture at least this wide.
PICTURE_WIDTH = 1200

_MONTH = re.compile(
    r"articles-(?P<year>[12][0-9]{3})-(?P<month>0[1-9]|1[0-2])(?:-(?P<part>[2-9]|[1-9][0-9]{1,3}))?", re.ASCII
)
_ROWS = re.compile(r"(?P<kind>tags|authors|sources)-(?P<part>[1-9][0-9]{0,9})", re.ASCII)
# Lists of the site that are no rows.
_LISTS = ("home", "archive", "most_read", "corrections")


@dataclass(frozen=True)
class File:
    """A sitemap of the index."""

    name: str
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Entry:
    """An address of ours, and the pictures on its page."""

    path: str
    changed_at: datetime | None = None
    pictures: tuple[str, ...] = ()


def files() -> list[File]:
    """Every sitemap that has something in it, except that of the news."""
    rows = [File(f"{kind}-{part}") for kind, queryset in _LISTED.items() for part in _parts(queryset())]
    months = [File(name, month.changed_at) for month in _months() for name in _names(month)]
    sections = [File("sections")] if Section.objects.exists() else []
    return [File("pages"), *sections, *rows, *months]


def entries(name: str) -> Iterator[Entry] | None:
    """What a sitemap holds; None where there is none of this name."""
    if month := _MONTH.fullmatch(name):
        return _stories(int(month["year"]), int(month["month"]), int(month["part"] or 1))
    if rows := _ROWS.fullmatch(name):
        last = int(rows["part"]) * PER_FILE
        found = _LISTED[rows["kind"]]().filter(pk__gt=last - PER_FILE, pk__lte=last)
        return _addresses(found)
    match name:
        case "pages":
            return _pages()
        case "sections":
            return _addresses(Section.objects.all())
    return None


def news() -> ArticleQuerySet:
    """The stories of the last two days, the newest first."""
    since = timezone.now() - timedelta(hours=NEWS_HOURS)
    return _own().filter(published_at__gte=since).newest_first().defer("body")[:NEWS_MOST]


def _own() -> ArticleQuerySet:
    """Public stories whose address is ours: of one that first appeared elsewhere the other site tells."""
    return Article.objects.published().filter(canonical_url="")


def _months() -> list[Month]:
    """Those with stories of our own, the newest first."""
    return [month for month in reversed(month_counts()) if month.own_count > 0]


def _names(month: Month) -> list[str]:
    """Of the files of a month: the first has no number, so that its name stays when a second one begins."""
    parts = -(-month.own_count // PER_FILE)
    name = f"articles-{month.year}-{month.month:02}"
    return [name + (f"-{part}" if part > 1 else "") for part in range(1, parts + 1)]


def _stories(year: int, month: int, part: int) -> Iterator[Entry]:
    """The stories of a month in the order in which they appeared, so that only its last file grows."""
    start, end = month_bounds(year, month)
    first = (part - 1) * PER_FILE
    if part > 1:
        start, first = _day_of_place(start, end, first)
    rows = _own().published_between(start, end).order_by("published_at", "pk").select_related("lead_image")
    told = rows.only(
        "slug", "published_at", "updated_at", "lead_image__file", "lead_image__renditions", "lead_image__sha256"
    )
    for article in told[first : first + PER_FILE]:
        image = article.lead_image
        yield Entry(
            article.get_absolute_url(),
            article.updated_at or article.published_at,
            (image.url(PICTURE_WIDTH),) if image else (),
        )


def _day_of_place(start: datetime, end: datetime, place: int) -> tuple[datetime, int]:
    """The day on which the story of this place in a month appeared, and its place in that day: nobody walks so far."""
    for day, count in sorted(day_counts(start.date(), end.date(), of="own_count").items()):
        if place < count:
            return midnight(day), place
        place -= count
    return end, 0


def _pages() -> Iterator[Entry]:
    for name in _LISTS:
        yield Entry(reverse(f"articles:{name}"))
    for page in Page.objects.filter(is_public=True).order_by("pk").only("slug", "updated_at"):
        yield Entry(page.get_absolute_url(), page.updated_at)


def _addresses(rows: QuerySet[Any]) -> Iterator[Entry]:
    for row in rows.order_by("pk").only("slug"):
        yield Entry(row.get_absolute_url())


def _tags() -> QuerySet[Tag]:
    tags: QuerySet[Tag] = _with_stories(Tag.objects.all(), "tagged_items", "tag", FEWEST_STORIES)
    return tags


def _authors() -> QuerySet[Author]:
    return _with_stories(Author.objects.all(), "bylines", "author", 1)


def _sources() -> QuerySet[Source]:
    return _with_stories(Source.objects.all(), "attributions", "source", FEWEST_STORIES)


_LISTED: dict[str, Callable[[], QuerySet[Any]]] = {"tags": _tags, "authors": _authors, "sources": _sources}


def _with_stories(rows: QuerySet[Any], relation: str, to: str, fewest: int) -> QuerySet[Any]:
    """Those with so many public stories: walks the index of their newest, and no further, however many a tag has.

    No Exists, which drops the order: PostgreSQL would then take any way through a million rows that looks short.
    """
    led = {f"{relation}__{to}": OuterRef("pk"), f"{relation}__published_at__isnull": False}
    newest = Article.objects.published().filter(**led).order_by(f"-{relation}__published_at")
    last = Subquery(newest.values("pk")[fewest - 1 : fewest])
    found: QuerySet[Any] = rows.alias(last=last).filter(last__isnull=False)
    return found


def _parts(rows: QuerySet[Any]) -> QuerySet[Model, int]:
    """The numbers of the files that have something in them: a row's file follows from its id."""
    part = Cast((F("pk") - 1) / PER_FILE + 1, IntegerField())
    return rows.order_by().values_list(part, flat=True).distinct().order_by(part)
