"""What every request and answer has in common."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

from newsroom.maintenance import closed_page

GetResponse = Callable[[HttpRequest], HttpResponse]

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
# Set by richtext.widgets pages only: CKEditor 4 writes inline handlers and styles, nothing else may.
EDITOR_SOURCES = ["'self'", "'unsafe-inline'"]


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


def maintenance(get_response: GetResponse) -> GetResponse:
    """503 for everything but static files and the sign of life while the site is closed (manage.py maintenance)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        closed = None if request.path == "/livez" else closed_page()
        return closed or get_response(request)

    return middleware


def security_headers(get_response: GetResponse) -> GetResponse:
    """Content-Security-Policy and Permissions-Policy on every answer.

    A view that shows the editor marks its response with `uses_editor = True`; one whose page offers players of other
    platforms names their origins in `request.frame_sources`, because a 304 is another response and its policy takes
    the place of the one that the kept page came with (RFC 9111, 3.2); a view that sets its own policy (served media)
    keeps it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        policy = dict(settings.SECURE_CSP)
        if getattr(response, "uses_editor", False):
            policy |= {"script-src": EDITOR_SOURCES, "style-src": EDITOR_SOURCES, "frame-src": ["'self'"]}
        if frames := getattr(request, "frame_sources", None):
            policy |= {"frame-src": sorted(frames)}
        text = "; ".join(f"{directive} {' '.join(sources)}" for directive, sources in policy.items())
        response.headers.setdefault("Content-Security-Policy", text)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response

    return middleware
