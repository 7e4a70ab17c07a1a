"""The answer while something that the site stands on is gone: come back soon, and nothing that was typed is lost.

It asks neither the database nor the session, which may be what is gone.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from articles.admin.kept import given_back
from newsroom.lib.outages import Outage
from newsroom.plain_pages import plain_page

# s: when to come back. A database that is started anew answers within a few seconds; a disk wants somebody to come.
SOON = {Outage.UNREACHABLE: 10, Outage.FULL: 300}
# RFC 9110, 15.6.4, and for a disk RFC 4918, 11.5; to readers, who stored nothing, it is the same as the first.
UNAVAILABLE, NO_ROOM = 503, 507


def out_of_service(request: HttpRequest, outage: Outage) -> HttpResponse:
    """A page, with the form of an article in it that could not be saved; for scripts the sentence alone."""
    is_full = outage is Outage.FULL and request.method == "POST"
    status = NO_ROOM if is_full else UNAVAILABLE
    response: HttpResponse
    if request.headers.get("Accept", "") == "application/json":
        response = JsonResponse({"error": {"message": _sentence(is_full=is_full)}}, status=status)
    else:
        context = {"sentence": _sentence(is_full=is_full), "boxes": [], "hidden": [], "token": ""}
        given = given_back(request)
        response = plain_page("plain/out_of_service.html", context | given, status=status)
    response["Retry-After"] = str(SOON[outage])
    add_never_cache_headers(response)
    return response


def _sentence(*, is_full: bool) -> str:
    if is_full:
        return _("There is no room left on the site's disk, so nothing could be saved. Tell whoever looks after it.")
    return _("The site cannot reach its data just now. Try again in a few seconds.")
