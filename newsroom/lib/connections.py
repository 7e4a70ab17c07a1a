"""Connections to databases, before a process makes another one of itself."""

from collections.abc import Sequence
from typing import Any

from django.db import connections


def end_connections() -> None:
    """End all of this thread, and those that pools keep: two processes that share one take each other's answers.

    A connection that is closed goes back to its pool and is open still; and a pool is kept by threads, which no child
    would have. What comes next opens one of its own.
    """
    connections.close_all()
    opened: Sequence[Any] = connections.all(initialized_only=True)
    for connection in opened:
        if getattr(connection, "pool", None):
            connection.close_pool()
