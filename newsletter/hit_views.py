"""The picture that is counted when a mail is opened, and the links that lead on. Neither sets or reads a cookie."""

import base64

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from newsletter import hits
from newsletter.enums import Tracking
from newsletter.hit_counting import buffer
from newsletter.hit_filter import Looker, who_follows, who_opens
from newsletter.models import LinkTarget
from newsroom.lib.http import secret_address

# One transparent point.
_POINT = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@secret_address
@require_safe
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """No query: whether the issue counts is asked when the sums are written (hit_counting)."""
    hit = hits.read(token, purpose="open")
    if hit is None:
        raise Http404
    looker = who_opens(request, hit)
    if looker != Looker.NOBODY:
        buffer.add(hit, is_machine=looker == Looker.MACHINE)
    return HttpResponse(_POINT, content_type="image/gif")


@secret_address
@require_safe
def clicked(request: HttpRequest, token: str) -> HttpResponse:
    """Leads only to what stood in the mail: the token names a row and holds no address.

    Links in mails that were sent work for ever, whether anything is still counted or not.
    """
    hit = hits.read(token, purpose="click")
    target = hit and LinkTarget.objects.filter(issue=hit.issue_id, number=hit.number).select_related("issue").first()
    if hit is None or target is None:
        raise Http404
    if target.issue.tracking != Tracking.OFF and who_follows(request, hit) == Looker.READER:
        buffer.add(hit)
    return HttpResponseRedirect(target.url)
