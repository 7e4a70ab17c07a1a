from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from articles import refreshing
from articles.addresses import straighten

GetResponse = Callable[[HttpRequest], HttpResponse]


def straight_addresses(get_response: GetResponse) -> GetResponse:
    """Find the view of a bent address. `request.path` stays, so that the view sees it and leads to the right one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.path_info = straighten(request.path_info)
        return get_response(request)

    return middleware


def copies(get_response: GetResponse) -> GetResponse:
    """Tell whoever withdrew something, by whichever button, when a proxy did not say that its copy is gone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        refreshing.is_left.set(False)
        response = get_response(request)
        if refreshing.is_left.get():
            told = _("A server that keeps copies did not answer: readers may see the old page for up to 10 seconds.")
            messages.warning(request, told)
        return response

    return middleware
