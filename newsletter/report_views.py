"""Where the mail provider reports what became of our mails."""

import logging

from anymail.exceptions import AnymailError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from newsletter.returns.tasks import read_reports
from newsletter.returns.webhooks import collecting, is_genuine, keep_unread, put_down, view_of

logger = logging.getLogger(__name__)

LONGEST = 2 * 1024 * 1024


@csrf_exempt
@never_cache
@require_http_methods(["HEAD", "POST"])
def reports(request: HttpRequest, provider: str) -> HttpResponse:
    """Exempt from Django's check: a provider has no cookie; its signature or our secret is the proof.

    Nothing is stored of a call that proves nothing. One that does, and cannot be read, is kept and answered kindly,
    since sending it again would not help.
    """
    view = view_of(provider)
    if view is None:
        raise Http404
    if request.method == "HEAD":  # some providers look whether there is anybody
        return HttpResponse()
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal() or int(length) > LONGEST:
        return HttpResponse("Too large", status=413, content_type="text/plain")
    if not is_genuine(view, request):
        return HttpResponse("Wrong signature", status=403, content_type="text/plain")
    try:
        with collecting() as notices:
            response = view(request)
    except (AnymailError, ValueError, LookupError, TypeError, AttributeError):
        logger.warning("A report of %s could not be understood", provider, exc_info=True)
        keep_unread(provider, request.body)
        return HttpResponse()
    if notices:
        put_down(provider, notices)
        read_reports.enqueue()
    return response
