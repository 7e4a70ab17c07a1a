from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone

from pages import current
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


def redirects(get_response: GetResponse) -> GetResponse:
    """Follow a Redirect where nothing else answered: a living address can never be shadowed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 404 or request.method not in {"GET", "HEAD"}:
            return response
        redirect = Redirect.objects.filter(old_path=request.path).first()
        return HttpResponsePermanentRedirect(redirect.new_path) if redirect else response

    return middleware
