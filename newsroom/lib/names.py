"""Names that are looked for and compared by what they say: words in any order, however they are spelled."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import reduce
from operator import and_, or_
from typing import TypeVar

from django.db.models import Case, IntegerField, Model, Q, QuerySet, Value, When

from newsroom.lib.arabic import fold, sort_key
from newsroom.lib.fields import KEY_LENGTH
from newsroom.lib.tables import rows

# What is looked for is a handful of words.
LONGEST_SEARCH, MOST_WORDS = 100, 10
# Shorter words stand within half of all names; they are looked for where a word begins.
_SHORT = 2

# The article, alone or behind و ف ب ك ل: the analyser's list, on folded words. What stays is a word of its own, and
# the name of God is one with it.
_ARTICLE = re.compile(r"^(?:ال(?!له$)(?=\w{2})|(?:وبال|فبال|وكال|وال|فال|بال|كال|ولل|فلل|لل)(?=\w{3}))")
# عبد الرحمن and عبدالرحمن, أبو ظبي and أبوظبي are written both ways.
_GLUED = re.compile(rf"^({'|'.join(fold(head) for head, *_second in rows('compound_heads'))})(\w{{3,}})$")

# What may stand before a word, glued to it.
BEFORE = ("", "ال", "و", "ب", "ل", "ف", "ك", "وال", "بال", "لل", "فال", "كال")
LONGEST_WORD = 64

_M = TypeVar("_M", bound=Model)


def name_key(name: str) -> str:
    """What a KeyField of the usual length holds for a name: the key of a look-up."""
    return fold(name)[:KEY_LENGTH].rstrip()


def typed_words(typed: str) -> list[str]:
    """The folded words of a search, without article and clitic; no more than MOST_WORDS."""
    words = fold(typed[:LONGEST_SEARCH]).split()[:MOST_WORDS]
    return list(dict.fromkeys(part for word in words for part in _parts(_ARTICLE.sub("", word))))


def _parts(word: str) -> tuple[str, ...]:
    glued = _GLUED.match(word)
    return (glued[1], _ARTICLE.sub("", glued[2])) if glued else (word,)


def says(name: str, typed: str) -> bool:
    """What `name_filter` asks of a row, for tables of a few rows that have no key."""
    key = f" {fold(name)}"
    return all(
        word in key if len(word) > _SHORT else f" {word}" in key or f" ال{word}" in key for word in typed_words(typed)
    )


def name_filter(typed: str, *fields: str) -> Q:
    """Rows each of whose typed words stands in one of `fields` (KeyFields; `name_key` unless told otherwise).

    A word may stand behind an article or a clitic, and in the middle of a longer word: ranked(...) shows those last.
    Nothing typed, or nothing but marks, asks for every row.
    """
    fields = fields or ("name_key",)
    return _all(_any(_stands(field, word) for field in fields) for word in typed_words(typed))


def words(text: str) -> str:
    """The key of a long text of which only the words are looked for: each once, none longer than an index takes."""
    return " ".join(dict.fromkeys(word[:LONGEST_WORD] for word in fold(text).split()))


def word_starts(typed: str) -> tuple[tuple[str, ...], ...]:
    """Each typed word as a word of a text may begin: alone, or behind what is written together with it."""
    return tuple(
        tuple(before + word[:LONGEST_WORD] for before in BEFORE) for word in typed_words(typed) if len(word) > 1
    )


def ranked(
    rows: QuerySet[_M],
    typed: str,
    *,
    field: str = "name_key",
    order: Iterable[str] = ("sort_key",),
    also_first: Q | None = None,
) -> QuerySet[_M]:
    """Sort what was found: what begins with the typed words (or is `also_first`), where each begins a word, the rest.

    Within these three by `order`, then by key: the same list on both databases.
    """
    words = typed_words(typed)
    if not words:
        return rows
    rank = Case(
        When(begins(typed, field) | (also_first or Q()), then=Value(0)),
        When(_all(_begins_a_word(field, word) for word in words), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return rows.order_by(rank, *order, "pk")


def begins(typed: str, field: str = "name_key") -> Q:
    """Rows that begin with what was typed, both with or without the article."""
    return _begins(field, " ".join(typed_words(typed))) | Q(
        **{f"{field}__startswith": sort_key(typed[:LONGEST_SEARCH])}
    )


def _stands(field: str, word: str) -> Q:
    return Q(**{f"{field}__holds": word}) if len(word) > _SHORT else _begins_a_word(field, word)


def _begins(field: str, words: str) -> Q:
    return Q(**{f"{field}__startswith": words}) | Q(**{f"{field}__startswith": f"ال{words}"})


def _begins_a_word(field: str, word: str) -> Q:
    within = Q(**{f"{field}__holds": f" {word}"}) | Q(**{f"{field}__holds": f" ال{word}"})
    return _begins(field, word) | within


def _all(conditions: Iterable[Q]) -> Q:
    return reduce(and_, conditions, Q())


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions, Q())
