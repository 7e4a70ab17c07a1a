"""Each request has a number, is counted and timed, and has its line in the log where one is wanted."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from newsroom.lib import meters
from newsroom.lib.current_work import Work, current_work, is_id, working_on
from newsroom.page_cache import PageCache

logger = logging.getLogger("newsroom.access")

GetResponse = Callable[[HttpRequest], HttpResponse]
Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

HEADER = "X-Request-ID"
# Whoever made up a method must not make up a series too.
METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"}


class Measured:
    """The first middleware: whatever answers, it is counted. A page that is kept whole never comes here."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        with working_on(current_work() or begin(request.META)) as work:
            response = self.get_response(request)
            response.headers[HEADER] = work.id
            _count(request, response, work, time.perf_counter() - began)
        meters.write_now_and_then()
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """The log has its name while it runs."""
        if work := current_work():
            work.name = view_name(request)


def begin(environ: Environ) -> Work:
    """With the number that a proxy of ours gave it, if it looks like one."""
    told = environ.get("HTTP_X_REQUEST_ID", "") if settings.BEHIND_PROXY else ""
    return Work(told) if is_id(told) else Work()


def view_name(request: HttpRequest) -> str:
    """As in the map of addresses: there are as many as that has lines. "none" where no view was asked."""
    found = request.resolver_match
    return (found.view_name or found._func_path) if found else "none"


def _count(request: HttpRequest, response: HttpResponse, work: Work, seconds: float) -> None:
    view = work.name = work.name or view_name(request)
    method = request.method if request.method in METHODS else "other"
    meters.add("newsroom_requests_total", view=view, method=str(method), status=f"{response.status_code // 100}xx")
    meters.took("newsroom_request_seconds", seconds, view=view)
    if work.query_count:
        meters.add("newsroom_queries_total", work.query_count, view=view)
        meters.add("newsroom_query_seconds_total", work.query_seconds, view=view)


def count_kept(application: Application) -> None:
    """Have the counters of the page cache told, which counts by itself; a hit has no time to be told of."""
    if isinstance(application, PageCache):
        meters.collect_from(lambda: _kept(application))


def _kept(pages: PageCache) -> Iterator[tuple[str, dict[str, str], float]]:
    for outcome, count in (("hit", pages.hits), ("miss", pages.misses), ("stale", pages.stale)):
        yield "newsroom_page_cache_total", {"outcome": outcome}, count


def logged(application: Application) -> Application:
    """Around everything, where ACCESS_LOG asks for it: a line for each request, kept pages among them."""
    return _Logged(application) if settings.ACCESS_LOG else application


class _Logged:
    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        began = time.perf_counter()
        status, length = "", ""

        def start(told: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            nonlocal status, length
            names = {name.lower(): value for name, value in headers}
            status, length = told, names.get("content-length", "")
            if "x-request-id" not in names:
                headers = [*headers, (HEADER, work.id)]
            return start_response(told, headers, *more)

        with working_on(begin(environ)) as work:
            parts = self._application(environ, start)
            logger.info("Request", extra={"fields": _fields(environ, work, status, length, began)})
        return parts


def _fields(environ: Environ, work: Work, status: str, length: str, began: float) -> dict[str, Any]:
    """No path: the name of the view says enough, and nothing of who asked for what."""
    method = environ["REQUEST_METHOD"]
    return {
        "method": method if method in METHODS else "other",
        "work": work.name or "kept",
        "status": int(status[:3] or 0),
        "ms": round((time.perf_counter() - began) * 1000, 2),
        "queries": work.query_count,
        "query_ms": round(work.query_seconds * 1000, 2),
        "bytes": int(length) if length.isdigit() else None,
        "cached": not work.name,
    }
