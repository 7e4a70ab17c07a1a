"""The two databases behind one function: the newest places at which a query holds, without looking at all of them."""

from collections.abc import Callable
from typing import Any, Literal

from django.db import connection

from articles.search.document import month_label
from articles.search.places import month_at
from articles.search.query import Query

Column = Literal["title", "words"]

# Months that PostgreSQL looks into one by one before it looks into everything that is older.
_RECENT_MONTHS = 6


def newest_places(query: Query, column: Column, *, low: int, high: int, limit: int) -> list[int]:
    """The places from `low` to `high` at which `query` holds in `column`, newest first, at most `limit`.

    Excluded words are looked for in the whole article, also when the column is the title.
    """
    engine: Callable[..., list[int]] = _postgresql if connection.vendor == "postgresql" else _sqlite
    places = engine(query.without_excluded(), query.only_excluded(), column, low, high, limit)
    return sorted(places, reverse=True)


def _sqlite(wanted: Query, excluded: Query, column: Column, low: int, high: int, limit: int) -> list[int]:
    """FTS5 keeps its lists in the order of rowid, which is the place: it reads from the newest and stops."""
    table = f"articles_search_{column}"
    sql = f"SELECT rowid FROM {table} WHERE {table} MATCH %s AND rowid BETWEEN %s AND %s"  # noqa: S608 - two names
    params: list[Any] = [wanted.fts5(), low, high]
    if excluded:
        sql += " AND rowid NOT IN (SELECT rowid FROM articles_search_words WHERE articles_search_words MATCH %s)"
        params.append(excluded.fts5())
    return _column(sql + " ORDER BY rowid DESC LIMIT %s", [*params, limit])


def _postgresql(wanted: Query, excluded: Query, column: Column, low: int, high: int, limit: int) -> list[int]:
    """GIN keeps no order, so a word of every third article would sort them all.

    Each document carries the label of its month, and the months are asked one by one, newest first, until there is
    enough; PostgreSQL runs a lateral join no further than its LIMIT. What is rare in the last months is rare enough to
    be sorted whole. `place + 0` hides the primary key, whose use would read the texts of all articles in turn.
    """
    newest = month_at(high)
    labels = [f"'{month_label(month)}'" for month in range(newest, newest - _RECENT_MONTHS, -1)]
    parts = [*labels, f"!({' | '.join(labels)})"]
    queries = [f"({wanted.tsquery()}) & {part}" for part in parts]
    # Taken away as a set: a condition with NOT would read the terms of every article that is left.
    barred = [f"({wanted.tsquery()}) & ({excluded.tsquery()}) & {part}" for part in parts] if excluded else queries
    without = "EXCEPT SELECT place FROM articles_searchdocument WHERE words @@ part.barred::tsquery" if excluded else ""
    sql = f"""
        SELECT found.place
        FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS part (query, barred, number)
        CROSS JOIN LATERAL (
            SELECT place FROM (
                SELECT place FROM articles_searchdocument WHERE {column} @@ part.query::tsquery {without}
            ) AS matching
            WHERE place + 0 BETWEEN %s AND %s ORDER BY place + 0 DESC LIMIT %s
        ) AS found
        LIMIT %s
    """  # noqa: S608 - the names are our own
    return _column(sql, [queries, barred, low, high, limit, limit])


def _column(sql: str, params: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [row[0] for row in cursor.fetchall()]
