"""Notes what came back about a message and does what follows from it: hold back, suppress, end a subscription."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import dropwhile, takewhile

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from newsletter.address_keys import address_hash, mail_domain
from newsletter.enums import ConsentPlace, DeliveryState, EventKind, SuppressionReason
from newsletter.models import Delivery, DeliveryEvent, Subscriber, Subscription
from newsletter.returns.identifying import is_address
from newsletter.subscribing import unsubscribe
from newsletter.suppressing import suppress

# An address is left alone for a while when so many messages in a row came back, and not all in one bad week.
SOFT_BOUNCES = 5
SPREAD = timedelta(days=7)
# A mailbox that was full or a server that was down may be well again; after that it is tried anew.
REST = timedelta(days=90)

# Messages of one reader that are looked at for the run of soft bounces.
_MOST_OF_RUN = 50
_ARRIVED = [EventKind.DELIVERED, EventKind.OPENED, EventKind.CLICKED]
_UNSENT = [DeliveryState.PENDING, DeliveryState.CLAIMED, DeliveryState.SKIPPED]
# Also as it stands in the address of a page of help.
_LOCAL_PART = re.compile(r"[^\s<>()\[\]:;,\"'@]{1,64}(@|%40)", re.IGNORECASE)
_SHORTEST_NAME = 3
_LONGEST = {"provider": 40, "event_id": 200, "detail": 300}


@transaction.atomic
def record_event(
    *,
    provider: str,
    event_id: str,
    kind: EventKind,
    at: datetime,
    delivery: Delivery | int | None = None,
    address: str = "",
    detail: str = "",
    number: int | None = None,
) -> bool:
    """Note one report, once; False when it was known by (provider, event_id), and then nothing happens.

    Reports may come in any order, several times, at once, and about mail that nobody knows any more. `delivery` is a
    row or an id. Without one `address` says whom it is about, which must come from somebody who was checked (a signed
    notice, our own session with a mail server): whoever can write a mail can name an address. `detail` is kept
    without the names in its addresses. The row of the delivery stays as it is: the message was sent.
    """
    known = _delivery(delivery)
    named = address.strip() if is_address(address.strip()) else ""
    mailed = known.subscriber.email if known and known.subscriber else named
    event, is_new = DeliveryEvent.objects.get_or_create(
        provider=provider[: _LONGEST["provider"]],
        provider_event_id=_short(event_id),
        defaults={
            "kind": kind,
            "delivery": known,
            "address_hash": address_hash(mailed) if mailed else "",
            "domain": known.domain if known else mail_domain(mailed) if mailed else "",
            "at": min(at, timezone.now()),
            "detail": without_names(detail, reader=mailed)[: _LONGEST["detail"]],
            "number": number,
        },
    )
    if is_new:
        _follow(event, mailed)
    return is_new


def without_names(text: str, *, reader: str = "") -> str:
    """A server's answer without the persons in it: «550 no mailbox •@example.com».

    `reader` is the address that it is about, whose name may stand there alone: «550 layla.h: user unknown».
    """
    text = text.replace("\x00", "")
    if "@" in text or "%40" in text:
        text = _LOCAL_PART.sub(r"•\1", text)
    name = reader.rpartition("@")[0].lower()
    # Asked first: a sender does this for each message.
    if len(name) < _SHORTEST_NAME or name not in text.lower():
        return text
    alone = rf"(?<![\w.+-]){re.escape(name)}(?![\w+-]|\.\w)"
    return re.sub(alone, "•", text, flags=re.IGNORECASE)


def _follow(event: DeliveryEvent, mailed: str) -> None:
    if event.kind == EventKind.HARD_BOUNCE and mailed:
        suppress(mailed, reason=SuppressionReason.HARD_BOUNCE, note=event.detail[:200])
    elif event.kind == EventKind.COMPLAINED and mailed:
        suppress(mailed, reason=SuppressionReason.COMPLAINT, note=event.detail[:200])
    elif event.kind == EventKind.SOFT_BOUNCE:
        _count_soft_bounces(event)
    elif event.kind in _ARRIVED and event.delivery and event.delivery.subscriber_id:
        returned_before = Subscriber.objects.filter(pk=event.delivery.subscriber_id, soft_bounced_at__lte=event.at)
        returned_before.update(soft_bounce_count=0, soft_bounced_at=None)
    elif event.kind == EventKind.UNSUBSCRIBED:
        for subscription in _ended_elsewhere(event):
            unsubscribe(subscription, place=ConsentPlace.MAIL_PROVIDER)


def _count_soft_bounces(event: DeliveryEvent) -> None:
    """Counted anew from the rows each time, so that neither the order of reports nor a second one matters.

    Only what is known to be about a message of ours counts.
    """
    if not (event.delivery and event.delivery.subscriber_id):
        return
    subscriber = Subscriber.objects.select_for_update(no_key=True).get(pk=event.delivery.subscriber_id)
    run = _returned_in_a_row(subscriber)
    subscriber.soft_bounce_count = len(run)
    subscriber.soft_bounced_at = max(run, default=None)
    subscriber.save(update_fields=["soft_bounce_count", "soft_bounced_at"])
    if len(run) >= SOFT_BOUNCES and max(run) - min(run) >= SPREAD:
        until = timezone.now() + REST
        suppress(subscriber.email, reason=SuppressionReason.SOFT_BOUNCES, note=event.detail[:200], expires_at=until)


def _returned_in_a_row(subscriber: Subscriber) -> list[datetime]:
    """When each of the last messages came back, newest first, up to one that did not.

    Messages that are newer than the newest that came back say nothing yet.
    """
    events = DeliveryEvent.objects.filter(delivery=OuterRef("pk"))
    returned = events.filter(kind=EventKind.SOFT_BOUNCE).order_by("at").values("at")[:1]
    messages = subscriber.deliveries.annotate(
        returned_at=Subquery(returned), has_arrived=Exists(events.filter(kind__in=_ARRIVED))
    )
    messages = messages.exclude(Q(state__in=_UNSENT, returned_at__isnull=True)).order_by("-id")[:_MOST_OF_RUN]
    moments = [None if has_arrived else at for at, has_arrived in messages.values_list("returned_at", "has_arrived")]
    since_newest = dropwhile(lambda at: at is None, moments)
    return [at for at in takewhile(lambda at: at is not None, since_newest) if at]


def _ended_elsewhere(event: DeliveryEvent) -> Iterable[Subscription]:
    """The subscription of the message; all of the address when the message is not known."""
    subscriptions = Subscription.objects.wanted().select_related("subscriber", "mailing_list")
    if event.delivery:
        return subscriptions.filter(pk=event.delivery.subscription_id, subscriber=event.delivery.subscriber_id)
    if event.address_hash:
        return subscriptions.filter(subscriber__address_hash=event.address_hash)
    return []


def _delivery(asked: Delivery | int | None) -> Delivery | None:
    pk = asked.pk if isinstance(asked, Delivery) else asked
    return Delivery.objects.select_related("subscriber").filter(pk=pk).first() if pk else None


def _short(event_id: str) -> str:
    if len(event_id) <= _LONGEST["event_id"]:
        return event_id
    return sha256(event_id.encode(errors="replace")).hexdigest()
