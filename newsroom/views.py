"""What answers when no page can: the error pages, and the sign of life for a load balancer."""

import logging
import secrets
import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.addresses import words_of
from articles.admin.kept import refused_form
from articles.models import Article
from newsroom.lib.current_work import current_work
from newsroom.lib.outages import outage_of
from newsroom.operating.readiness import CLOSED, READY, readiness
from newsroom.out_of_service import out_of_service
from newsroom.plain_pages import plain_page

logger = logging.getLogger(__name__)

LATEST = 4


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; asks neither the database nor the session."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 while this process may be given requests, else 503; one word (newsroom.operating.readiness)."""
    word = readiness()
    status = 200 if word in {READY, CLOSED} else 503
    return HttpResponse(word, status=status, content_type="text/plain", headers={"Cache-Control": "no-store"})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return plain_page("plain/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or came from another site."""
    return refused_form(request) or render(request, "403_csrf.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """One page for everything that is not there, so that a draft looks like an address that never was.

    It proposes to search for the words of the address.
    """
    latest = Article.objects.published().newest_first().for_cards()[:LATEST]
    return render(request, "404.html", {"latest": latest, "words": words_of(request.path)}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Says sorry without the database, the session or the request, any of which may be what broke.

    What only has to be waited for is another page; Django logs its error as it logs every other.
    """
    if outage := outage_of(sys.exc_info()[1]):
        return out_of_service(request, outage)
    work = current_work()
    reference = work.id[:8] if work else secrets.token_hex(4)
    logger.error("Told a reader the reference %s for the error at %s", reference, request.path)
    return plain_page("plain/500.html", {"reference": reference}, status=500)
