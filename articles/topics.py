"""Sections, tags, authors and sources that a reader may mean while typing."""

from collections.abc import Iterator
from itertools import chain, islice
from typing import NamedTuple

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import pgettext

from articles.models import Article, Author, Section, Source, Tag, TagAlias
from newsroom.lib.arabic import fold, sort_key

SHORTEST = 2  # letters
MOST_TOPICS, MOST_OF_A_KIND = 4, 2


class Topic(NamedTuple):
    kind: str
    name: str
    address: str


def suggest_topics(typed: str) -> list[Topic]:
    """Those with a word that begins like `typed`, or whose name does, with or without the article. Four queries.

    Tags, authors and sources of which nothing is published are not there yet.
    """
    if len(fold(typed).replace(" ", "")) < SHORTEST:
        return []
    named = _named(typed)
    also = Q(pk__in=TagAlias.objects.filter(named).values("tag"))
    kinds: list[tuple[str, QuerySet]] = [
        (pgettext("kind of suggestion", "Section"), Section.objects.filter(named)),
        (pgettext("kind of suggestion", "Tag"), _in_print(Tag.objects.filter(named | also), "tagged_items__tag")),
        (pgettext("kind of suggestion", "By"), _in_print(Author.objects.filter(named), "bylines__author")),
        (pgettext("kind of suggestion", "Source"), _in_print(Source.objects.filter(named), "attributions__source")),
    ]
    return list(islice(chain.from_iterable(_topics(kind, rows) for kind, rows in kinds), MOST_TOPICS))


def _named(typed: str) -> Q:
    key = fold(typed)
    inside = Q(name_key__contains=f" {key}") | Q(name_key__contains=f" ال{key}")
    return Q(name_key__startswith=key) | Q(sort_key__startswith=sort_key(typed)) | inside


def _in_print(rows: QuerySet, path: str) -> QuerySet:
    return rows.filter(Exists(Article.objects.published().filter(**{path: OuterRef("pk")})))


def _topics(kind: str, rows: QuerySet[Model]) -> Iterator[Topic]:
    for row in rows.order_by("sort_key")[:MOST_OF_A_KIND]:
        yield Topic(kind, str(row), row.get_absolute_url())  # type: ignore[attr-defined]
