"""Everything that we keep about a reader, for the reader (GDPR articles 15 and 20)."""

from typing import Any

from django.db.models import Q

from newsletter.enums import DeliveryState
from newsletter.models import ConsentRecord, DeliveryEvent, Subscriber, Suppression

_SUBSCRIPTION = ("mailing_list__name", "status", "frequency", "confirmed_at", "ended_at", "end_reason", "last_issue_at")
_REQUEST = ("created_at", "sent_at", "expires_at", "used_at")
_CONSENT = ("at", "action", "mailing_list_name", "place", "wording", "network")
_SUPPRESSION = ("created_at", "expires_at", "reason", "mailing_list__name")
_DELIVERY = ("issue__subject", "state", "skip_reason", "attempts", "sent_at", "smtp_code", "enhanced_code", "reply")
_EVENT = ("at", "kind", "provider", "delivery__issue__subject", "number", "detail")


def disclose(subscriber: Subscriber) -> dict[str, Any]:
    """Lists of rows by what they are about, in the order of their making; what JSON holds, with moments in UTC.

    Also what is kept under the fingerprint of the address alone, from before an earlier erasure.
    """
    hashed = subscriber.address_hash
    return {
        "subscriber": {
            "email": subscriber.email,
            "name": subscriber.name,
            "address_fingerprint": hashed,
            "mail_domain": subscriber.domain,
            "created_at": subscriber.created_at,
            "paused_until": subscriber.paused_until,
            "soft_bounce_count": subscriber.soft_bounce_count,
            "soft_bounced_at": subscriber.soft_bounced_at,
        },
        "subscriptions": list(subscriber.subscriptions.order_by("id").values(*_SUBSCRIPTION)),
        "requests": list(subscriber.confirmation_requests.order_by("id").values(*_REQUEST)),
        "consent": list(ConsentRecord.objects.filter(address_hash=hashed).order_by("id").values(*_CONSENT)),
        "suppressions": list(Suppression.objects.filter(address_hash=hashed).order_by("id").values(*_SUPPRESSION)),
        "deliveries": [
            {**row, "state": DeliveryState(row["state"]).name.lower()}
            for row in subscriber.deliveries.order_by("id").values(*_DELIVERY)
        ],
        "reports": list(
            DeliveryEvent.objects.filter(Q(delivery__subscriber=subscriber) | Q(address_hash=hashed))
            .order_by("id")
            .values(*_EVENT)
        ),
    }
