"""An answer of Django as newsroom.page_cache keeps it: packed once, and ready for what browsers ask of it."""

import gzip
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import brotli  # type: ignore[import-untyped]
from django.utils.http import http_date, parse_http_date_safe

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Headers = list[tuple[str, str]]

# Browsers ask each time; proxies ask after five seconds, and show what they have while nobody answers (RFC 5861). Both
# together are ten seconds: nginx counts whole ones, and what is five old may be nearly six.
FOR_PROXIES = "s-maxage=5, stale-while-revalidate=4, stale-if-error=600"
PUBLIC = f"public, max-age=0, {FOR_PROXIES}"
LARGEST = 2 * 1024 * 1024  # bytes
PACKED_FROM = 500  # bytes
# The highest would take twenty times as long for a tenth less.
BROTLI_QUALITY, GZIP_LEVEL = 5, 6
# s: HTTP counts whole seconds, so a date is told when nothing can change within its second any more.
SETTLED = 2
_TEXTS = ("text/", "image/svg+xml", "application/json", "application/xml", "application/feed+json")
_TEXT_ENDS = ("+xml", "+json")
# The last is of the request by which it was made.
_OURS = {"cache-control", "content-length", "etag", "last-modified", "vary", "x-request-id"}
# What a 304 must say (RFC 9110, 15.4.5); of the rest the browser has what came with the page.
_OF_304 = {"Cache-Control", "ETag", "Last-Modified", "Vary"}
_OVERHEAD = 4096  # bytes: headers, and what Python adds
# Letters: of a header that is read and remembered. No browser sends a longer one.
_LONGEST_HEADER = 500


class Answer:
    """What Django answered, to be sent as it is."""

    def __init__(self, status: str, headers: Headers, body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def is_broken(self) -> bool:
        return self.status.startswith("5")

    @property
    def is_for_now(self) -> bool:
        """What the page needs is not there (newsroom.out_of_service), whatever page it is."""
        return self.status.startswith("503")

    @property
    def may_be_kept(self) -> bool:
        """A page for everybody: no cookie, not said to be private, not one of several for one address."""
        told = {name.lower(): value.lower() for name, value in self.headers}
        return (
            self.status.startswith("200")
            and len(self.body) <= LARGEST
            and "set-cookie" not in told
            and not {"private", "no-store"} & _words(told.get("cache-control", ""))
            and _words(told.get("vary", "")) <= {"accept-encoding"}
        )

    def send(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        start_response(self.status, self.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self.body]


class KeptAnswer:
    """An answer that may be kept, with the headers of a public page."""

    def __init__(self, answer: Answer) -> None:
        told = {name.lower(): value for name, value in answer.headers}
        self._common = [(name, value) for name, value in answer.headers if name.lower() not in _OURS]
        said = told.get("cache-control", "")
        self._common.append(("Cache-Control", f"{said}, {FOR_PROXIES}" if "max-age" in said else PUBLIC))
        self._packs = len(answer.body) >= PACKED_FROM and _is_text(told.get("content-type", ""))
        if self._packs:
            self._common.append(("Vary", "Accept-Encoding"))
        self._body = answer.body
        self._tag = blake2b(answer.body, digest_size=12).hexdigest()
        self._made_at = time.time()
        self._date = ("Last-Modified", http_date(self._made_at))
        self._packed: dict[str, tuple[Headers, bytes]] = {}

    def add_headers(self, headers: Headers) -> None:
        """Before it is first sent."""
        self._common += headers

    @property
    def weight(self) -> int:
        """Bytes, with room for what is packed."""
        return 3 * len(self._body) // 2 + _OVERHEAD

    def send(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        encoding = best_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")[:_LONGEST_HEADER]) if self._packs else ""
        headers, body = self._packed.get(encoding) or self._pack(encoding)
        is_settled = time.time() - self._made_at > SETTLED
        if is_settled:
            headers = [*headers, self._date]
        if self._is_known(environ, is_settled=is_settled):
            start_response("304 Not Modified", [header for header in headers if header[0] in _OF_304])
            return []
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _pack(self, encoding: str) -> tuple[Headers, bytes]:
        body, tag = self._body, self._tag
        headers = self._common
        if encoding:
            body, tag = _PACKERS[encoding](body), f"{tag}-{encoding}"
            headers = [*headers, ("Content-Encoding", encoding)]
        packed = ([*headers, ("Content-Length", str(len(body))), ("ETag", f'"{tag}"')], body)
        self._packed[encoding] = packed
        return packed

    def _is_known(self, environ: Environ, *, is_settled: bool) -> bool:
        """Whether the reader has this page already (RFC 9110, 13.2.2); a tag is the same however it is packed."""
        tags = environ.get("HTTP_IF_NONE_MATCH")
        if tags is not None and len(tags) > _LONGEST_HEADER:
            return False
        if tags is not None:
            return tags.strip() == "*" or self._tag in _bare_tags(tags)
        since = environ.get("HTTP_IF_MODIFIED_SINCE")
        if since is None or not is_settled:
            return False
        moment = parse_http_date_safe(since)
        # A date that is still to come is that of a clock which went back since: it says nothing of this page.
        return moment is not None and int(self._made_at) <= moment <= time.time()


def read_answer(application: Callable[..., Iterable[bytes]], environ: Environ) -> Answer | KeptAnswer:
    """Ask Django."""
    status, headers = "", Headers()

    def start_response(*told: Any) -> None:
        nonlocal status, headers
        status, headers = told[:2]

    parts = application(environ, start_response)
    try:
        body = b"".join(parts)
    finally:
        if close := getattr(parts, "close", None):
            close()
    answer = Answer(status, headers, body)
    return KeptAnswer(answer) if answer.may_be_kept else answer


@lru_cache(maxsize=256)
def best_encoding(accepted: str) -> str:
    """br, gzip or "", by an Accept-Encoding header (RFC 9110, 12.5.3)."""
    weights: dict[str, float] = {}
    for each in accepted.lower().split(","):
        name, *parameters = (part.strip() for part in each.split(";"))
        weights[name] = _weight(parameters)
    for encoding in _PACKERS:
        if weights.get(encoding, weights.get("*", 0)) > 0:
            return encoding
    return ""


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0
    return 1


@lru_cache(maxsize=256)
def _bare_tags(header: str) -> frozenset[str]:
    """Tags without quotes, without the mark of weak ones and without what says how they were packed."""
    tags = (tag.strip().removeprefix("W/").strip('"') for tag in header.split(","))
    return frozenset(tag.removesuffix("-br").removesuffix("-gzip") for tag in tags)


def _words(header: str) -> set[str]:
    return {word.strip() for word in header.split(",")} - {""}


def _is_text(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip()
    return kind.startswith(_TEXTS) or kind.endswith(_TEXT_ENDS)


def _brotli(body: bytes) -> bytes:
    return brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)  # type: ignore[no-any-return]


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, GZIP_LEVEL, mtime=0)


# The first that a reader takes.
_PACKERS = {"br": _brotli, "gzip": _gzip}
