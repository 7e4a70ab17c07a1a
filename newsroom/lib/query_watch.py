"""Counts the queries of what is being done, and writes down the slow ones: without what was asked for in them."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from newsroom.lib import meters
from newsroom.lib.current_work import current_work

logger = logging.getLogger(__name__)

LONGEST_SQL = 2000  # letters

# When the statement began that a thread waits for (time.perf_counter), by the thread's number.
_under_way: dict[int, float] = {}


def watch_queries() -> None:
    """Once. By the signal of Django, because each thread has connections of its own and nothing else sees them all."""
    connection_created.connect(_watch, dispatch_uid="newsroom.lib.query_watch")


def _watch(connection: BaseDatabaseWrapper, **_more: Any) -> None:
    if watched not in connection.execute_wrappers:
        connection.execute_wrappers.append(watched)


def watched(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    began = time.perf_counter()
    thread = threading.get_ident()
    _under_way[thread] = began
    try:
        return execute(sql, params, many, context)
    finally:
        _under_way.pop(thread, None)
        seconds = time.perf_counter() - began
        if work := current_work():
            work.query_count += 1
            work.query_seconds += seconds
        if 0 < settings.SLOW_QUERY_MS <= seconds * 1000:
            _tell(sql, seconds, context["connection"].alias)


def count_longer_than(seconds: float) -> int:
    """How many threads of this process wait for a statement that began longer ago."""
    before = time.perf_counter() - seconds
    return sum(began < before for began in list(_under_way.values()))


def _tell(sql: str, seconds: float, alias: str) -> None:
    """The statement has marks where the values were (%s); a statement of one of the values is not logged."""
    meters.add("newsroom_slow_queries_total", database=alias)
    fields = {"ms": round(seconds * 1000), "database": alias, "sql": " ".join(str(sql).split())[:LONGEST_SQL]}
    logger.warning("Slow query", extra={"fields": fields})
