"""Addresses that get no mail any more. They are kept as keyed hashes, which outlive the subscriber."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from audit.enums import Action
from audit.recording import log
from newsletter.address_keys import address_hash
from newsletter.consenting import record
from newsletter.enums import ConsentAction, ConsentPlace, EndReason, SubscriptionStatus, SuppressionReason
from newsletter.models import MailingList, Subscriber, Subscription, Suppression
from newsletter.querysets import SuppressionQuerySet

# From the mildest to the gravest: of two reasons for one address the graver stays.
GRAVITY = [
    SuppressionReason.SOFT_BOUNCES,
    SuppressionReason.HARD_BOUNCE,
    SuppressionReason.IMPORT,
    SuppressionReason.MANUAL,
    SuppressionReason.NOT_ME,
    SuppressionReason.COMPLAINT,
]
# Who said to us or to the mail provider that our mail is unwanted is not even asked again; only an editor ends that.
# All others may be asked, and a fresh confirmation, which proves that mail arrives and is wanted, ends it.
FINAL = frozenset({SuppressionReason.NOT_ME, SuppressionReason.COMPLAINT})

# What becomes of the subscriptions: the reason that they keep, what the record of consent says, and where it happened.
_ENDS = {
    SuppressionReason.SOFT_BOUNCES: (EndReason.BOUNCED, ConsentAction.UNSUBSCRIBED, ConsentPlace.MAIL_PROVIDER),
    SuppressionReason.HARD_BOUNCE: (EndReason.BOUNCED, ConsentAction.UNSUBSCRIBED, ConsentPlace.MAIL_PROVIDER),
    SuppressionReason.IMPORT: (EndReason.DESK, ConsentAction.UNSUBSCRIBED, ConsentPlace.IMPORT),
    SuppressionReason.MANUAL: (EndReason.DESK, ConsentAction.UNSUBSCRIBED, ConsentPlace.DESK),
    SuppressionReason.NOT_ME: (EndReason.NOT_ME, ConsentAction.REFUSED, ConsentPlace.CONFIRMATION_PAGE),
    SuppressionReason.COMPLAINT: (EndReason.COMPLAINED, ConsentAction.UNSUBSCRIBED, ConsentPlace.MAIL_PROVIDER),
}


def suppress(
    address: str,
    *,
    reason: SuppressionReason,
    mailing_list: MailingList | None = None,
    note: str = "",
    expires_at: datetime | None = None,
) -> Suppression:
    """Mail `address` no more: on one list, or nowhere when `mailing_list` is None.

    Ends the subscriptions that it covers, unless it ends by itself: then they only rest until `expires_at`. It may be
    any address that normalise() takes, also of nobody we know. Doing it again changes nothing but what is graver or
    lasts longer.
    """
    return suppress_hash(
        address_hash(address), reason=reason, mailing_list=mailing_list, note=note, expires_at=expires_at
    )


@transaction.atomic
def suppress_hash(
    hashed: str,
    *,
    reason: SuppressionReason,
    mailing_list: MailingList | None = None,
    note: str = "",
    expires_at: datetime | None = None,
) -> Suppression:
    """The same, for whoever knows an address by its hash alone."""
    row, is_new = Suppression.objects.select_for_update(no_key=True).get_or_create(
        address_hash=hashed,
        mailing_list=mailing_list,
        defaults={"reason": reason, "note": note, "expires_at": expires_at},
    )
    if not is_new:
        _renew(row, reason=reason, note=note, expires_at=expires_at)
    if row.expires_at is None:
        _end_subscriptions(hashed, reason=reason, mailing_list=mailing_list)
    return row


def is_suppressed(address: str, *, mailing_list: MailingList | None = None) -> bool:
    """Whether no mail may go there: none at all, or none of `mailing_list`."""
    return standing(address_hash(address), mailing_list=mailing_list).exists()


def without_final(address: str, *, mailing_lists: Iterable[MailingList]) -> list[MailingList]:
    """Those lists for which the address may be asked to confirm."""
    final = Suppression.objects.in_force().filter(address_hash=address_hash(address), reason__in=FINAL)
    covered = set(final.values_list("mailing_list", flat=True))
    return [] if None in covered else [item for item in mailing_lists if item.pk not in covered]


def standing(hashed: str, *, mailing_list: MailingList | None = None) -> SuppressionQuerySet:
    """What keeps mail from an address now."""
    covering = Q(mailing_list__isnull=True) | Q(mailing_list=mailing_list) if mailing_list else Q(mailing_list=None)
    return Suppression.objects.in_force().filter(covering, address_hash=hashed)


@transaction.atomic
def lift(suppression: Suppression, *, by: AbstractBaseUser) -> None:
    """Let mail go there again. No subscription comes back by it: the reader has to ask and confirm."""
    log(Action.SUPPRESSION_LIFTED, by=by, subject=suppression, before=suppression.reason)
    suppression.delete()


def lift_by_consent(subscriber: Subscriber, *, mailing_lists: Iterable[MailingList]) -> None:
    """What a fresh confirmation of the owner ends. In the transaction of the caller."""
    covering = Q(mailing_list__isnull=True) | Q(mailing_list__in=list(mailing_lists))
    hashed = address_hash(subscriber.email)
    Suppression.objects.filter(covering, address_hash=hashed).exclude(reason__in=FINAL).delete()
    Subscriber.objects.filter(pk=subscriber.pk).update(soft_bounce_count=0, soft_bounced_at=None)


def _renew(row: Suppression, *, reason: SuppressionReason, note: str, expires_at: datetime | None) -> None:
    now = timezone.now()
    has_ended = row.expires_at is not None and row.expires_at <= now
    if has_ended or GRAVITY.index(reason) > GRAVITY.index(SuppressionReason(row.reason)):
        row.reason, row.note = reason, note
    if has_ended:
        row.created_at, row.expires_at = now, expires_at
    elif row.expires_at is not None:
        row.expires_at = max(row.expires_at, expires_at) if expires_at else None
    row.save(update_fields=["reason", "note", "created_at", "expires_at"])


def _end_subscriptions(hashed: str, *, reason: SuppressionReason, mailing_list: MailingList | None) -> None:
    end_reason, action, place = _ENDS[reason]
    covered = Subscription.objects.wanted().filter(subscriber__address_hash=hashed)
    if mailing_list:
        covered = covered.filter(mailing_list=mailing_list)
    for subscription in covered.select_related("subscriber", "mailing_list").order_by("id"):
        ended = Subscription.objects.wanted().filter(pk=subscription.pk)
        if ended.update(status=SubscriptionStatus.UNSUBSCRIBED, ended_at=timezone.now(), end_reason=end_reason):
            record(subscription.subscriber, action, place=place, mailing_list=subscription.mailing_list)
