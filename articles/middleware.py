from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from articles.addresses import straighten

GetResponse = Callable[[HttpRequest], HttpResponse]


def straight_addresses(get_response: GetResponse) -> GetResponse:
    """Find the view of a bent address. `request.path` stays, so that the view sees it and leads to the right one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.path_info = straighten(request.path_info)
        return get_response(request)

    return middleware
