from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from django.utils.http import http_date

from newsroom.lib.addresses import read_address
from pages import current
from pages.freshness import last_modified
from pages.models import Redirect

GetResponse = Callable[[HttpRequest], HttpResponse]


def current_site(get_response: GetResponse) -> GetResponse:
    """Forget the site after each request, so that the next one sees changed settings.

    In the admin, forms and lists show times in the time zone of the site.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        current.forget_site()
        try:
            if request.path.startswith("/admin/"):
                timezone.activate(ZoneInfo(current.current_site().settings.time_zone))
            return get_response(request)
        finally:
            timezone.deactivate()
            current.forget_site()

    return middleware


def dated(get_response: GetResponse) -> GetResponse:
    """Say when a public page last changed; Django's ConditionalGetMiddleware, outside this one, answers 304 by it.

    By the site's own rule, whatever a view said: the time of the newest story would hide that one was withdrawn.
    Answers that do not show the site (files, signs of life) keep what they said, and so does a view that marks its
    response with `changes_by_itself = True`. Who said nothing about keeping is asked each time: browsers would guess
    how long a page holds, and show a withdrawn story.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        site = current.loaded_site()
        if site is None or request.path.startswith("/admin/"):
            return response
        response.headers.setdefault("Cache-Control", "no-cache")
        if response.status_code != 200 or getattr(response, "changes_by_itself", False):
            return response
        moment = last_modified(site)
        if moment:
            response["Last-Modified"] = http_date(moment.timestamp())
        elif response.has_header("Last-Modified"):
            del response["Last-Modified"]
        return response

    return middleware


def redirects(get_response: GetResponse) -> GetResponse:
    """Follow a Redirect where nothing else answered: a living address can never be shadowed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 404 or request.method not in {"GET", "HEAD"}:
            return response
        redirect = _redirect_from(request.path)
        return HttpResponsePermanentRedirect(redirect.new_path) if redirect else response

    return middleware


def _redirect_from(path: str) -> Redirect | None:
    """By the address as it came, or else as people read it, with or without the slash at its end."""
    read = read_address(path)
    spellings = [path, read, read.rstrip("/"), read.rstrip("/") + "/"]
    rows = Redirect.objects.filter(old_path__in=spellings).exclude(new_path=path)
    found = {row.old_path: row for row in rows}
    return next((found[spelling] for spelling in spellings if spelling in found), None)
