"""The analyser and the synonyms of this newsroom: what the code comes with and what the desk has added."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from django.db.models import Value

from articles.models import ProtectedWord, Synonym
from articles.search.query import Synonyms, groups_of
from newsroom.lib.analyser import Analyser
from newsroom.lib.keeping import depends_on, kept
from newsroom.lib.scopes import SEARCH_WORDS
from newsroom.lib.tables import rows


@dataclass(frozen=True)
class Vocabulary:
    analyser: Analyser
    synonyms: Synonyms


SYNONYM_TABLES = ("synonyms", "broken_plurals")  # of newsroom.lib.tables

# (what was typed, its key, whether it is taken out), in an order that is always the same.
_Rows = tuple[tuple[str, str, bool], ...]


def current_analyser() -> Analyser:
    """What documents are made with. One query; the same object as long as the desk changes no protected word."""
    return _analyser(_taught(ProtectedWord.objects.values_list("word", "word_key", "is_off")))


def shipped_analyser() -> Analyser:
    """Without the desk's own words and without a query: for what need not be exact."""
    return _analyser(())


def current_vocabulary() -> Vocabulary:
    """What queries are read with. One query, none while the desk teaches nothing."""
    return cast("Vocabulary", kept(current_vocabulary, _load_vocabulary))


def _load_vocabulary() -> Vocabulary:
    depends_on(SEARCH_WORDS)
    protected = ProtectedWord.objects.values_list(Value(0), "word", "word_key", "is_off")
    synonyms = Synonym.objects.values_list(Value(1), "words", "words_key", "is_off")
    tables: tuple[list[Any], list[Any]] = ([], [])
    for table, *row in protected.order_by().union(synonyms.order_by(), all=True):
        tables[table].append(tuple(row))
    return _vocabulary(_analyser(_taught(tables[0])), _taught(tables[1]))


def _taught(rows: Iterable[tuple[str, str, bool]]) -> _Rows:
    return tuple(sorted(rows))


@lru_cache(maxsize=3)
def _analyser(taught: _Rows) -> Analyser:
    return Analyser(
        protected=[word for word, _key, is_off in taught if not is_off],
        unprotected=[word for word, _key, is_off in taught if is_off],
    )


@lru_cache(maxsize=2)
def _vocabulary(analyser: Analyser, taught: _Rows) -> Vocabulary:
    added = groups_of(words for words, _key, is_off in taught if not is_off)
    parted = groups_of(words for words, _key, is_off in taught if is_off)
    shipped = (row for table in SYNONYM_TABLES for row in rows(table))
    return Vocabulary(analyser, Synonyms([*shipped, *added], analyser, parted=parted))
