"""What an author did for the stories of a page beside writing them."""

from collections import defaultdict
from copy import copy
from dataclasses import replace
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.lookups import In

from articles.enums import BylineRole
from articles.models import Article, Author, Byline
from articles.pagination import PER_PAGE, ListPage
from newsroom.lib.prepared import Blank, Prepared

_ORDER = {role.value: at for at, role in enumerate(BylineRole)}


def with_other_roles(page: ListPage, author: Author) -> ListPage:
    """The page with stories that have `other_bylines`, each in a list of its own. One query; for PER_PAGE rows."""
    keys = [row.pk for row in page] or [0]
    filled = {f"key{number}": keys[min(number, len(keys) - 1)] for number in range(PER_PAGE)}
    roles: dict[int, list[list[Byline]]] = defaultdict(list)
    for byline in sorted(_others(author=author.pk, **filled), key=lambda each: _ORDER[each.role]):
        byline.author = author
        roles[byline.article_id].append([byline])
    return replace(page, rows=[_with_roles(row, roles[row.pk]) if row.pk in roles else row for row in page])


def _with_roles(article: Article, roles: list[list[Byline]]) -> Article:
    """A row of its own: the other one belongs to all who ask for it."""
    noted = copy(article)
    noted.other_bylines = roles  # type: ignore[attr-defined]
    noted.drawn_cards = {}  # type: ignore[attr-defined]
    return noted


def _bylines() -> QuerySet[Byline]:
    keys: Any = [Blank(f"key{number}") for number in range(PER_PAGE)]
    bylines = Byline.objects.filter(In(F("article_id"), keys), author=Blank("author"))
    return bylines.exclude(role=BylineRole.WRITING)


_others = Prepared(_bylines)
