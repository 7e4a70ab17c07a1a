"""The two indexes of the search on PostgreSQL: put away while many rows come, made anew at once.

Row by row they cost twice as much as all the rest of an article, and twenty times what they cost at once. The others
stay: they cost little, and their definitions are the migrations' business.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from articles.models import SearchDocument

# As migration 0004 makes them.
_MADE = (
    "CREATE INDEX IF NOT EXISTS articles_search_{0} ON articles_searchdocument USING gin ({0}) WITH (fastupdate = off)"
)
_COLUMNS = ("title", "words")
_OLD_ROWS = 10


@contextmanager
def made_at_once(count: int) -> Iterator[None]:
    """While one row or more comes for each _OLD_ROWS; with fewer, the rows that are there would cost more.

    A run that was killed leaves the search without them, that is slow; the next run makes them.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    if count * _OLD_ROWS > SearchDocument.objects.count():
        _execute(*(f"DROP INDEX IF EXISTS articles_search_{column}" for column in _COLUMNS))
    try:
        yield
    finally:
        _execute("SET maintenance_work_mem = '1GB'", *map(_MADE.format, _COLUMNS), "RESET maintenance_work_mem")


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
