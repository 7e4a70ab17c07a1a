"""Readers and editors who ask while something breaks, and note every answer, how long it took, and its absence."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import quote, urlencode

# A session leads past the copies of the proxy and past the kept pages: what asks so is made anew, from the database.
ANEW = {"Cookie": "sessionid=of-nobody"}
LONGEST = 40  # s


@dataclass(frozen=True)
class Answer:
    """`status` is 0 where none came; `error` says then what happened. `began` is of time.monotonic."""

    asked: str
    status: int
    seconds: float
    began: float
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    error: str = ""

    @property
    def is_a_pause(self) -> bool:
        """503 that says when to come back."""
        return self.status == 503 and "retry-after" in self.headers

    @property
    def is_arabic(self) -> bool:
        return any("\u0600" <= letter <= "\u06ff" for letter in self.text)

    def __str__(self) -> str:
        return f"{self.asked}: {self.error or self.status} after {self.seconds:.2f} s"


def ask(
    netloc: str,
    path: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    timeout: float = LONGEST,
) -> Answer:
    """One request on a connection of its own, which is never asked again and follows no redirect."""
    asked, began = f"{method} {path}", time.monotonic()
    given, body = dict(headers or {}), None
    if form is not None:
        body = urlencode(form)
        given |= {"Content-Type": "application/x-www-form-urlencoded"}
    connection = HTTPConnection(netloc, timeout=timeout)
    try:
        connection.request(method, quote(path, safe="/?&=%"), body=body, headers=given)
        response = connection.getresponse()
        text = response.read().decode(errors="replace")
        told = {name.lower(): value for name, value in response.headers.items()}
        return Answer(asked, response.status, time.monotonic() - began, began, told, text)
    except (OSError, HTTPException) as error:
        return Answer(asked, 0, time.monotonic() - began, began, error=repr(error))
    finally:
        connection.close()


Request = Callable[[], Answer]


class Load:
    """Threads that ask, and what they were answered."""

    def __init__(self, requests: Sequence[Request], *, threads: int = 3, pause: float = 0.02) -> None:
        self.answers: list[Answer] = []
        self._requests, self._count, self._pause = requests, threads, pause
        self._is_over = threading.Event()
        self._threads: list[threading.Thread] = []

    def begin(self) -> None:
        self._start([lambda number=number: self._run(number) for number in range(self._count)])

    def begin_each_once(self) -> None:
        self._start([lambda request=request: self.answers.append(request()) for request in self._requests])

    def _start(self, deeds: Sequence[Callable[[], None]]) -> None:
        self._threads = [threading.Thread(target=deed) for deed in deeds]
        for thread in self._threads:
            thread.start()

    def _run(self, number: int) -> None:
        while not self._is_over.wait(self._pause):
            number += 1
            self.answers.append(self._requests[number % len(self._requests)]())

    def end(self) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, count: int, seconds: float = 20) -> None:
        """Until there are so many answers more."""
        enough = len(self.answers) + count
        wait_until(lambda: len(self.answers) >= enough, seconds)

    @property
    def statuses(self) -> dict[int, int]:
        return dict(sorted(Counter(answer.status for answer in self.answers).items()))

    @property
    def slowest(self) -> float:
        return max((answer.seconds for answer in self.answers), default=0)

    def others_than(self, *statuses: int) -> list[str]:
        return [str(answer) for answer in self.answers if answer.status not in statuses]

    def since(self, moment: float) -> list[Answer]:
        return [answer for answer in self.answers if answer.began >= moment]

    def __str__(self) -> str:
        counted = ", ".join(f"{count} × {status or 'no answer'}" for status, count in self.statuses.items())
        return f"{counted}; slowest {self.slowest:.2f} s"


@contextmanager
def load_of(requests: Sequence[Request], *, threads: int = 3, pause: float = 0.02) -> Iterator[Load]:
    """So many threads ask one after the other for as long as the block lasts, and a little before and after it."""
    load = Load(requests, threads=threads, pause=pause)
    load.begin()
    try:
        load.wait_for(2 * threads)
        yield load
        load.wait_for(2 * threads)
    finally:
        load.end()


def slack(requests: Sequence[Request], *, count: int = 60, threads: int = 3) -> float:
    """s: the slowest of so many answers while nothing is broken.

    A limit of the table of faults is that of a machine that does nothing else. What other programs take from this one
    just before is put on top of it: a tenth of a second where there are none.
    """
    with load_of(requests, threads=threads) as load:
        load.wait_for(count)
    return load.slowest


def at_once(requests: Sequence[Request]) -> Load:
    """All begun, each in a thread of its own; `end` waits for the answers."""
    load = Load(requests)
    load.begin_each_once()
    return load


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> float:
    """How long it took. Raises TimeoutError."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"not after {seconds:g} s")
        time.sleep(0.02)
    return time.monotonic() - began
