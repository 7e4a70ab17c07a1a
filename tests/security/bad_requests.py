"""Requests that nobody means well with: those of requests.txt, and those that are made from lists."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
FILES = {name: (HERE / name).read_text(encoding="utf-8") for name in ("requests.txt", "secret_files.txt")}
METHODS = ("TRACE", "TRACK", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "PROPFIND", "FOO", "POST")
# One of each kind that answers readers; the door; what only programs ask for.
ADDRESSES = (
    "/", "{article}", "{section}", "/search/?q=x", "/feeds/rss.xml", "/sitemap.xml", "/robots.txt", "/livez",
    "/nothing/", "/newsletter/", "/newsletter/subscribe/", "/newsletter/unsubscribe/x/", "/newsletter/o/x.gif",
    "/reads/", "{preview}", "{picture}", "/static/nothing.css", "/admin/", "/admin/login/", "/lite/", "/sw.js",
    "/archive/",
)  # fmt: skip
_HEADING = re.compile(r"# --- (.+?) -+$")
_REPEATED = re.compile(r"\{([^{}]+)\*(\d+)\}")
_ESCAPED = re.compile(rb"\\(x[0-9a-f]{2}|r|n|t)")
_CONTROLS = {b"r": b"\r", b"n": b"\n", b"t": b"\t"}


@dataclass(frozen=True)
class BadRequest:
    """`statuses`: what nginx answers or passes on; empty for whatever is below 500, 0 for no answer at all.

    `method` is "raw" or "cut" where `target` is the whole request.
    """

    group: str
    name: str
    statuses: frozenset[int]
    method: str
    target: str
    headers: tuple[str, ...] = ()
    body: str = ""

    @property
    def is_formed(self) -> bool:
        return self.method not in {"raw", "cut"}

    @property
    def is_cut(self) -> bool:
        """Nothing more comes, although the server waits for it."""
        return self.method == "cut"

    def raw(self, places: Mapping[str, str]) -> bytes:
        """As it is sent. `places`: host, article, draft, preview, picture, section."""
        if not self.is_formed:
            return filled(self.target, places)
        body = filled(self.body, places)
        names = {header.partition(":")[0].lower() for header in self.headers}
        lines = [f"{self.method} {self.target} HTTP/1.1"]
        lines += [] if "host" in names else ["Host: {host}"]
        lines += [] if "connection" in names else ["Connection: close"]
        lines += [f"Content-Length: {len(body)}"] if self.needs_length(names) else []
        return b"\r\n".join(filled(line, places) for line in [*lines, *self.headers]) + b"\r\n\r\n" + body

    def needs_length(self, names: set[str]) -> bool:
        return (self.method == "POST" or bool(self.body)) and "content-length" not in names


def filled(text: str, places: Mapping[str, str]) -> bytes:
    """Repeated, with our own addresses in it, as bytes."""
    text = _REPEATED.sub(lambda found: found[1] * int(found[2]), text)
    for name, value in places.items():
        text = text.replace("{" + name + "}", value)
    return _ESCAPED.sub(lambda found: _CONTROLS.get(found[1]) or bytes.fromhex(found[1][1:].decode()), text.encode())


def written() -> Iterator[BadRequest]:
    """Those of requests.txt; its headings are their groups."""
    group = ""
    for line in FILES["requests.txt"].splitlines():
        if heading := _HEADING.match(line):
            group = heading[1].lower()
        elif line and not line.startswith("#"):
            yield _read(group, line)


def _read(group: str, line: str) -> BadRequest:
    name, statuses, request, *parts = line.split(" | ")
    if request in {"raw", "cut"}:
        return BadRequest(group, name, _statuses(statuses), request, " | ".join(parts))
    method, target = request.split(" ", 1)
    body = parts.pop().removeprefix("= ") if parts and parts[-1].startswith("= ") else ""
    return BadRequest(group, name, _statuses(statuses), method, target, tuple(parts), body)


def made() -> Iterator[BadRequest]:
    """Every method at every kind of address, and every file that must not be there."""
    for address in ADDRESSES:
        for method in METHODS:
            yield BadRequest("methods", f"{method} {address}", frozenset(), method, address)
    for path in FILES["secret_files.txt"].splitlines():
        if not path.startswith("#"):
            yield BadRequest("secret files", path, frozenset({301, 302, 400, 404}), "GET", f"/{path}")


def all_requests() -> list[BadRequest]:
    return [*written(), *made()]


def of_group(group: str) -> list[BadRequest]:
    return [request for request in all_requests() if request.group == group]


def _statuses(text: str) -> frozenset[int]:
    return frozenset() if text == "-" else frozenset(0 if part == "none" else int(part) for part in text.split(","))


GROUPS = sorted({request.group for request in all_requests()})
