"""Who gets an issue, and who on its list does not, with the reason."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from newsletter.enums import DeliveryState, Frequency, SkipReason, SubscriptionStatus
from newsletter.models import Delivery, Issue, MailingList, Subscription, Suppression
from pages.current import current_site


def candidate_count(
    mailing_list: MailingList, *, at: datetime | None = None, corrects: Issue | None = None
) -> tuple[int, dict[str, int]]:
    """How many would get an issue at this moment (default: now), and how many not, by SkipReason.

    `corrects`: of a correction, which goes to those who got that issue.
    """
    at = at or timezone.now()
    return count_reasons(audience(mailing_list.pk, at=at, corrects_id=corrects.pk if corrects else None))


def candidates_of(issue: Issue, *, at: datetime | None = None) -> tuple[int, dict[str, int]]:
    return candidate_count(issue.mailing_list, at=at, corrects=issue.corrects)


def count_reasons(subscriptions: QuerySet) -> tuple[int, dict[str, int]]:
    """The number of those without a reason against them, and the others by reason."""
    rows = subscriptions.order_by().values_list("reason").annotate(number=Count("pk"))
    counts: Mapping[str, int] = Counter(dict(rows))
    return counts[""], {reason: number for reason, number in counts.items() if reason}


def audience(mailing_list_id: int, *, at: datetime, corrects_id: int | None = None) -> QuerySet:
    """The candidates of an issue, each with its `reason`: why it gets none, or ''."""
    confirmed = Subscription.objects.filter(
        mailing_list_id=mailing_list_id, status=SubscriptionStatus.CONFIRMED, confirmed_at__lte=at
    )
    if corrects_id:
        got = Delivery.objects.filter(
            issue_id=corrects_id, subscriber_id=OuterRef("subscriber_id"), state=DeliveryState.SENT
        )
        confirmed = confirmed.filter(Exists(got))
    reasons = [
        When(
            is_suppressed("subscriber__address_hash", mailing_list_id, at=at), then=Value(SkipReason.SUPPRESSED.value)
        ),
        When(subscriber__paused_until__gt=at, then=Value(SkipReason.PAUSED.value)),
    ]
    if not corrects_id:  # a mistake is put right for everybody who read it
        reasons.append(When(_has_had_enough(at), then=Value(SkipReason.FREQUENCY.value)))
    return confirmed.annotate(reason=Case(*reasons, default=Value(""), output_field=CharField()))


def is_suppressed(hash_column: str, mailing_list_id: int, *, at: datetime) -> Q:
    """Whether the address is on the list of those to leave alone, everywhere or on this list.

    Two questions, since each is answered by a unique index that leaves out the rows of the other.
    """
    standing = Suppression.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=at), address_hash=OuterRef(hash_column)
    )
    everywhere = standing.filter(mailing_list__isnull=True)
    return Q(Exists(everywhere)) | Q(Exists(standing.filter(mailing_list_id=mailing_list_id)))


def _has_had_enough(at: datetime) -> Q:
    """By local days, so that an issue some minutes earlier than yesterday's is not one too many."""
    zone = ZoneInfo(current_site().settings.time_zone)
    today = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    week = today - timedelta(days=6)
    return Q(frequency=Frequency.DAILY, last_issue_at__gte=today) | Q(
        frequency=Frequency.WEEKLY, last_issue_at__gte=week
    )


def takes_fewer(subscriptions: QuerySet) -> QuerySet:
    """Those whose last issue has to be noted."""
    return subscriptions.exclude(frequency=Frequency.EACH)
