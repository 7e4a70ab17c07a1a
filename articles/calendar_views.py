"""The plan of the desk as a calendar program fetches it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from articles.calendar_feeds import calendar_of, find_feed
from newsroom.lib.http import secret_address
from newsroom.lib.ical import CONTENT_TYPE


@require_safe
@secret_address
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """Whoever has the address reads it, without an account: nobody else may keep it or find it."""
    feed = find_feed(key)
    if feed is None:
        raise Http404("no such calendar")
    response = HttpResponse(calendar_of(feed), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return response
