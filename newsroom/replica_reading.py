"""Which requests read a replica: those of visitors, who have changed nothing a moment ago."""

from collections.abc import Callable

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest, HttpResponse

from newsroom.lib.keeping import is_noting
from newsroom.lib.replicas import is_settled, reading, replicas

GetResponse = Callable[[HttpRequest], HttpResponse]

# Set with the answer to whatever may have changed something: who reads it next would miss it on a replica.
PIN = "pin"
PINNED = 10  # s
# What is one person's, or was sent to one a moment ago.
_PERSONAL = ("/admin/", "/preview/", "/partners/", "/calendar/", "/newsletter/", "/livez", "/readyz")
# A beacon of each reader for each page: it writes nothing that he reads, and he shall get no cookie.
_WITHOUT_PIN = ("/reads/",)


def replica_reading(get_response: GetResponse) -> GetResponse:
    """Only there where REPLICA_URLS names some (settings.MIDDLEWARE)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return _pinned(get_response(request), request)
        alias = _chosen(request)
        with reading(alias):
            response = get_response(request)
        if alias == DEFAULT_DB_ALIAS or not _has_failed(response, alias):
            return response
        replicas.each[alias].drop()
        connections[alias].close()
        return get_response(request)

    return middleware


def _chosen(request: HttpRequest) -> str:
    if _is_personal(request) or (is_noting() and not is_settled()):
        return DEFAULT_DB_ALIAS
    return replicas.pick()


def _is_personal(request: HttpRequest) -> bool:
    return (
        request.path.startswith(_PERSONAL)
        or "HTTP_AUTHORIZATION" in request.META
        or not {settings.SESSION_COOKIE_NAME, PIN}.isdisjoint(request.COOKIES)
    )


def _has_failed(response: HttpResponse, alias: str) -> bool:
    """Whether the page broke because the replica did; it is then made from the primary."""
    return response.status_code >= 500 and connections[alias].errors_occurred


def _pinned(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    if not request.path.startswith(_WITHOUT_PIN):
        response.set_cookie(PIN, "1", max_age=PINNED, secure=settings.HTTPS, httponly=True, samesite="Lax")
    return response
