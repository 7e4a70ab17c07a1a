"""What a reader can do on the page of an unsubscribe link beside leaving, which is subscribing.unsubscribe."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from newsletter import suppressing, wording
from newsletter.consenting import record
from newsletter.enums import ConsentAction, ConsentPlace, EndReason, Frequency, SubscriptionStatus
from newsletter.models import Subscriber, Subscription
from newsletter.subscribing import make_confirmed, unsubscribe

# What readers choose from; the other reasons are ours.
REASONS = (EndReason.TOO_MANY, EndReason.NOT_INTERESTED, EndReason.NOT_ME, EndReason.OTHER)
_PAGE = ConsentPlace.UNSUBSCRIBE_PAGE
# The link of a mail that was passed on works for ever: who left is not brought back by it the day after.
UNDO_LASTS = timedelta(hours=1)


def can_be_undone(subscription: Subscription) -> bool:
    """Whether the reader ended it a moment ago, after having confirmed it, and nothing keeps mail from the address."""
    ended_by_reader = subscription.end_reason in {"", *REASONS}
    return (
        subscription.ended_at is not None
        and timezone.now() - subscription.ended_at < UNDO_LASTS
        and subscription.status == SubscriptionStatus.UNSUBSCRIBED
        and subscription.confirmed_at is not None
        and ended_by_reader
        and not suppressing.is_suppressed(subscription.subscriber.email, mailing_list=subscription.mailing_list)
    )


@transaction.atomic
def undo(subscription: Subscription) -> bool:
    """Take the end of a subscription back; the link proves the address. Returns whether there was one to take back."""
    ended = Subscription.objects.filter(pk=subscription.pk, status=SubscriptionStatus.UNSUBSCRIBED)
    if not (can_be_undone(subscription) and make_confirmed(ended)):
        return False
    record(
        subscription.subscriber,
        ConsentAction.CONFIRMED,
        place=_PAGE,
        mailing_list=subscription.mailing_list,
        wording=wording.came_back(),
    )
    return True


def give_reason(subscription: Subscription, reason: EndReason) -> None:
    """Why it ended, afterwards. A reason of ours (the address bounced) stays."""
    ended = Subscription.objects.filter(pk=subscription.pk, status=SubscriptionStatus.UNSUBSCRIBED)
    ended.filter(end_reason__in=["", *REASONS]).update(end_reason=reason)


def may_take_fewer(subscription: Subscription) -> bool:
    return subscription.is_confirmed and subscription.frequency != Frequency.WEEKLY


@transaction.atomic
def take_fewer(subscription: Subscription) -> None:
    """One issue a week at most, instead of leaving."""
    kept = Subscription.objects.filter(pk=subscription.pk, status=SubscriptionStatus.CONFIRMED)
    if kept.exclude(frequency=Frequency.WEEKLY).update(frequency=Frequency.WEEKLY):
        record(
            subscription.subscriber,
            ConsentAction.CHANGED,
            place=_PAGE,
            mailing_list=subscription.mailing_list,
            wording=f"{wording.shown(_PAGE)}\n{Frequency.WEEKLY.label}",
        )


@transaction.atomic
def leave_all(subscriber: Subscriber, *, place: ConsentPlace) -> None:
    wanted = subscriber.subscriptions.wanted().select_related("subscriber", "mailing_list")
    for subscription in wanted.order_by("id"):
        unsubscribe(subscription, place=place)
