"""Messages that have left, for tests of what comes back about them."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from newsletter.enums import DeliveryState, IssueState
from newsletter.models import Delivery, Issue, Subscription
from tests.factories import make_issue, make_subscription

EMAIL = "layla@example.com"


def make_sent_issue(subscription: Subscription | None = None, *, at: datetime | None = None, **fields: Any) -> Issue:
    moment = at or timezone.now()
    dated = dict.fromkeys(("compiled_at", "snapshot_at", "started_at", "finished_at"), moment)
    mailing_list = {"mailing_list": subscription.mailing_list} if subscription else {}
    return make_issue(**{"state": IssueState.FINISHED, **dated, **mailing_list, **fields})


def make_delivery(
    subscription: Subscription | None = None, *, issue: Issue | None = None, email: str = EMAIL, **fields: Any
) -> Delivery:
    """One that the mail server took; the reader is EMAIL."""
    if subscription is None:
        issue = issue or make_sent_issue()
        subscription = make_subscription(issue.mailing_list, email=email)
    issue = issue or make_sent_issue(subscription, at=fields.get("sent_at"))
    defaults = {"state": DeliveryState.SENT, "sent_at": timezone.now(), "smtp_code": 250}
    return Delivery.objects.create(
        issue=issue,
        subscriber=subscription.subscriber,
        subscription_id=subscription.pk,
        domain=subscription.subscriber.domain,
        **defaults | fields,
    )


def make_deliveries(count: int, *, days_apart: int = 2) -> list[Delivery]:
    """The last ones to EMAIL, the oldest first; the newest is of now."""
    first = make_delivery(sent_at=timezone.now() - timedelta(days=days_apart * (count - 1)))
    subscription = Subscription.objects.get(pk=first.subscription_id)
    ages = range(count - 2, -1, -1)
    moments = [timezone.now() - timedelta(days=days_apart * age) for age in ages]
    return [first, *(make_delivery(subscription, sent_at=moment) for moment in moments)]
