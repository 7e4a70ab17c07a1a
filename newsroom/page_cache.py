"""Whole pages, kept in front of Django for readers who are not signed in.

A WSGI application around that of Django. A page that holds is answered before any middleware runs. What is missing is
made from a request that says nothing of who asks: no cookies, no headers but the host, and only those parameters of
the query that its view reads. So nothing that one reader sends can be shown to another (docs/decisions/0032).
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.crypto import constant_time_compare

from newsroom.kept_answer import Answer, Environ, Headers, KeptAnswer, StartResponse, read_answer
from newsroom.lib.keeping import Kept, PageRule, make_kept
from newsroom.lib.room import SIGNS_OF_LIFE, Room
from newsroom.lib.surrogate_keys import headers as surrogate_headers
from pages import neighbours
from pages.clock import clock

Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# s: a page that is not older is shown although something in it changed, unless that was recalled. Without it a busy
# hour of the desk would have every reader wait for a page of his own.
YOUNG = 1.0
# s: how long a request waits for another that makes the same page.
PATIENCE = 2.0
LONGEST_QUERY = 500  # bytes, of the parameters that count
MOST_PATHS = 20_000  # whose rule is remembered
LONGEST_PATH = 500  # bytes, of those; our own addresses are shorter
MOST_FIELDS = 100
_OWN_HOST = urlsplit(settings.SITE_URL).netloc
REFRESH = "HTTP_X_CACHE_REFRESH"
# What a proxy keeps, for as short as it can, in the place of a page that was taken away or has moved.
GONE = "public, max-age=0, s-maxage=1"
_GONE = {"301", "302", "404", "410"}
# While no page can be made: what a proxy is told of the one that is shown instead, and how old that may be, in seconds.
STALE = "public, max-age=0, s-maxage=2, stale-if-error=600"
STALEST = 24 * 60 * 60
# s: how long nobody tries to make a page that can be shown as it was, after one could not be made. Each who tries
# may wait for the database as long as it takes to say no.
PAUSE = 1.0
# Never kept, so nobody need look for their views.
_NEVER = (settings.STATIC_URL, "/admin/")
# Of a request that fills the cache. The last two for the log; no page shows them.
_PASSED = (
    "PATH_INFO", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "HTTP_HOST", "REMOTE_ADDR", "HTTP_X_REQUEST_ID",
)  # fmt: skip


class _Request(NamedTuple):
    """What a page may depend on; equal ones get one page."""

    host: str
    is_secure: bool
    path: str
    query: str


def kept_in_front_of(application: Application) -> Application:
    """Django's application, with as much kept as the settings say."""
    if settings.PAGE_CACHE == "on":
        return PageCache(application, int(settings.PAGE_CACHE_MB * 1024 * 1024))
    return _looking_at_the_clock(Room(settings.WEB_THREADS).around(application))


def _looking_at_the_clock(application: Application) -> Application:
    """It says when parts of pages end, and notes what came out (pages.public_time)."""

    def looking(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        _look_at_the_clock(environ)
        if _is_refresh(environ) and not neighbours.catch_up():
            return _unknown(start_response)
        return application(environ, start_response)

    return looking


def _look_at_the_clock(environ: Environ) -> None:
    """The first look of a process asks the database, for which no sign of life may wait."""
    if environ["PATH_INFO"] not in SIGNS_OF_LIFE:
        clock.look()


class PageCache:
    """Keeps up to `most_bytes` of pages in this process."""

    def __init__(self, application: Application, most_bytes: int) -> None:
        # Answers of this process: from a page that held, with one that was made, with one that no longer held.
        self.hits = self.misses = self.stale = 0
        self._application = application
        self._room = Room(settings.WEB_THREADS)
        self._passed_on = self._room.around(application)
        self._broken_until = 0.0  # time.monotonic
        # Of parameters, and of ways to write the host, there is no end: who makes them up must not put away the pages
        # that everybody reads.
        self._asked = _Pages(most_bytes // 4)
        self._pages = _Pages(most_bytes - most_bytes // 4)
        self._rules: dict[str, PageRule] = {}
        self._making: dict[_Request, threading.Event] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        _look_at_the_clock(environ)
        request = self._request(environ)
        if request is None:
            return self._passed_on(environ, start_response)
        page = self._shelf(request).get(request)
        # Whoever says that he fetches a page anew is looked at: this machine may not know yet that it does not hold.
        if page is not None and REFRESH not in environ and page.holds():
            self.hits += 1
            return _sent(page, environ, start_response)
        with self._room.place(environ) as is_there:
            if is_there:
                # Somebody may have made it while this one waited.
                page = self._shelf(request).get(request)
                return self._not_from_hand(request, page, environ, start_response)
        if page is not None and _is_better_than_none(page) and not _is_refresh(environ):
            return self._send_stale(page, environ, start_response)
        return self._application(environ, start_response)

    def _not_from_hand(
        self, request: _Request, page: Kept | None, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        is_refresh = _is_refresh(environ)
        if is_refresh and not neighbours.catch_up():
            return _unknown(start_response)
        if page is not None and not is_refresh and time.monotonic() < self._broken_until and _is_better_than_none(page):
            return self._send_stale(page, environ, start_response)
        former = page
        if page is None or not self._may_be_shown(page, is_refresh=is_refresh):
            page = self._made(request, environ, page)
            if page is former and not is_refresh:
                return self._send_stale(page, environ, start_response)
        if (said := _said_to_proxies(page, is_refresh=is_refresh)) is not None:
            start_response = _saying(start_response, ("Cache-Control", said))
        return _sent(page, environ, start_response)

    def _send_stale(self, page: Kept, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """A page of a while ago: the first of `page` again."""
        self.stale += 1
        age = ("Age", str(int(time.monotonic() - page.made_at)))
        return _sent(page, environ, _saying(start_response, ("Cache-Control", STALE), age))

    def _request(self, environ: Environ) -> _Request | None:
        """None for what is not kept."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or _is_personal(environ):
            return None
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        rule = self._rule(path)
        told = _told(query, rule.uses) if rule and query else ""
        if rule is None or told is None:
            return None
        return _Request(environ.get("HTTP_HOST", ""), _is_secure(environ), path, told)

    def _rule(self, path: str) -> PageRule | None:
        rule = self._rules.get(path)
        if rule is None and (rule := _rule_of(path)) and len(path) <= LONGEST_PATH:
            if len(self._rules) >= MOST_PATHS:
                self._rules = {}
            self._rules[path] = rule
        return rule

    def _shelf(self, request: _Request) -> "_Pages":
        return self._asked if request.query or request.host != _OWN_HOST else self._pages

    def _may_be_shown(self, page: Kept, *, is_refresh: bool) -> bool:
        if page.holds():
            return True
        is_young = time.monotonic() - page.made_at < YOUNG
        return is_young and not page.is_recalled() and not is_refresh

    def _made(self, request: _Request, environ: Environ, former: Kept | None) -> Kept:
        """Make the page, or take it from the thread that makes it just now."""
        mine = threading.Event()
        with self._lock:
            making = self._making.setdefault(request, mine)
        if making is not mine:
            making.wait(PATIENCE)
            page = self._shelf(request).get(request)
            if page is not None and self._may_be_shown(page, is_refresh=_is_refresh(environ)):
                return page
        try:
            return self._make(request, environ, former)
        finally:
            mine.set()
            with self._lock:
                if self._making.get(request) is mine:
                    del self._making[request]

    def _make(self, request: _Request, environ: Environ, former: Kept | None) -> Kept:
        """A page that cannot be made now is shown as it was: `former` itself."""
        self.misses += 1
        inner = _inner(request, environ)
        rule = self._rule(request.path)
        seconds = rule.seconds if rule else 0
        page = make_kept(lambda: read_answer(self._application, inner), seconds=seconds)
        if isinstance(page.value, KeptAnswer):
            if settings.SURROGATE_KEYS:
                page.value.add_headers(surrogate_headers(page.names))
            self._broken_until = 0.0
            self._shelf(request).put(request, page)
        elif page.value.is_broken:
            if page.value.is_for_now:
                self._broken_until = time.monotonic() + PAUSE
            if former is not None and _is_better_than_none(former):
                return former
        return page


class _Pages:
    """Pages by their request, up to a number of bytes; those asked for least lately make room."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._pages: OrderedDict[_Request, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, request: _Request) -> Kept | None:
        with self._lock:
            page = self._pages.get(request)
            if page is not None:
                self._pages.move_to_end(request)
            return page

    def put(self, request: _Request, page: Kept) -> None:
        with self._lock:
            former = self._pages.pop(request, None)
            self._bytes += page.value.weight - (former.value.weight if former else 0)
            self._pages[request] = page
            while self._bytes > self._most_bytes:
                _request, oldest = self._pages.popitem(last=False)
                self._bytes -= oldest.value.weight


def _sent(page: Kept, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    answer: Answer | KeptAnswer = page.value
    return answer.send(environ, start_response)


def _is_better_than_none(page: Kept) -> bool:
    """Yesterday's page rather than an error, but nothing that was taken away."""
    return time.monotonic() - page.made_at < STALEST and not page.is_recalled()


def _unknown(start_response: StartResponse) -> Iterable[bytes]:
    """For a proxy that wants a page anew while we cannot know what others have changed: it must not keep ours."""
    start_response("503 Service Unavailable", [("Cache-Control", "no-store"), ("Content-Length", "0")])
    return []


def _said_to_proxies(page: Kept, *, is_refresh: bool) -> str | None:
    """The Cache-Control of this one answer; None for what it says itself.

    A page that changed while it was made, or since, is shown for a moment and kept by nobody: it might reach a proxy
    after the call that replaced its copy. And what takes the place of a page must be kept, or the copy would stay.
    """
    if isinstance(page.value, KeptAnswer):
        return None if page.holds() else "no-cache"
    return GONE if page.value.status[:3] in _GONE and is_refresh else None


def _saying(start_response: StartResponse, *own: tuple[str, str]) -> StartResponse:
    """With these headers in place of those of the same names."""
    names = {name.lower() for name, _value in own}

    def start(status: str, headers: Headers, error: Any = None) -> Any:
        others = [header for header in headers if header[0].lower() not in names]
        return start_response(status, [*others, *own])

    return start


def _is_personal(environ: Environ) -> bool:
    return "HTTP_AUTHORIZATION" in environ or settings.SESSION_COOKIE_NAME in environ.get("HTTP_COOKIE", "")


def _is_secure(environ: Environ) -> bool:
    """As HttpRequest.scheme says it: by the header of the proxy, without one by the connection."""
    told = environ.get("HTTP_X_FORWARDED_PROTO") if settings.BEHIND_PROXY else None
    return (environ.get("wsgi.url_scheme") if told is None else told.partition(",")[0].strip()) == "https"


def _is_refresh(environ: Environ) -> bool:
    """Whether a proxy of ours fetches a page anew because it changed (articles.refreshing)."""
    token = settings.CACHE_REFRESH_TOKEN
    return bool(token) and constant_time_compare(environ.get(REFRESH, ""), token)


def _rule_of(path: str) -> PageRule | None:
    """What the view of an address says about keeping its pages."""
    if path.startswith(_NEVER):
        return None
    try:
        return getattr(resolve(path.encode("latin-1").decode()).func, "page_rule", None)
    except (Resolver404, UnicodeDecodeError):
        return None


def _told(query: str, uses: frozenset[str]) -> str | None:
    """The part of a query that the view is shown, in one order; None for one that Django is to judge."""
    if "%00" in query or not query.isascii():
        return None
    if not uses:
        return ""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return None
    told = urlencode(sorted((pair for pair in pairs if pair[0] in uses), key=lambda pair: pair[0]))
    return told if len(told) <= LONGEST_QUERY else None


def _inner(request: _Request, environ: Environ) -> Environ:
    """The request as Django sees it, whoever asks.

    Without the path before our own (SCRIPT_NAME), which gunicorn takes from a header that some proxies pass on: every
    link of the page would begin with it.
    """
    inner = {name: environ[name] for name in _PASSED if name in environ}
    inner |= {name: value for name, value in environ.items() if name.startswith("wsgi.")}
    inner |= {"REQUEST_METHOD": "GET", "QUERY_STRING": request.query, "SCRIPT_NAME": "", "wsgi.input": BytesIO()}
    inner["wsgi.url_scheme"] = "https" if request.is_secure else "http"
    if request.is_secure and settings.BEHIND_PROXY:
        inner["HTTP_X_FORWARDED_PROTO"] = "https"
    return inner
