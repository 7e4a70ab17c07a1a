"""Whatever is typed into a search box is a query that both databases take, and no longer than it may be."""

import sqlite3

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from articles.search.finding import find
from articles.search.query import LONGEST, MOST_ITEMS, Query, Synonyms, parse
from articles.search.vocabulary import shipped_analyser
from articles.search_form import read
from tests.fuzz.pieces import texts

OPERATORS = (
    '"', "«", "»", "-", "–", "*", "(", ")", "((", ":*", "&", "|", "!", "'", "\\", "AND", "OR", "NOT", "NEAR(a b,5)",
    "^", "{", "<->", "a:", "%", "_", "ال", "وال", "عبد الرحمن", "غزة",
)  # fmt: skip
operators = st.lists(st.sampled_from(OPERATORS), max_size=60).map("".join)
mixed = st.lists(st.sampled_from(OPERATORS) | st.text(max_size=8), max_size=40).map(" ".join)
queries = texts | operators | mixed
LONGEST_QUERY = 60_000  # letters of what a database is asked
analyser = shipped_analyser()
synonyms = Synonyms([["غزة", "القطاع"], ["الأمم المتحدة", "المنظمة الدولية"]], analyser)


@pytest.fixture(scope="module")
def index() -> sqlite3.Connection:
    """A table as SQLite's index of articles is."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE words USING fts5(text)")
    database.execute("INSERT INTO words VALUES ('غزه قال')")
    return database


def read_query(typed: str, *, is_unfinished: bool = False) -> Query:
    return parse(typed, analyser, synonyms, is_unfinished=is_unfinished)


@given(queries, st.booleans())
def test_query_is_bounded(typed: str, is_unfinished: bool) -> None:
    query = read_query(typed, is_unfinished=is_unfinished)
    assert len(query.items) <= MOST_ITEMS
    assert max(len(query.fts5()), len(query.tsquery())) < LONGEST_QUERY
    assert read_query(typed, is_unfinished=is_unfinished) == query


@given(queries, st.booleans())
def test_sqlite_takes_every_query(index: sqlite3.Connection, typed: str, is_unfinished: bool) -> None:
    query = read_query(typed, is_unfinished=is_unfinished)
    if query:
        rows = index.execute("SELECT count(*) FROM words WHERE words MATCH ?", [query.fts5()]).fetchall()
        assert rows in ([(0,)], [(1,)])
    else:
        assert not query.wanted


@pytest.mark.django_db
@given(queries)
def test_database_answers_every_search(typed: str) -> None:
    sent = QueryDict(mutable=True)
    sent["q"] = typed
    asked = read(sent, [])
    assert len(asked.text) <= LONGEST
    assert asked.address.isascii()
    assert find(read_query(asked.text)).ids == ()
