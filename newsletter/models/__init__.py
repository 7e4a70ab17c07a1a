from newsletter.models.deliveries import (
    Delivery,
    DeliveryEvent,
    RateBucket,
    RawReport,
    SenderCheck,
    SenderSlot,
    SendingIdentity,
)
from newsletter.models.imports import RefusedRow, SubscriberImport
from newsletter.models.issues import CompiledMail, HitCount, Issue, IssueItem, LinkTarget
from newsletter.models.lists import MailingList
from newsletter.models.people import ConfirmationRequest, ConsentRecord, Subscriber, Subscription, Suppression

__all__ = [
    "CompiledMail",
    "ConfirmationRequest",
    "ConsentRecord",
    "Delivery",
    "DeliveryEvent",
    "HitCount",
    "Issue",
    "IssueItem",
    "LinkTarget",
    "MailingList",
    "RateBucket",
    "RawReport",
    "RefusedRow",
    "SenderCheck",
    "SenderSlot",
    "SendingIdentity",
    "Subscriber",
    "SubscriberImport",
    "Subscription",
    "Suppression",
]
