"""Counts reads without making a reader wait, and without keeping anything about him.

A read is added up in the memory of the process that was told of it. About every ten seconds a thread adds what came
together to the rows of ReadCount, one statement for all of it; several processes and machines add to the same rows.
A process that ends writes what it holds; one that is killed loses the reads of at most those seconds.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import Error, connection
from django.utils import timezone

from articles.models import Article
from newsroom.lib.hours import hour_of
from newsroom.lib.timed_flush import TimedFlush

logger = logging.getLogger(__name__)

FLUSH_SECONDS = 10
# (article, hour) pairs that wait while the database does not answer; about 2 MB.
MOST_WAITING = 20_000
# Rows of one statement: three values each, of which SQLite took 999 for a long time.
BATCH = 300

# An article and the beginning of an hour (UTC), with the number of reads.
Counts = dict[tuple[int, datetime], int]

# The sum is made by the database, so that two processes never overwrite each other.
_ADD = """
    INSERT INTO articles_readcount (article_id, hour, count) VALUES {rows}
    ON CONFLICT (article_id, hour) DO UPDATE SET count = articles_readcount.count + excluded.count
"""


class ReadBuffer:
    """The reads that this process holds and the database does not know yet."""

    def __init__(self, most: int = MOST_WAITING) -> None:
        self._most = most
        self._counts: Counts = {}
        self._lock = threading.Lock()  # of _counts; never held while the database works
        self._writing = threading.Lock()
        # Started by a process that serves readers (newsroom.wsgi).
        self.timed = TimedFlush(self.flush, seconds=FLUSH_SECONDS)

    def __len__(self) -> int:
        return len(self._counts)

    def add(self, article_id: int, count: int = 1, *, hour: datetime | None = None) -> None:
        """No query. While the buffer is full, only what is in it already is counted."""
        key = article_id, hour or hour_of(timezone.now())
        with self._lock:
            if key in self._counts or len(self._counts) < self._most:
                self._counts[key] = self._counts.get(key, 0) + count
        self.timed.begin()

    def flush(self) -> int:
        """Write everything and return the number of reads. What the database refuses is kept for the next time."""
        with self._writing:
            with self._lock:
                counts, self._counts = self._counts, {}
            waiting = deque(in_order(counts))
            written = 0
            while waiting:
                batch = list(islice(waiting, BATCH))
                try:
                    written += add_public(dict(batch))
                except Error as error:
                    logger.warning("The reads of the last seconds could not be written and are kept: %s", error)
                    break
                for _written in batch:
                    waiting.popleft()
            for (article_id, hour), count in waiting:
                self.add(article_id, count, hour=hour)
            return written


def add_public(counts: Mapping[tuple[int, datetime], int]) -> int:
    """Add the reads of those articles that readers can see, and return how many those are. The rest is forgotten.

    Raises django.db.Error; nothing is written then.
    """
    asked = {article_id for article_id, _hour in counts}
    public = set(Article.objects.published().filter(pk__in=asked).values_list("pk", flat=True))
    found = {key: count for key, count in counts.items() if key[0] in public}
    add_to_rows(found)
    return sum(found.values())


def add_to_rows(counts: Mapping[tuple[int, datetime], int]) -> None:
    """Add to the totals of hours, in one statement for each BATCH of them.

    Always in one order: two processes that lock the same rows crosswise would wait for each other for ever.
    """
    stored: Callable[[datetime], Any] = connection.ops.adapt_datetimefield_value
    waiting = iter(in_order(counts))
    while batch := list(islice(waiting, BATCH)):
        values = [value for (article_id, hour), count in batch for value in (article_id, stored(hour), count)]
        with connection.cursor() as cursor:
            cursor.execute(_ADD.format(rows=", ".join(["(%s, %s, %s)"] * len(batch))), values)


def in_order(counts: Mapping[tuple[int, datetime], int]) -> list[tuple[tuple[int, datetime], int]]:
    return sorted(counts.items(), key=lambda item: (item[0][1], item[0][0]))


buffer = ReadBuffer()
