"""One slice of sending an issue: take a place, send for a while, settle everything, go."""

import logging
from contextlib import suppress
from datetime import datetime, timedelta

from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from newsletter.enums import DeliveryState, IssueState
from newsletter.mails.assembling import TamperedMail
from newsletter.models import Delivery, Issue, RateBucket, SenderSlot
from newsletter.sending import identity
from newsletter.sending.cancelling import skip_the_rest
from newsletter.sending.finishing import finish
from newsletter.sending.pausing import pause
from newsletter.sending.recovering import recover
from newsletter.sending.runs import Run
from newsletter.sending.sender import Sender
from newsletter.sending.states import NotInState
from newsletter.sending.transports import transport_for
from newsletter.sending.withdrawals import reason_to_hold
from newsroom.lib.database_clock import database_now

logger = logging.getLogger(__name__)

# A place whose sender has not been heard of for so long is free.
SILENCE = timedelta(seconds=30)
# Whoever finds nothing due looks again after so long at most; the tick looks as often.
LONGEST_REST = 60  # seconds
FRUITLESS_REST = 5  # seconds


def run_slice(issue_id: int, slot: int) -> float | None:
    """Send for settings.NEWSLETTER_SLICE_SECONDS at most.

    Returns the seconds after which somebody should go on, or None: nothing is left, or somebody else is at it.
    """
    recover()
    if reason := identity.reason_to_refuse():
        logger.error("Nothing is sent: %s", reason)
        return None
    issue = Issue.objects.select_related("mailing_list").get(pk=issue_id)
    if issue.state != IssueState.SENDING:
        return _end(issue_id)
    if reason := reason_to_hold(issue):
        with suppress(NotInState):
            pause(issue, reason=reason)
        return None
    run = Run()
    try:
        if not take_slot(issue_id, slot, owner=run.id):
            run.end()
            return None
        identity.note(identity.count_run())
        transport = transport_for()
        sender = Sender(issue, run=run, transport=transport)
        sender.work()
        SenderSlot.objects.filter(issue=issue, owner=run.id).update(owner="")
    except TamperedMail:
        pause(issue, reason=_("The mail is not what was compiled: somebody changed the database."))
        return None
    finally:
        run.abandon()
    _note_trouble(issue, transport.name, sender)
    # Nothing could be sent (a server that is down, domains that rest): no reason to look again at once.
    return _end(issue_id, rest=0 if sender.carried else FRUITLESS_REST)


def take_slot(issue_id: int, number: int, *, owner: str) -> bool:
    slot, _is_new = SenderSlot.objects.get_or_create(issue_id=issue_id, number=number)
    now = database_now()
    is_free = Q(owner="") | Q(beat_at__lt=now - SILENCE)
    return bool(SenderSlot.objects.filter(is_free, pk=slot.pk).update(owner=owner, beat_at=now))


def live_slots(issue_id: int) -> set[int]:
    alive = SenderSlot.objects.exclude(owner="").filter(issue_id=issue_id, beat_at__gte=database_now() - SILENCE)
    return set(alive.values_list("number", flat=True))


def seconds_until_due(issue_id: int) -> float | None:
    """When the next delivery of an issue is due; None when none waits."""
    waiting = Delivery.objects.filter(issue_id=issue_id, state=DeliveryState.PENDING)
    if waiting.filter(next_attempt_at__isnull=True).order_by().exists():
        return 0
    first: datetime | None = waiting.order_by().aggregate(first=Min("next_attempt_at"))["first"]
    return max(0.0, (first - timezone.now()).total_seconds()) if first else None


def _note_trouble(issue: Issue, server: str, sender: Sender) -> None:
    """A server that is down is waited for; for as long as an issue stays fresh, then for a person."""
    down = RateBucket.objects.filter(name=f"down:{server}")
    if sender.carried:
        down.delete()
    elif sender.trouble:
        RateBucket.objects.get_or_create(name=f"down:{server}")
        too_long = timezone.now() - timedelta(hours=max(1, issue.mailing_list.stale_after_hours))
        if down.filter(refilled_at__lt=too_long).delete()[0]:
            reason = _("The mail server has not been reached for too long: %(answer)s")
            with suppress(NotInState):
                pause(issue, reason=reason % {"answer": sender.trouble})


def _end(issue_id: int, *, rest: float = 0) -> float | None:
    state = Issue.objects.values_list("state", flat=True).get(pk=issue_id)
    if state == IssueState.CANCELLED:
        skip_the_rest(issue_id)
    if state != IssueState.SENDING:
        return None
    seconds = seconds_until_due(issue_id)
    if seconds is None:
        finish(issue_id)
        return None
    return min(max(seconds, rest), LONGEST_REST)
