"""A connection to a mail server: lines out, replies in (RFC 5321 §4.2), within limits of time and length."""

import re
import socket
import ssl
from collections.abc import Callable
from typing import NamedTuple

from newsletter.sending.letters import NotPermitted

# RFC 5321 §4.5.3.1.5 allows 512 octets for a line; some servers say more. Nobody needs a hundred lines.
LONGEST_LINE = 2048
MOST_LINES = 100
# As much of an answer as is kept of a delivery.
LONGEST_TEXT = 200

_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class Lost(Exception):
    """The connection is gone, silent, or speaks something else than SMTP."""


class Reply(NamedTuple):
    code: int
    enhanced_code: str = ""
    text: str = ""
    lines: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        return 200 <= self.code < 300

    @property
    def is_final(self) -> bool:
        return self.code >= 500

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()


class Wire:
    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._received = b""

    def start_tls(self, context: ssl.SSLContext, host: str) -> None:
        """Raises Lost when the server has said more: it would be read as if it were encrypted (CVE-2011-0411)."""
        if self._received:
            raise Lost("an answer before the encryption")
        self._socket = context.wrap_socket(self._socket, server_hostname=host)

    def send(self, data: bytes, *, seconds: float, is_permitted: Callable[[], bool] | None = None) -> int:
        """Send all of it; returns how many bytes have left, fewer when the connection broke.

        `is_permitted` is asked again wherever the system did not take everything at once; raises NotPermitted then.
        """
        self._socket.settimeout(seconds)
        view, sent = memoryview(data), 0
        while sent < len(view):
            try:
                sent += self._socket.send(view[sent:])
            except OSError:
                return sent
            if is_permitted and sent < len(view) and not is_permitted():
                raise NotPermitted
        return sent

    def read(self, *, seconds: float) -> Reply:
        """The next reply. Raises Lost."""
        self._socket.settimeout(seconds)
        lines: list[str] = []
        while True:
            line = self._line()
            if not (line[:3].isdigit() and line[3:4] in {"", " ", "-"}):
                raise Lost("an answer that is not SMTP")
            lines.append(line[4:])
            if line[3:4] != "-":
                return _reply(int(line[:3]), lines)
            if len(lines) >= MOST_LINES:
                raise Lost("an answer without end")

    def is_quiet(self) -> bool:
        """Whether the server has neither hung up nor said anything since its last reply."""
        if self._received:
            return False
        self._socket.settimeout(0)
        try:
            self._received = self._socket.recv(4096)
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            return False
        return False

    def close(self) -> None:
        self._socket.close()

    def _line(self) -> str:
        while b"\n" not in self._received:
            if len(self._received) > LONGEST_LINE:
                raise Lost("a line without end")
            try:
                more = self._socket.recv(4096)
            except TimeoutError as error:
                raise Lost("no answer in time") from error
            except OSError as error:
                raise Lost(f"the connection broke ({type(error).__name__})") from error
            if not more:
                raise Lost("the server hung up")
            self._received += more
        line, _end, self._received = self._received.partition(b"\n")
        return line.rstrip(b"\r").decode("ascii", "replace")


def _reply(code: int, lines: list[str]) -> Reply:
    found = _ENHANCED.match(lines[0])
    enhanced_code = found[1] if found else ""
    text = " ".join(line.removeprefix(enhanced_code).strip() for line in lines)
    return Reply(code, enhanced_code, _UNPRINTABLE.sub(" ", text)[:LONGEST_TEXT], tuple(lines))
