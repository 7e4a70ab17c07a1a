"""What the page of a live coverage shows: its key events, a page of its updates, and what is new since an update."""

import re
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse, QueryDict
from django.utils.cache import patch_cache_control

from articles.embedding import Embedding
from articles.models import Article, LiveUpdate
from articles.models.coverage import PER_PAGE

# s: so many readers who ask at the same time cost the database one answer, and «refresh the page» does.
KEPT_FOR = 10
# ASCII digits only, so that a page has one address; no more of them than any id has.
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)


class NoSuchPage(Exception):
    """The coverage has fewer pages, or the number is none."""


@dataclass(frozen=True)
class Coverage:
    """`updates` are those of this page, the newest first; `key_events` those of the whole coverage."""

    page: Page
    updates: list[LiveUpdate]
    key_events: list[LiveUpdate]

    @property
    def newest(self) -> int:
        """The id that a script on the first page asks for news with; 0 while there is no update."""
        return max((update.pk for update in self.updates), default=0)


def coverage_of(article: Article, query: QueryDict) -> Coverage | None:
    """The part of it that the address asks for, in one query; None for a story that is no coverage.

    `?page=2` counts from the newest. `?update=12`, the lasting address of one update, costs a query more.
    Raises NoSuchPage.
    """
    if not article.is_coverage:
        return None
    number = _page_asked_for(article, query)
    first, last = (number - 1) * PER_PAGE + 1, number * PER_PAGE
    rows: list[Any] = list(_numbered(article, key_events_at=first).filter(shown_at__gte=first, shown_at__lte=last))
    updates = [row for row in rows if first <= row.place <= last]
    try:
        page = Paginator(range(rows[0].total if rows else 0), PER_PAGE).page(number)
    except EmptyPage as error:
        raise NoSuchPage from error
    return Coverage(page, updates, [row for row in rows if row.is_key])


def news_since(article: Article, after: int) -> tuple[int, list[LiveUpdate]]:
    """How many updates have a higher id than `after`, and the newest of them, at most a page, ready to be shown.

    One query, and one more where they hold pictures.
    """
    newer: list[Any] = list(
        article.live_updates.public().filter(pk__gt=after).annotate(total=Window(Count("*")))[:PER_PAGE]
    )
    embedding = Embedding(with_players=False)
    embedding.fetch_pictures(update.body for update in newer)
    embedding.show(newer)
    return newer[0].total if newer else 0, newer


def keep_briefly(response: HttpResponse) -> None:
    """What browsers and caches would otherwise keep as long as they like, having been told when it last changed."""
    patch_cache_control(response, public=True, max_age=KEPT_FOR)


def read_id(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) else None


def _page_asked_for(article: Article, query: QueryDict) -> int:
    if "page" in query:
        number = read_id(query.get("page", ""))
        # Far beyond any coverage, and no number that a database cannot hold.
        if not number or number > 10**6:
            raise NoSuchPage
        return number
    update = read_id(query.get("update", ""))
    return _page_of(article, update) if update else 1


def _page_of(article: Article, pk: int) -> int:
    """Where an update stands; the first page for one that readers do not see."""
    public = article.live_updates.public()
    moment = Subquery(public.filter(pk=pk).values("posted_at"))
    place = public.filter(Q(posted_at__gt=moment) | Q(posted_at=moment, pk__gte=pk)).count()
    return ceil(place / PER_PAGE) or 1


def _numbered(article: Article, *, key_events_at: int) -> QuerySet[Any]:
    """Each update with its `place` from the newest, and `shown_at`, by which key events are found on every page."""
    newest_first = [F("posted_at").desc(), F("id").desc()]
    placed = article.live_updates.public().annotate(
        place=Window(RowNumber(), order_by=newest_first), total=Window(Count("*"))
    )
    shown_at = Case(When(is_key=True, then=Value(key_events_at)), default=F("place"), output_field=IntegerField())
    return placed.annotate(shown_at=shown_at)
