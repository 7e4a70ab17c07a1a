"""What every request and answer has in common."""

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotAllowed

from newsroom.lib.outages import Outage
from newsroom.lib.room import NO_ROOM
from newsroom.maintenance import closed_page
from newsroom.out_of_service import out_of_service

GetResponse = Callable[[HttpRequest], HttpResponse]

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
# Set by richtext.widgets pages only: CKEditor 4 writes inline handlers and styles, nothing else may.
EDITOR_SOURCES = ["'self'", "'unsafe-inline'"]

# Who follows a link from the desk tells no other site where he came from.
DESK, DESK_REFERRER_POLICY = "/admin/", "same-origin"
# What any view of ours or of a library answers; each says by itself which of them it is for.
METHODS = ("GET", "HEAD", "POST", "OPTIONS")

# What readers type there is never an error: articles.search_form takes it out itself.
TAKES_NULL_BYTES = "/search/"


def refuse_null_bytes(get_response: GetResponse) -> GetResponse:
    """Answer 400 to a NUL in path or query: PostgreSQL would answer with an error, SQLite would store it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        in_query = "%00" in request.META.get("QUERY_STRING", "") and not request.path.startswith(TAKES_NULL_BYTES)
        if in_query or "\0" in request.path:
            return HttpResponseBadRequest("Bad request", content_type="text/plain")
        return get_response(request)

    return middleware


def refuse_methods(get_response: GetResponse) -> GetResponse:
    """Answer 405 to what no view is for: Django takes TRACE, PUT and made-up words to a view that does not look."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)

    return middleware


def maintenance(get_response: GetResponse) -> GetResponse:
    """503 for everything but static files and the signs of life while the site is closed (manage.py maintenance)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        closed = None if request.path in {"/livez", "/readyz"} else closed_page()
        return closed or get_response(request)

    return middleware


def no_room(get_response: GetResponse) -> GetResponse:
    """503 for whom the web server keeps no thread while the database is slow (newsroom.lib.room)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return out_of_service(request, Outage.UNREACHABLE) if NO_ROOM in request.META else get_response(request)

    return middleware


def security_headers(get_response: GetResponse) -> GetResponse:
    """Content-Security-Policy and Permissions-Policy on every answer, and a shorter Referrer-Policy at the desk.

    A view that shows the editor marks its response with `uses_editor = True`; one whose page offers players of other
    platforms names their origins in `request.frame_sources`, because a 304 is another response and its policy takes
    the place of the one that the kept page came with (RFC 9111, 3.2); a view that sets its own policy (served media)
    keeps it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        frames = tuple(sorted(getattr(request, "frame_sources", None) or ()))
        text = policy(uses_editor=getattr(response, "uses_editor", False), frames=frames)
        response.headers.setdefault("Content-Security-Policy", text)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        # A view may be stricter.
        is_usual = response.headers.get("Referrer-Policy") == settings.SECURE_REFERRER_POLICY
        if is_usual and request.path.startswith(DESK):
            response.headers["Referrer-Policy"] = DESK_REFERRER_POLICY
        return response

    @lru_cache(maxsize=32)
    def policy(*, uses_editor: bool, frames: tuple[str, ...]) -> str:
        sources = dict(settings.SECURE_CSP)
        if uses_editor:
            sources |= {"script-src": EDITOR_SOURCES, "style-src": EDITOR_SOURCES, "frame-src": ["'self'"]}
        if frames:
            sources |= {"frame-src": list(frames)}
        return "; ".join(f"{directive} {' '.join(allowed)}" for directive, allowed in sources.items())

    return middleware
