"""Stories by their keys, as cards show them, of which the SQL is written once (newsroom.lib.prepared)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import cache, partial
from typing import Any

from django.db.models import F
from django.db.models.lookups import In

from articles.enums import BylineRole
from articles.models import Article, Byline
from articles.page_rows import published_now
from articles.querysets import ON_CARDS, WRITERS_ON_CARDS
from newsroom.lib.keeping import kept_each, stories
from newsroom.lib.prepared import Blank, Prepared
from newsroom.lib.scopes import SITE
from pages.public_time import public_now

# Queries are written for so many keys, for twice as many, and so on; what is left over names the last key again.
_STEP = 16
_PORTRAIT = ("alt_text", "focal_x", "focal_y", "file", "width", "height", "renditions")


def cards_by_key(
    keys: Collection[int], *, now: datetime | None = None, portraits: bool = False, body: bool = False
) -> dict[int, Article]:
    """What readers may see of these, as ArticleQuerySet.for_cards fetches it: two queries, none for no keys.

    With `portraits` also the pictures of those who wrote them, with `body` the text. What readers see now, and without
    the text, is kept while nothing of it changes: the rows belong to all who ask.
    """
    if now or body:
        return _fetched(keys, now=now or public_now(), portraits=portraits, body=body)
    make = partial(_to_keep, portraits=portraits)
    return kept_each((cards_by_key, portraits), keys, make, shown_with, shelf=stories)


def _to_keep(keys: Collection[int], *, portraits: bool) -> dict[int, Article]:
    rows = _fetched(keys, now=public_now(), portraits=portraits, body=False)
    for row in rows.values():
        row.drawn_cards = {}  # type: ignore[attr-defined]
    return rows


def shown_with(row: Article) -> Iterator[str]:
    """What a card of it, or the like, may show."""
    yield from (SITE, row.own_scope)
    yield from (each.own_scope for each in (row.section, row.lead_image) if each)
    for byline in row.card_bylines:  # type: ignore[attr-defined]
        yield byline.author.own_scope
        if "portrait" in byline.author._state.fields_cache and byline.author.portrait:
            yield byline.author.portrait.own_scope


def _fetched(keys: Collection[int], *, now: datetime, portraits: bool, body: bool) -> dict[int, Article]:
    if not keys:
        return {}
    blanks = _filling(keys)
    rows = {row.pk: row for row in _cards(len(blanks), body)(now=now, **blanks)}
    bylines: dict[int, list[Byline]] = defaultdict(list)
    for byline in _writers(len(blanks), portraits)(**blanks):
        bylines[byline.article_id].append(byline)
    for key, row in rows.items():
        row.card_bylines = bylines[key]  # type: ignore[attr-defined]
    return rows


def _filling(keys: Iterable[int]) -> dict[str, int]:
    wanted = sorted(set(keys))
    size = -(-len(wanted) // _STEP) * _STEP
    return {f"key{number}": wanted[min(number, len(wanted) - 1)] for number in range(size)}


def _blanks(size: int) -> list[Any]:
    return [Blank(f"key{number}") for number in range(size)]


@cache
def _cards(size: int, body: bool) -> Prepared[Article]:
    shown = [*ON_CARDS, "body"] if body else ON_CARDS
    rows = published_now().select_related("section", "lead_image").only(*shown).order_by()
    return Prepared(lambda: rows.filter(pk__in=_blanks(size)))


@cache
def _writers(size: int, portraits: bool) -> Prepared[Byline]:
    shown = [*WRITERS_ON_CARDS, *(f"author__portrait__{name}" for name in _PORTRAIT if portraits)]
    related = "author__portrait" if portraits else "author"
    bylines = Byline.objects.filter(role=BylineRole.WRITING).select_related(related).only(*shown)
    # Not `article__in`, which takes no expressions.
    return Prepared(lambda: bylines.filter(In(F("article_id"), _blanks(size))))
