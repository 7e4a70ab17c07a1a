"""Notices of mail providers as django-anymail hands them over, in our words.

The library joins most differences of providers. What it calls `bounced` may be hard or soft, though: that is read from
the answer of the mail server, and from marks that the providers set beside it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.utils import timezone

from newsletter.enums import EventKind
from newsletter.mails.message_ids import delivery_of_message_id
from newsletter.returns.codes import codes_in, kind_of
from newsroom.lib.keys import read_key

# What the API of a provider gives back with each notice when it was given along with the mail.
METADATA_KEY = "delivery"

_KINDS = {
    EventType.DELIVERED: EventKind.DELIVERED,
    EventType.DEFERRED: EventKind.DEFERRED,
    EventType.COMPLAINED: EventKind.COMPLAINED,
    EventType.UNSUBSCRIBED: EventKind.UNSUBSCRIBED,
    EventType.FAILED: EventKind.REJECTED,
}
# Why a provider did not even try: what it knows from before.
_REFUSALS = {
    RejectReason.INVALID: EventKind.HARD_BOUNCE,
    RejectReason.BOUNCED: EventKind.HARD_BOUNCE,
    RejectReason.TIMED_OUT: EventKind.SOFT_BOUNCE,
    RejectReason.SPAM: EventKind.COMPLAINED,
    RejectReason.UNSUBSCRIBED: EventKind.UNSUBSCRIBED,
}
# Fields in which providers say what kind of bounce it is (Brevo event, Postmark Type, Mailgun severity, SES and Resend
# bounceType and type, SendGrid type, Mandrill event), and the words, without signs between.
_MARK_FIELDS = {"event", "type", "bouncetype", "severity", "bounceclassification", "category"}
_MARKS = {
    "softbounce": EventKind.SOFT_BOUNCE,
    "softbounced": EventKind.SOFT_BOUNCE,
    "activitysoftbounced": EventKind.SOFT_BOUNCE,
    "transient": EventKind.SOFT_BOUNCE,
    "temporary": EventKind.SOFT_BOUNCE,
    "blocked": EventKind.REJECTED,
    "spamnotification": EventKind.REJECTED,
    "hardbounce": EventKind.HARD_BOUNCE,
    "hardbounced": EventKind.HARD_BOUNCE,
    "activityhardbounced": EventKind.HARD_BOUNCE,
    "permanent": EventKind.HARD_BOUNCE,
}
_DEPTH = 4  # of the provider's own data


@dataclass(frozen=True)
class Notice:
    """The arguments of record_event as JSON keeps them; `at` in ISO 8601."""

    event_id: str
    kind: str
    at: str
    delivery: int | None
    # What the provider calls the message.
    message_id: str
    address: str
    detail: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def notice_of(event: AnymailTrackingEvent) -> Notice | None:
    """None for what we do not ask of providers: that a mail waits, or that somebody opened it."""
    kind = _kind(event)
    if kind is None:
        return None
    at = event.timestamp if isinstance(event.timestamp, datetime) and event.timestamp.tzinfo else timezone.now()
    return Notice(
        event_id=str(event.event_id or _made_id(event, kind)),
        kind=kind.value,
        at=at.isoformat(),
        delivery=_delivery(event),
        message_id=str(event.message_id or "")[:190],
        address=str(event.recipient or "")[:254],
        detail=str(event.mta_response or event.description or "")[:1000],
    )


def _kind(event: AnymailTrackingEvent) -> EventKind | None:
    if event.event_type == EventType.BOUNCED:
        return _bounce(event)
    if event.event_type == EventType.REJECTED:
        return _REFUSALS.get(event.reject_reason, EventKind.REJECTED)
    kind = _KINDS.get(event.event_type)
    if kind == EventKind.COMPLAINED and EventKind.REJECTED in _marks(event.esp_event):
        return EventKind.REJECTED  # Postmark's SpamNotification: the words of a server, not of the reader
    return kind


def _bounce(event: AnymailTrackingEvent) -> EventKind:
    """Hard only when something says so: an address that is kept by mistake costs less than a reader."""
    marks = set(_marks(event.esp_event))
    said = f"{event.mta_response or ''} {event.description or ''}"
    if EventKind.SOFT_BOUNCE in marks:
        return EventKind.SOFT_BOUNCE
    if event.reject_reason == RejectReason.INVALID:
        return EventKind.HARD_BOUNCE
    if codes_in(said) != (None, ""):
        kind = kind_of(None, "", said)
        return EventKind.SOFT_BOUNCE if kind == EventKind.DELIVERED else kind
    if EventKind.REJECTED in marks:
        return EventKind.REJECTED
    return EventKind.HARD_BOUNCE if EventKind.HARD_BOUNCE in marks else EventKind.SOFT_BOUNCE


def _marks(data: object, depth: int = 0) -> Iterator[EventKind]:
    if not isinstance(data, Mapping) or depth > _DEPTH:
        return
    for name, value in data.items():
        letters = _letters(str(name))
        if isinstance(value, str) and letters in _MARK_FIELDS and _letters(value) in _MARKS:
            yield _MARKS[_letters(value)]
        elif isinstance(value, bool) and letters == "hardbounce":  # Mailjet
            yield EventKind.HARD_BOUNCE if value else EventKind.SOFT_BOUNCE
        else:
            yield from _marks(value, depth + 1)


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text[:60].lower()))


def _delivery(event: AnymailTrackingEvent) -> int | None:
    """By our own Message-ID, which providers keep for mail by SMTP, or by what we gave along with the mail."""
    by_message_id = delivery_of_message_id(str(event.message_id or ""))
    if by_message_id is not None:
        return by_message_id
    metadata = event.metadata if isinstance(event.metadata, Mapping) else {}
    return read_key(str(metadata.get(METADATA_KEY, "")))


def _made_id(event: AnymailTrackingEvent, kind: EventKind) -> str:
    """For providers that number nothing: the same notice sent again gets the same id."""
    said = [kind.value, event.message_id, event.recipient, event.timestamp]
    return "made:" + sha256(repr([str(part) for part in said]).encode()).hexdigest()
