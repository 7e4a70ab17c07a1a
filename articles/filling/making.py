"""Fills the database that is configured with made articles."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context

from django.db import connection, transaction
from django.utils import timezone

from articles.filling.indexes import made_at_once
from articles.filling.stories import Maker
from articles.filling.texts import Texts, fts_text, tsvector
from articles.filling.world import World, made_world
from articles.filling.writing import new_ids, write
from articles.listing import recount
from articles.search.vocabulary import current_analyser
from newsroom.lib.connections import end_connections
from newsroom.lib.generations import bump_everything

YEARS = 3
BATCH = 2_000
PROCESSES = 2


@dataclass(frozen=True)
class Batch:
    """Articles number `first` and so on, of `total`."""

    first: int
    size: int
    total: int
    now: datetime

    def moments(self) -> list[datetime]:
        """The oldest first, evenly over the years."""
        step = timedelta(days=365 * YEARS) / self.total
        return [self.now - step * (self.total - number) for number in range(self.first, self.first + self.size)]


def make_articles(count: int, *, processes: int = PROCESSES) -> Iterator[int]:
    """Make published articles beside what there is; yields how many each batch made.

    Each batch is a transaction: what is done stays done. On PostgreSQL the work is done by several processes, except
    within a transaction of somebody else, which no other process can see.
    """
    world = made_world()
    now = timezone.now().replace(microsecond=0)
    batches = [Batch(first, min(BATCH, count - first), count, now) for first in range(0, count, BATCH)]
    is_alone = connection.vendor == "postgresql" and not connection.in_atomic_block
    with made_at_once(count), fast_writes():
        if is_alone and processes > 1 and len(batches) > 1:
            yield from _in_processes(world, batches, processes)
        else:
            _start(world)
            yield from map(_make, batches)
    recount()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    transaction.on_commit(bump_everything)


def _in_processes(world: World, batches: list[Batch], processes: int) -> Iterator[int]:
    end_connections()
    with ProcessPoolExecutor(processes, get_context("fork"), _start, (world,)) as pool:
        for done in as_completed([pool.submit(_make, batch) for batch in batches]):
            yield done.result()


_maker: list[Maker] = []  # of this process


def _start(world: World) -> None:
    told = tsvector if connection.vendor == "postgresql" else fts_text
    _maker[:] = [Maker(world, Texts(current_analyser()), told)]


def _make(batch: Batch) -> int:
    with transaction.atomic():
        ids = new_ids(batch.size)
        write(_maker[0].rows(ids, batch.moments(), seed=ids[0]), _maker[0].world)
    return batch.size


@contextmanager
def fast_writes() -> Iterator[None]:
    """SQLite does not wait for the disk; only a power cut could do harm meanwhile."""
    is_sqlite = connection.vendor == "sqlite" and not connection.in_atomic_block
    if is_sqlite:
        connection.cursor().execute("PRAGMA synchronous=OFF")
    try:
        yield
    finally:
        if is_sqlite:
            connection.cursor().execute("PRAGMA synchronous=FULL")
