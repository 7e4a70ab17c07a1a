"""Keeps a thread of the web server free while the database is slow: for pages that are kept, and the signs of life.

A server whose threads all wait for a database is taken for dead, although it could show most of what readers want.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from newsroom.lib import query_watch

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# In the environ of a request that got no place (newsroom.middleware.no_room answers it).
NO_ROOM = "newsroom.no_room"
# They ask for nothing that others wait for.
SIGNS_OF_LIFE = {"/livez", "/readyz"}
# s: a statement that takes longer may take as long as the database lets it, and so may those behind it.
STUCK = 0.5
LOOK_AGAIN = 0.05  # s
PATIENCE = 5.0  # s: where the others are busy and not stuck, but never done


class Room:
    """Places for all threads of this process but one. With fewer than four of them there is one for everybody."""

    def __init__(self, threads: int) -> None:
        self._most = threads - 1 if threads >= 4 else threads
        self._places = threading.Semaphore(self._most)

    @contextmanager
    def place(self, environ: Environ) -> Iterator[bool]:
        """False, and a mark in `environ`, where there is none and none to be expected soon."""
        if environ["PATH_INFO"] in SIGNS_OF_LIFE:
            yield True
            return
        is_taken = self._take()
        try:
            if not is_taken:
                environ[NO_ROOM] = True
            yield is_taken
        finally:
            if is_taken:
                self._places.release()

    def _take(self) -> bool:
        """A place that becomes free is waited for, as long as half of those who have one get on."""
        until = time.monotonic() + PATIENCE
        while not self._places.acquire(blocking=False):
            if query_watch.count_longer_than(STUCK) * 2 > self._most or time.monotonic() > until:
                return False
            if self._places.acquire(timeout=LOOK_AGAIN):
                break
        return True

    def around(self, application: Application) -> Application:
        def placed(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
            with self.place(environ):
                return application(environ, start_response)

        return placed
