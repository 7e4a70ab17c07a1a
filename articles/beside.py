"""What else there is to read beside a story: related stories, what is read most, the newest of its section."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from articles import related
from articles.models import Article, RelatedLink
from articles.page_rows import cards_of, for_cards, published_now
from articles.querysets import ArticleQuerySet
from articles.related import Marks, Told
from newsroom.lib.keeping import kept
from newsroom.lib.prepared import Blank, Prepared
from pages.public_time import public_now

MORE_FROM_SECTION, MOST_READ, RELATED = 5, 5, 4
# Of the section and of the site; what stands in another list already, or in the text, is left out of these.
_NEWEST = 24


@dataclass(frozen=True)
class MoreToRead:
    """What else there is to read; no story stands in two of them."""

    related: list[Article]  # pinned, by tags and headline; where these give too few, of the section
    most_read: list[Article]
    in_section: list[Article]  # the newest


def more_to_read(article: Article, links: Sequence[RelatedLink]) -> MoreToRead:
    """Four queries, two where the lists of the section and the tags are kept.

    Nothing that `links` name or an editor banned, and not the article itself.

    Related is first what an editor pinned, then by `related.ranked`, then the newest of the section and of the site.
    What is related is left out of the list of the most read: it stands below. What is new of the section, the site and
    the tags is a minute old at most, as is the list of the most read; what is withdrawn is gone at once.
    """
    marks = related.marks_beside(article)
    named = {*related.own_keys(article), *(link.target_id for link in links if link.target_id), *marks.banned}
    lists: _Lists = kept((_Lists, article.section_id), lambda: _lists_of(article.section_id))
    told = _told_of([key for key in marks.keys if key not in named and key not in lists.cards])
    told += [one for one in lists.told if one.pk not in named]
    told.sort(key=lambda each: (each.published_at or public_now(), each.pk), reverse=True)
    most_read = [key for key in lists.most_read if key not in named]
    keys = _keys_of_lists(article, told, marks, most_read)
    known = lists.cards
    cards = known | {row.pk: row for row in cards_of(key for some in keys for key in some if key not in known)}
    return MoreToRead(*([cards[key] for key in some if key in cards] for some in keys))


def _keys_of_lists(article: Article, found: list[Told], marks: Marks, ranking: list[int]) -> tuple[list[int], ...]:
    """Related, most read, of the section: each story in one of them.

    Of another section, what shares no tag is not asked whether it is related.
    """
    pinned = related.pinned_among(found, marks.chosen)
    taken = {one.pk for one in pinned}
    section, shared = article.section_id, marks.shared
    near = [one for one in found if (one.pk in shared or one.section_id == section) and one.pk not in taken]
    shown = [one.pk for one in (*pinned, *related.ranked(article, near, shared))][:RELATED]
    most_read = [key for key in ranking if key not in shown][:MOST_READ]
    above = {*shown, *most_read}
    rest = [one for one in found if one.pk not in above]
    in_section = [one.pk for one in rest if one.section_id == article.section_id]
    fill = [*in_section[MORE_FROM_SECTION:], *(one.pk for one in rest if one.section_id != article.section_id)]
    shown += fill[: RELATED - len(shown)]
    return shown, most_read, in_section[:MORE_FROM_SECTION]


@dataclass(frozen=True)
class _Lists:
    """What all stories of a section have beside them; `most_read` are keys in their order."""

    cards: dict[int, Article]
    told: list[Told]
    most_read: list[int]


def _lists_of(section: int | None) -> _Lists:
    rows: list[Any] = _section_and_site(now=public_now(), section=section or 0)
    ranked = sorted((row for row in rows if row.place is not None), key=lambda row: row.place)
    told = [Told(row.pk, row.headline, row.section_id, row.published_at) for row in rows]
    return _Lists({row.pk: row for row in rows}, told, [row.pk for row in ranked])


def _all_lists() -> ArticleQuerySet:
    section = published_now().filter(section=Blank("section")).newest_first()[:_NEWEST]
    parts = [section, published_now().newest_first()[:_NEWEST], published_now().most_read().order_by()]
    return for_cards(Article.objects.any_of(parts).order_by()).annotate(place=models.F("most_read__rank"))


_section_and_site = Prepared(_all_lists)


def _told_of(keys: Sequence[int]) -> list[Told]:
    """What readers may see of these: a query for each hundred."""
    found: list[Told] = []
    for start in range(0, len(keys), _MANY):
        part = keys[start : start + _MANY]
        size = next(size for size in _SIZES if size >= len(part))
        filled = [*part, *[part[-1]] * (size - len(part))]
        rows = _TOLD[size](now=public_now(), **{f"key{number}": key for number, key in enumerate(filled)})
        found += [Told(*row) for row in rows]
    return found


def _told(size: int) -> models.QuerySet[Any, Any]:
    keys: Any = [Blank(f"key{number}") for number in range(size)]
    told = published_now().filter(pk__in=keys).order_by()
    return told.values_list("pk", "headline", "section_id", "published_at")


def _told_by(size: int) -> Prepared[Any]:
    return Prepared(lambda: _told(size))


_SIZES = (20, 50, 128)
_MANY = _SIZES[-1]
_TOLD = {size: _told_by(size) for size in _SIZES}
