"""The articles that answer a query, in their order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import DateTimeField, QuerySet

from articles.enums import Status
from articles.models import Article, Section
from articles.search.document import section_label
from articles.search.engines import newest_places
from articles.search.places import TITLE_BONUS, article_at, last_place
from articles.search.query import Query
from newsroom.lib.keeping import Shelf, depends_on, kept
from newsroom.lib.prepared import Blank, Prepared
from newsroom.lib.scopes import STORIES
from pages.public_time import public_now

# Nobody reads on so far; beyond it a result says "more than".
MOST_FOUND = 1000
# s: words of a live coverage or of an author's name are found so much later.
A_MOMENT = 10
_answers = Shelf(100)


@dataclass(frozen=True)
class Found:
    """Ids in the order of the results. They passed no gate yet: look them up in Article.objects.published()."""

    ids: tuple[int, ...] = ()
    is_capped: bool = False

    def __len__(self) -> int:
        return len(self.ids)


def find(
    query: Query,
    *,
    section: Section | None = None,
    since: datetime | None = None,
    newest_first: bool = False,
) -> Found:
    """What readers can see and what answers the query.

    The order is that of first publication, newest first; an article whose headline holds all words counts as 120 days
    younger, unless `newest_first`. Both databases give the same list. Three queries at most; none where the same was
    asked a moment ago and no story changed: readers turn pages, and many look for the same.
    """
    if not query or since:
        return _found(query, section, since, newest_first)

    def ask() -> Found:
        depends_on(STORIES)
        return _found(query, section, None, newest_first)

    key = (query, section.pk if section else None, newest_first)
    return cast("Found", kept(key, ask, seconds=A_MOMENT, shelf=_answers))


def _found(query: Query, section: Section | None, since: datetime | None, newest_first: bool) -> Found:
    if not query:
        return Found()
    if section:
        query = query.with_label(section_label(section.pk))
    low = last_place(since) if since else 1
    now = public_now()
    high = last_place(now)
    places = newest_places(query, "words", low=low, high=high, limit=MOST_FOUND + 1)
    if places:
        waiting = _waiting(now)
        places = [place for place in places if article_at(place) not in waiting]
    if places and not newest_first:
        # Who is not among these comes after all of them: no article has a greater rank than its title gives it.
        titles = set(newest_places(query, "title", low=low, high=high, limit=MOST_FOUND + 1))
        titles = {place for place in titles if article_at(place) not in waiting}
        places = sorted(titles.union(places), key=lambda p: p + TITLE_BONUS if p in titles else p, reverse=True)
    return Found(tuple(map(article_at, places[:MOST_FOUND])), is_capped=len(places) > MOST_FOUND)


def _waiting(now: datetime) -> frozenset[int]:
    """The stories that were withdrawn and will be public again: their place is in the past, their turn is not yet."""
    return frozenset(key for (key,) in _due_later(now=now))


def _returning() -> QuerySet[Article, Any]:
    now: Any = Blank("now", DateTimeField())
    later = Article.objects.filter(status=Status.APPROVED, publish_at__gt=now, published_at__lte=now)
    return later.order_by().values_list("pk")


_due_later = Prepared(_returning, by_values=True)
