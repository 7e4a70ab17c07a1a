"""Issues that are being sent, and their deliveries, written past the sender: any state can be made."""

from datetime import timedelta

from django.utils import timezone

from newsletter.enums import DeliveryState, IssueState
from newsletter.models import Delivery, Issue
from tests.factories import make_issue, make_subscriber

S = DeliveryState


def make_sending(state: str = IssueState.SENDING, **fields) -> Issue:
    now = timezone.now()
    defaults = {"compiled_at": now, "snapshot_at": now, "started_at": now, "frozen_at": now}
    if state == IssueState.FINISHED:
        defaults["finished_at"] = now
    return make_issue(state=state, **defaults | fields)


def make_delivery(issue: Issue, state: DeliveryState = S.PENDING, *, email: str = "", **fields) -> Delivery:
    """To a reader of its own; a sent one was sent now."""
    subscriber = make_subscriber(email)
    defaults: dict = {"domain": subscriber.domain, "subscription_id": subscriber.pk}
    if state == S.SENT:
        defaults["sent_at"] = timezone.now()
    if state == S.CLAIMED:
        defaults |= {"owner": "run", "lease_until": timezone.now() + timedelta(seconds=90)}
    return Delivery.objects.create(issue=issue, subscriber=subscriber, state=state, **defaults | fields)
