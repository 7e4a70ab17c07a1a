"""What a view without cookies needs to know about who is asking."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import get_callable
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]


def same_origin_post(view: View) -> View:
    """Refuse a POST that another site caused; for public forms that must work without cookies.

    Django's protection needs a token in the form and a cookie beside it. A form that stands on every page
    would set that cookie on every page, and such pages cannot be cached for all readers. Browsers say by
    themselves where a request comes from, in headers that no page can forge (W3C Fetch Metadata; Origin,
    RFC 6454), so nothing has to be remembered. Hence the view is exempt from Django's check, but only
    together with this one; who is refused gets the same page (settings.CSRF_FAILURE_VIEW).

    Only for views in which nobody is signed in: who sends neither header, such as a program, is let
    through, because there is no identity that could be abused. GET and HEAD pass.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} and comes_from_elsewhere(request):
            refusal: View = get_callable(settings.CSRF_FAILURE_VIEW)
            return refusal(request, reason="cross-site request")
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)


def comes_from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser says that a page of another site sent this request.

    `Origin: null` alone says nothing: browsers send it from our own pages with `Referrer-Policy:
    no-referrer` as well as from anybody's sandboxed frame. Sec-Fetch-Site, which all browsers send since
    2023, tells the two apart. Hosts are compared without the scheme, which a proxy may hide from us.
    """
    if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin", "null")
    return origin != "null" and origin.partition("://")[2] != request.get_host()


def secret_address(view: View) -> View:
    """For pages whose address is a secret: no cache keeps it, no other site or search engine learns it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        # No date of the site's (pages.middleware.dated): by it somebody could be answered 304.
        response.changes_by_itself = True  # type: ignore[attr-defined]
        return response

    return guarded


def says_same_origin(request: HttpRequest) -> bool:
    """Whether the browser vouches that our own page sent this request. Silence is no."""
    if "Sec-Fetch-Site" in request.headers:
        return request.headers["Sec-Fetch-Site"] == "same-origin" and not comes_from_elsewhere(request)
    return request.headers.get("Origin", "null") != "null" and not comes_from_elsewhere(request)
