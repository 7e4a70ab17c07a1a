"""What is not kept: traces of requests that led to nothing. The daily tick does it."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from newsletter.enums import SubscriptionStatus
from newsletter.erasing import part_with
from newsletter.models import ConfirmationRequest, Subscriber, Subscription
from newsletter.tokens import CONFIRMATION_LIFETIME

NETWORKS_KEPT = timedelta(days=1)
UNCONFIRMED_KEPT = timedelta(days=30)
# Rows in one transaction: nobody waits long for a lock.
AT_ONCE = 500


def forget_requests_without_mail() -> None:
    """Delete those whose page has ended, so that no flood of requests leaves rows behind."""
    ConfirmationRequest.objects.without_mail().asked_by(timezone.now() - CONFIRMATION_LIFETIME).delete()


def forget_networks() -> int:
    """Where requests came from is of no use once they no longer count. Returns how many were forgotten."""
    known = ConfirmationRequest.objects.exclude(network_hash="")
    return known.asked_by(timezone.now() - NETWORKS_KEPT).update(network_hash="")


def forget_unconfirmed() -> int:
    """Forget who was asked and never answered. Returns how many subscribers are gone.

    Who had left a list, and whom somebody asked for it again in vain, has left it still.
    """
    moment = timezone.now() - UNCONFIRMED_KEPT
    waiting = Subscription.objects.filter(status=SubscriptionStatus.PENDING, subscriber__created_at__lte=moment)
    recent = ConfirmationRequest.objects.asked_after(moment).filter(subscriptions__isnull=False).values("subscriptions")
    stale = waiting.exclude(pk__in=recent)
    stale.filter(ended_at__isnull=False).update(status=SubscriptionStatus.UNSUBSCRIBED)
    stale.delete()
    return _forget_in_parts(
        Subscriber.objects.filter(subscriptions__isnull=True, created_at__lte=moment).exclude(
            confirmation_requests__created_at__gt=moment
        )
    )


def _forget_in_parts(subscribers: QuerySet[Subscriber]) -> int:
    count = 0
    while ids := list(subscribers.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            part_with(ids)
        count += len(ids)
    return count
