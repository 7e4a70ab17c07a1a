"""Erasing what we know about a reader (GDPR article 17)."""

import re

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q

from audit.enums import Action
from audit.recording import log
from newsletter import wording
from newsletter.addresses import readable
from newsletter.consenting import record
from newsletter.enums import ConsentAction, ConsentPlace
from newsletter.models import (
    ConsentRecord,
    Delivery,
    DeliveryEvent,
    RawReport,
    RefusedRow,
    Subscriber,
    SubscriberImport,
)


@transaction.atomic
def erase(subscriber: Subscriber, *, by: AbstractBaseUser | None = None) -> None:
    """Nothing that names or reaches the reader is left; a second call finds nobody and does nothing.

    What stays says nothing to who has not the address: the fingerprints of the records of consent, which prove that
    mail was wanted, and of a suppression, which keeps mail away. Deliveries stay without a subscriber, so that all
    counts remain true; a sender skips those that wait. `by` is None when the reader did it.
    """
    locked = Subscriber.objects.select_for_update().filter(pk=subscriber.pk).first()
    if locked is None:
        return
    place = ConsentPlace.DESK if by else ConsentPlace.PREFERENCES_PAGE
    record(locked, ConsentAction.ERASED, place=place, wording="" if by else wording.erased())
    if by:
        log(Action.ERASED, by=by, note=locked.address_hash)
    _blank_reports(locked)
    _blank_imports(locked)
    part_with([locked.pk])


def part_with(subscriber_ids: list[int]) -> None:
    """Delete subscribers with all that hangs on them, but for their records of consent. In the caller's transaction."""
    Delivery.objects.filter(subscriber__in=subscriber_ids).update(subscriber=None)
    ConsentRecord.objects.filter(subscriber__in=subscriber_ids).update(subscriber=None, network="")
    Subscriber.objects.filter(pk__in=subscriber_ids).delete()


def _spellings(subscriber: Subscriber) -> set[str]:
    """The address as it was typed, as it is compared, and with the letters of its domain."""
    return {subscriber.email, subscriber.email_normal, readable(subscriber.email_normal)}


def _blank_reports(subscriber: Subscriber) -> None:
    """Mail servers like to repeat the address in what they say."""
    about = Q(delivery__subscriber=subscriber) | Q(address_hash=subscriber.address_hash)
    DeliveryEvent.objects.filter(about).update(detail="")
    Delivery.objects.filter(subscriber=subscriber).update(reply="")
    for spelling in _spellings(subscriber):
        RawReport.objects.filter(body__icontains=spelling).delete()


def _blank_imports(subscriber: Subscriber) -> None:
    """Refused rows, and the file of an import that is not done yet, which would bring the reader back."""
    for spelling in _spellings(subscriber):
        # Not as the end of a longer local part, nor as the beginning of a longer domain: those are other people.
        alone = re.compile(rf"(?<![\w.+-]){re.escape(spelling)}(?![\w-]|\.\w)", re.IGNORECASE)
        for row in RefusedRow.objects.filter(text__icontains=spelling):
            RefusedRow.objects.filter(pk=row.pk).update(text=alone.sub("", row.text))
        for file in SubscriberImport.objects.filter(content__icontains=spelling).select_for_update():
            # Not an empty line: an import that goes on counts the rows that it has looked at.
            SubscriberImport.objects.filter(pk=file.pk).update(content=alone.sub("-", file.content))
