"""The long lists of stories that have pages, of which the SQL is written once (newsroom.lib.prepared)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db import models

from articles.card_rows import cards_by_key
from articles.models import Article, Author, Section, Source, Tag
from articles.page_rows import published_now
from articles.pagination import MOST_COUNTED, PER_PAGE, Above, Below, ListPage
from articles.querysets import ArticleQuerySet
from newsroom.lib.keeping import depends_on, kept
from newsroom.lib.prepared import Blank, Prepared
from newsroom.lib.scopes import STORIES, stories_of
from pages.public_time import public_now


class Line(NamedTuple):
    """Where a story stands in its list: the time by which it is ordered, and its key."""

    moment: datetime
    key: int


class _Questions:
    """What is asked of a kind of list. `make` returns one of them with blanks, all of it in any order."""

    def __init__(self, make: Callable[[], ArticleQuerySet]) -> None:
        self._make = make

    @cached_property
    def newest(self) -> Prepared[tuple[datetime, int]]:
        return Prepared(lambda: self._lines(self._make().newest_first()))

    @cached_property
    def below(self) -> Prepared[tuple[datetime, int]]:
        return Prepared(lambda: self._lines(self._beside(Below).newest_first()))

    @cached_property
    def above(self) -> Prepared[tuple[datetime, int]]:
        return Prepared(lambda: self._lines(self._beside(Above).newest_first().reverse()))

    @cached_property
    def counted(self) -> Prepared[tuple[int]]:
        return Prepared(lambda: self._make().order_by().values_list("pk")[: MOST_COUNTED + 1])

    def _beside(self, comparison: type[Below]) -> ArticleQuerySet:
        rows = self._make()
        place: Any = (Blank("moment", models.DateTimeField()), Blank("key"))
        return rows.filter(comparison(rows.order, place))

    def _lines(self, rows: ArticleQuerySet) -> models.QuerySet[Article, Any]:
        return rows.values_list(*rows.order)[: PER_PAGE + 1]


@dataclass(frozen=True)
class StoryList:
    """One of them, as articles.pagination cuts it into pages; `about` fills in the blanks of its kind."""

    questions: _Questions
    about: dict[str, Any]
    scope: str

    @property
    def per_page(self) -> int:
        return PER_PAGE

    def below(self, place: tuple[datetime, int] | None) -> list[Line]:
        """The lines of a page and one more, the newest first."""
        if place is None:
            return self._asked(self.questions.newest)
        return self._asked(self.questions.below, moment=place[0], key=place[1])

    def above(self, place: tuple[datetime, int]) -> list[Line]:
        """As many, from `place` upwards."""
        return self._asked(self.questions.above, moment=place[0], key=place[1])

    def place_of(self, line: Line) -> tuple[datetime, int]:
        return line

    def exists(self) -> bool:
        return bool(self.below(None))

    def count(self) -> int:
        """No further than MOST_COUNTED + 1; one query, none while nothing of the list changes."""

        def load() -> int:
            depends_on(self.scope)
            return len(self.questions.counted(now=public_now(), **self.about))

        return int(kept((self.questions, *self.about.values()), load))

    def _asked(self, question: Prepared[tuple[datetime, int]], **place: Any) -> list[Line]:
        return [Line(*row) for row in question(now=public_now(), **self.about, **place)]


def with_cards(page: ListPage) -> ListPage:
    """The page with the stories themselves in place of their lines, as cards show them."""
    stories = cards_by_key([line.key for line in page])
    return replace(page, rows=[stories[line.key] for line in page if line.key in stories])


def stories_in(section: Section) -> StoryList:
    return _listed(_IN_SECTION, section)


def stories_tagged(tag: Tag) -> StoryList:
    return _listed(_TAGGED, tag)


def stories_by(author: Author) -> StoryList:
    """Each story once, also when the author has two roles in it."""
    return _listed(_BY_AUTHOR, author)


def stories_from(source: Source) -> StoryList:
    return _listed(_FROM_SOURCE, source)


def stories_between(start: datetime, end: datetime) -> StoryList:
    depends_on(STORIES)
    return StoryList(_BETWEEN, {"start": start, "end": end}, STORIES)


def _listed(questions: _Questions, row: models.Model) -> StoryList:
    scope = stories_of(type(row), row.pk)
    depends_on(scope)
    return StoryList(questions, {"of": row.pk}, scope)


_OF = Blank("of")
_MOMENTS: Any = [Blank(name, models.DateTimeField()) for name in ("start", "end")]
_IN_SECTION = _Questions(lambda: published_now().filter(section=_OF))
_TAGGED = _Questions(lambda: published_now().led_to("tagged_items", "content_object_id", tag=_OF))
_BY_AUTHOR = _Questions(lambda: published_now().led_to_by_bylines(_OF))
_FROM_SOURCE = _Questions(lambda: published_now().led_to("attributions", "article_id", source=_OF))
_BETWEEN = _Questions(lambda: published_now().published_between(*_MOMENTS))
