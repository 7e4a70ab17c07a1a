"""Requests byte by byte, from as many addresses as one likes, and what an answer may not tell."""

import contextlib
import re
import socket
import time
from dataclasses import dataclass
from itertools import count

from tests.security.leaks import told_secrets

# s, after the first byte: whoever keeps the connection open has answered.
PAUSE = 0.3
_numbers = count(1)
_STATUS = re.compile(rb"^HTTP/1\.[01] (\d{3})", re.MULTILINE)


@dataclass(frozen=True)
class RawAnswer:
    """`data` is all that came back, perhaps more than one answer; `seconds` until the last of it."""

    data: bytes
    seconds: float

    @property
    def status(self) -> int:
        """0 where the connection was closed without a word."""
        found = _STATUS.match(self.data)
        return int(found[1]) if found else 0

    @property
    def statuses(self) -> set[int]:
        return {int(status) for status in _STATUS.findall(self.data)}

    @property
    def body(self) -> bytes:
        return self.data.partition(b"\r\n\r\n")[2]

    def header(self, name: str) -> str | None:
        """Of the first answer."""
        head = self.data.partition(b"\r\n\r\n")[0].decode("latin-1")
        found = re.search(rf"^{name}: *(.*?)\r?$", head, re.MULTILINE | re.IGNORECASE)
        return found[1] if found else None


def ask(port: int, request: bytes, *, is_cut: bool = False, patience: float = 10) -> RawAnswer:
    """Send `request` from an address of this machine that nobody used lately: no limit counts it with others."""
    number = next(_numbers)
    source = (f"127.{1 + number // 62_500 % 250}.{1 + number // 250 % 250}.{1 + number % 250}", 0)
    with socket.create_connection(("127.0.0.1", port), timeout=patience, source_address=source) as connection:
        began = time.monotonic()
        # Who is refused before everything was said has an answer all the same.
        with contextlib.suppress(ConnectionError):
            connection.sendall(request)
        if is_cut:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_WR)
        return _answer(connection, began)


def _answer(connection: socket.socket, began: float) -> RawAnswer:
    data, last = b"", time.monotonic()
    with contextlib.suppress(ConnectionError, TimeoutError):
        while part := connection.recv(1 << 20):
            data, last = data + part, time.monotonic()
            connection.settimeout(PAUSE)
        last = time.monotonic()
    if not data:
        last = time.monotonic()
    return RawAnswer(data, last - began)


def faults_of(answer: RawAnswer, own: str) -> list[str]:
    """What is wrong with an answer, whatever was asked. `own` is the address of the site."""
    faults = [f"status {status}" for status in answer.statuses if status >= 500 and status not in {501, 505}]
    faults += [f"tells {secret}" for secret in told_secrets(answer.data)]
    location = answer.header("Location")
    if location is not None and not location.startswith(own + "/") and not re.match(r"/(?![/\\\t])", location):
        faults.append(f"leads to {location}")
    if answer.header("X-Injected") is not None:
        faults.append("a header was slipped in")
    return faults
