"""Readers who ask without a pause, and note what was refused or broken off."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

READERS = 3
PAUSE = 0.02  # seconds
# A session leads past the copies of the proxy: these come to the web server, one of them with a body.
THROUGH = {"Cookie": "sessionid=of-nobody"}
ASKED = (("GET", "/"), ("GET", "/livez"), ("POST", "/reads/"), ("GET", "/admin/login/"))


@dataclass
class Readers:
    netloc: str
    # Each on one connection, as browsers ask, instead of a new one for each request.
    keeps: bool = False
    answers: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: float = 0
    is_over: bool = False

    def run(self) -> None:
        number, connection = 0, HTTPConnection(self.netloc, timeout=40)
        while not self.is_over:
            number += 1
            self.ask(connection, *ASKED[number % len(ASKED)])
            time.sleep(PAUSE)
        connection.close()

    def ask(self, connection: HTTPConnection, method: str, path: str) -> None:
        began = time.monotonic()
        try:
            connection.request(method, path, body=b"x" if method == "POST" else None, headers=THROUGH)
            response = connection.getresponse()
            response.read()
            self.answers[f"{method} {path}"] += 1
            if response.status >= 500:
                self.failures.append(f"{method} {path}: {response.status}")
        except (OSError, HTTPException) as error:
            self.failures.append(f"{method} {path}: {error!r}")
            connection.close()
        finally:
            if not self.keeps:
                connection.close()
            self.slowest = max(self.slowest, time.monotonic() - began)

    def wait_for_answers(self, count: int) -> None:
        until = time.monotonic() + 60
        before = self.answers.total()
        while self.answers.total() < before + count and time.monotonic() < until:
            time.sleep(PAUSE)


@contextmanager
def readers_of(url: str, *, keeps: bool = False) -> Iterator[Readers]:
    readers = Readers(urlsplit(url).netloc, keeps)
    threads = [threading.Thread(target=readers.run) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    try:
        readers.wait_for_answers(READERS)
        yield readers
        readers.wait_for_answers(10 * READERS)
    finally:
        readers.is_over = True
        for thread in threads:
            thread.join()
