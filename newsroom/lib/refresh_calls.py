"""Calling the proxies in front that keep copies of pages, so that they fetch those anew which have changed.

A call asks the proxy for a page as a reader would, with our token: the proxy then asks us in place of its copy, and
keeps what it gets (deploy/nginx). It has a copy for each encoding.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings

logger = logging.getLogger(__name__)

ENCODINGS = ("br", "gzip")
TIMEOUT = 2.0  # s, for each answer
# What a proxy that knows our token says of where the answer came from.
FETCHED = "BYPASS"
MOST_WAITING = 20


class NotTold(Exception):
    """The proxy gave no answer, or one that says that it keeps what it has."""


@dataclass
class Errand:
    """Pages that one proxy is to fetch anew before `until` (time.monotonic)."""

    paths: Sequence[str]
    until: float
    fault: str = ""
    done: threading.Event = field(default_factory=threading.Event)

    def run(self, line: "_Line") -> None:
        try:
            for path in self.paths:
                for encoding in ENCODINGS:
                    line.ask(path, encoding, seconds=min(TIMEOUT, self.until - time.monotonic()))
        except (OSError, HTTPException, NotTold) as error:
            self.fault = str(error) or type(error).__name__
        finally:
            self.done.set()


def fetch_anew(paths: Sequence[str], *, seconds: float, is_urgent: bool = False) -> bool:
    """Have all proxies fetch these pages, and wait for it. False when one has not within the time; the log says which.

    The first that fails ends the errand of that proxy: one that is gone would hold up the others for each page.
    """
    until = time.monotonic() + seconds
    errands = {courier: Errand(paths, until) for courier in couriers()}
    for courier, errand in errands.items():
        courier.send(errand, is_urgent=is_urgent)
    for courier, errand in errands.items():
        if not errand.done.wait(max(0, until - time.monotonic())):
            errand.fault = errand.fault or "no time left"
        if errand.fault:
            logger.warning("The proxy %s may show older pages for some seconds: %s", courier.origin, errand.fault)
    return not any(errand.fault for errand in errands.values())


@cache
def couriers() -> tuple["Courier", ...]:
    """One for each proxy, so that none waits for another."""
    return tuple(map(Courier, settings.CACHE_REFRESH_URLS))


class Courier:
    """Runs errands to one proxy in a thread, which begins with the first one: it would not outlive a fork."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self._waiting: deque[Errand] = deque()
        self._condition = threading.Condition()
        self._thread: threading.Thread | None = None

    def send(self, errand: Errand, *, is_urgent: bool) -> None:
        with self._condition:
            if is_urgent:
                self._waiting.appendleft(errand)
            elif len(self._waiting) < MOST_WAITING:
                self._waiting.append(errand)
            else:
                errand.fault = "too much to do"
                errand.done.set()
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name=f"refresh {self.origin}", daemon=True)
                self._thread.start()
            self._condition.notify()

    def _work(self) -> None:
        line = _Line(self.origin)
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._waiting)
                errand = self._waiting.popleft()
            errand.run(line)


class _Line:
    """A connection to a proxy, kept open between calls."""

    def __init__(self, origin: str) -> None:
        self._address = urlsplit(origin)
        self._host = urlsplit(settings.SITE_URL).netloc
        self._connection: HTTPConnection | None = None

    def ask(self, path: str, encoding: str, *, seconds: float) -> None:
        """Raises NotTold, OSError or HTTPException."""
        if seconds <= 0:
            raise NotTold("no time left")
        was_open = self._connection is not None
        try:
            self._ask(path, encoding, seconds)
        except (OSError, HTTPException):
            self._close()
            if not was_open:
                raise
            self._ask(path, encoding, seconds)  # the proxy may have closed a line that was long idle

    def _ask(self, path: str, encoding: str, seconds: float) -> None:
        try:
            connection = self._open(seconds)
            headers = {"Host": self._host, "Accept-Encoding": encoding, "X-Cache-Refresh": settings.CACHE_REFRESH_TOKEN}
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, HTTPException):
            self._close()
            raise
        if answer.status >= 500 or answer.getheader("X-Cache") != FETCHED:
            raise NotTold(f"it answered {answer.status} ({answer.getheader('X-Cache')}) for {path}")

    def _open(self, seconds: float) -> HTTPConnection:
        if self._connection is None:
            kind = HTTPSConnection if self._address.scheme == "https" else HTTPConnection
            self._connection = kind(self._address.netloc, timeout=seconds)
        elif self._connection.sock is not None:
            self._connection.sock.settimeout(seconds)
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
