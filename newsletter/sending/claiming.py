"""Taking deliveries into the hands of a sender, and looking once more whether each may still be mailed."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from newsletter.enums import DeliveryState, IssueState, SkipReason, SubscriptionStatus
from newsletter.mails.slots import Recipient
from newsletter.models import Delivery, Issue, Subscription
from newsletter.sending.audience import is_suppressed
from newsletter.sending.letters import Letter
from newsroom.lib.database_clock import database_now

# What may stand between < and > of an envelope without a thought (RFC 5321 §4.1.2 allows more).
_ADDRESS = re.compile(r"[!-;=?-~]{1,64}@[A-Za-z0-9.-]{1,253}")
BAD_ADDRESS = "no mail can be addressed like this"


class Claim(NamedTuple):
    """`through`: the last delivery that was looked at; None when there was none left behind `after`."""

    letters: list[Letter]
    through: int | None


@transaction.atomic
def claim(issue: Issue, *, owner: str, after: int = 0, without: Collection[str] = (), at_most: int = 0) -> Claim:
    """Take the next deliveries of an issue that are due, in the order of their ids, behind the id `after`.

    `without`: mail domains that get nothing at the moment. Of those taken, whoever has left, is suppressed, rests or
    was erased is skipped in the same transaction; all others are in the hands of `owner` alone until the lease ends.
    """
    now = timezone.now()
    ids = list(_due(issue, after, without, now)[: at_most or settings.NEWSLETTER_BATCH])
    if not ids:
        return Claim([], None)
    lease_until = database_now() + timedelta(seconds=settings.NEWSLETTER_LEASE_SECONDS)
    mine = Delivery.objects.filter(pk__in=ids, state=DeliveryState.PENDING)
    mine.update(state=DeliveryState.CLAIMED, owner=owner, lease_until=lease_until)
    rows = list(_looked_at(issue, ids, owner, now))
    _skip([row for row in rows if row["reason"]], issue)
    _fail_unaddressable([row for row in rows if not row["reason"] and not _ADDRESS.fullmatch(_address(row))], issue)
    letters = [_letter(row) for row in rows if not row["reason"] and _ADDRESS.fullmatch(_address(row))]
    return Claim(letters, ids[-1])


def _due(issue: Issue, after: int, without: Collection[str], now: datetime) -> QuerySet:
    waiting = Delivery.objects.filter(issue=issue, state=DeliveryState.PENDING, pk__gt=after)
    waiting = waiting.filter(Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=now))
    waiting = waiting.filter(issue__state=IssueState.SENDING)
    if without:
        waiting = waiting.exclude(domain__in=list(without))
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True, of=("self",))
    return waiting.order_by("pk").values_list("pk", flat=True)


def _looked_at(issue: Issue, ids: list[int], owner: str, now: datetime) -> QuerySet:
    """What is known now of those who were taken, with the `reason` why somebody gets nothing."""
    status = Subscription.objects.filter(pk=OuterRef("subscription_id")).values("status")[:1]
    reasons = [
        When(subscriber__isnull=True, then=Value(SkipReason.ERASED.value)),
        When(
            is_suppressed("subscriber__address_hash", issue.mailing_list_id, at=now),
            then=Value(SkipReason.SUPPRESSED.value),
        ),
        When(status__isnull=True, then=Value(SkipReason.ERASED.value)),
        When(~Q(status=SubscriptionStatus.CONFIRMED), then=Value(SkipReason.UNSUBSCRIBED.value)),
        When(subscriber__paused_until__gt=now, then=Value(SkipReason.PAUSED.value)),
    ]
    taken = Delivery.objects.filter(pk__in=ids, owner=owner, state=DeliveryState.CLAIMED).order_by("pk")
    return taken.annotate(
        status=Subquery(status), reason=Case(*reasons, default=Value(""), output_field=CharField())
    ).values(
        "pk",
        "reason",
        "subscriber_id",
        "subscription_id",
        "variant",
        "attempts",
        email=F("subscriber__email"),
        name=F("subscriber__name"),
        host=F("subscriber__domain"),
    )


def _skip(rows: Iterable[dict[str, Any]], issue: Issue) -> None:
    by_reason: dict[str, list[int]] = {}
    for row in rows:
        by_reason.setdefault(row["reason"], []).append(row["pk"])
    for reason, ids in by_reason.items():
        _settle(ids, issue, "skipped_count", state=DeliveryState.SKIPPED, skip_reason=reason)


def _fail_unaddressable(rows: Iterable[dict[str, Any]], issue: Issue) -> None:
    if ids := [row["pk"] for row in rows]:
        _settle(ids, issue, "failed_count", state=DeliveryState.FAILED, reply=BAD_ADDRESS)


def _settle(ids: list[int], issue: Issue, counter: str, **fields: Any) -> None:
    number = Delivery.objects.filter(pk__in=ids).update(owner="", lease_until=None, **fields)
    Issue.objects.filter(pk=issue.pk).update(**{counter: F(counter) + number})


def _letter(row: dict[str, Any]) -> Letter:
    recipient = Recipient(
        row["pk"], row["subscriber_id"], row["subscription_id"], row["variant"], row["email"], row["name"]
    )
    return Letter(recipient, _address(row), row["host"], row["attempts"] + 1)


def _address(row: dict[str, Any]) -> str:
    """As it was typed before the @, which the mail server may care about; the domain in ASCII."""
    return f"{row['email'].rpartition('@')[0]}@{row['host']}"
