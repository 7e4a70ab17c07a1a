"""Writes what a process has collected in its memory: a while after the first came in, and when the process ends."""

import atexit
import threading
from collections.abc import Callable

from django.db import connection


class TimedFlush:
    """Calls `flush` in a thread of its own, `seconds` after the first `begin` since the last time.

    Nothing happens before `start`, which only a process says that serves readers (newsroom.wsgi). The thread begins
    with the first `begin` after that: one that was begun before a fork would not live in the child.
    """

    def __init__(self, flush: Callable[[], object], *, seconds: float) -> None:
        self._flush, self._seconds = flush, seconds
        self._lock = threading.Lock()
        self._is_started = False
        self.timer: threading.Timer | None = None

    def start(self) -> None:
        if not self._is_started:
            self._is_started = True
            atexit.register(self._flush_at_exit)

    def begin(self) -> None:
        with self._lock:
            if self._is_started and self.timer is None:
                self.timer = threading.Timer(self._seconds, self._flush_in_thread)
                self.timer.daemon = True
                self.timer.start()

    def _flush_in_thread(self) -> None:
        with self._lock:
            self.timer = None
        try:
            self._flush()
        finally:
            connection.close()  # the thread ends, and nobody else uses its connection

    def _flush_at_exit(self) -> None:
        self._is_started = False  # no thread can begin any more
        self._flush()
