"""What an operator sees of an issue on its way. Counted from the rows; the counters beside them must say the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BooleanField, Count, F, Func, Max, Min, Q, QuerySet
from django.utils import timezone

from newsletter.addresses import normalise
from newsletter.enums import DeliveryState, EventKind, IssueState
from newsletter.models import Delivery, DeliveryEvent, Issue, RateBucket, SenderSlot, Subscriber
from newsletter.returns.housekeeping import is_folded
from newsletter.sending.slices import SILENCE

LOOKED_AT = (DeliveryState.FAILED, DeliveryState.UNCERTAIN)
PER_PAGE = 50
MOST_GROUPS = 20
RATE_MINUTES = 1
# Rows that are looked at for the rate: a minute of the fastest sender, and never a whole table.
_RATE_ROWS = 100_000
# As in the condition of the index delivery_to_look_at, word for word: SQLite takes it for nothing else.
_TO_LOOK_AT = Func(F("state"), template="%(expressions)s IN (3, 5)", output_field=BooleanField())
# What comes back and asks for somebody's eye; deliveries, opens and clicks come by the million.
_BACK = (
    EventKind.HARD_BOUNCE,
    EventKind.SOFT_BOUNCE,
    EventKind.COMPLAINED,
    EventKind.REJECTED,
    EventKind.DEFERRED,
    EventKind.UNSUBSCRIBED,
)


@dataclass(frozen=True)
class Accounting:
    """candidates = sent + failed + skipped + uncertain + excluded (+ under way), in rows that were counted just now."""

    candidates: int
    sent: int
    failed: int
    skipped: int
    uncertain: int
    excluded: int
    under_way: int
    # Counters that say something else than the rows: (column, counter, rows).
    differing: tuple[tuple[str, int, int], ...]
    # Before recipients are frozen there is nothing to add up.
    is_frozen: bool
    # Long after the end the rows are gone and the counters alone are left.
    is_folded: bool = False

    @property
    def total(self) -> int:
        return self.sent + self.failed + self.skipped + self.uncertain + self.excluded + self.under_way

    @property
    def is_complete(self) -> bool:
        """Whether everybody is somewhere."""
        return not self.is_frozen or self.total == self.candidates

    @property
    def adds_up(self) -> bool:
        return self.is_complete and not (self.is_frozen and self.differing)


def accounting(issue: Issue) -> Accounting:
    """One GROUP BY over the rows of the issue. The counters are read with them, not before them."""
    issue.refresh_from_db(
        fields=["candidate_count", "excluded_counts", "sent_count", "failed_count", "skipped_count", "uncertain_count"]
    )
    if is_folded(issue):
        return _of_counters(issue)
    rows = Delivery.objects.filter(issue=issue).values_list("state").annotate(count=Count("pk")).order_by()
    by_state: dict[int, int] = dict(rows)
    counted = {
        "sent_count": by_state.get(DeliveryState.SENT, 0),
        "failed_count": by_state.get(DeliveryState.FAILED, 0),
        "skipped_count": by_state.get(DeliveryState.SKIPPED, 0),
        "uncertain_count": by_state.get(DeliveryState.UNCERTAIN, 0),
    }
    differing = tuple(
        (name, getattr(issue, name), number) for name, number in counted.items() if getattr(issue, name) != number
    )
    return Accounting(
        candidates=issue.candidate_count,
        sent=counted["sent_count"],
        failed=counted["failed_count"],
        skipped=counted["skipped_count"],
        uncertain=counted["uncertain_count"],
        excluded=issue.excluded_count,
        under_way=by_state.get(DeliveryState.PENDING, 0) + by_state.get(DeliveryState.CLAIMED, 0),
        differing=differing,
        is_frozen=issue.frozen_at is not None,
    )


def _of_counters(issue: Issue) -> Accounting:
    """What was counted to the end, when there are no rows any more to count (newsletter.returns.housekeeping)."""
    return Accounting(
        candidates=issue.candidate_count,
        sent=issue.sent_count,
        failed=issue.failed_count,
        skipped=issue.skipped_count,
        uncertain=issue.uncertain_count,
        excluded=issue.excluded_count,
        under_way=0,
        differing=(),
        is_frozen=issue.frozen_at is not None,
        is_folded=True,
    )


@dataclass(frozen=True)
class Progress:
    """From the counters alone, so that it may be asked every few seconds. `per_minute` None: nothing to go by."""

    total: int
    done: int
    per_minute: int | None
    ends_at: datetime | None

    @property
    def left(self) -> int:
        return self.total - self.done


def progress(issue: Issue) -> Progress:
    total = max(issue.candidate_count - issue.excluded_count, 0)
    done = min(issue.sent_count + issue.failed_count + issue.skipped_count + issue.uncertain_count, total)
    rate = _per_minute(issue) if issue.state == IssueState.SENDING else None
    ends_at = timezone.now() + timedelta(minutes=(total - done) / rate) if rate and total > done else None
    return Progress(total, done, rate, ends_at)


def _per_minute(issue: Issue) -> int | None:
    """Messages of the last minutes, found among the rows just before the first that nobody has tried."""
    rows = Delivery.objects.filter(issue=issue)
    fresh = rows.filter(state=DeliveryState.PENDING, attempts=0).order_by("id").values_list("id", flat=True).first()
    frontier = fresh or rows.aggregate(last=Max("id"))["last"]
    if frontier is None:
        return None
    since = timezone.now() - timedelta(minutes=RATE_MINUTES)
    # Senders take rows in the order of their numbers; a claim or two lies beyond the first that is free.
    near = rows.filter(id__gt=frontier - _RATE_ROWS, id__lt=frontier + 2 * _RATE_ROWS // 100)
    sent = near.filter(state=DeliveryState.SENT, sent_at__gte=since).count()
    began = max(issue.started_at or since, since)
    minutes = max((timezone.now() - began).total_seconds(), 1) / 60
    return round(sent / minutes) or None


def failed_by_reply(issue: Issue) -> list[dict[str, Any]]:
    """Failed rows by what the server said: {smtp_code, enhanced_code, reply (one of them), count}, most first."""
    failed = Delivery.objects.filter(_TO_LOOK_AT, issue=issue, state=DeliveryState.FAILED)
    groups = failed.values("smtp_code", "enhanced_code").annotate(count=Count("pk"), reply=Max("reply"))
    return [dict(group) for group in groups.order_by("-count", "smtp_code")[:MOST_GROUPS]]


def uncertain_rows(issue: Issue) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(_TO_LOOK_AT, issue=issue, state=DeliveryState.UNCERTAIN)
    return rows.select_related("subscriber").order_by("id")


def deferred_by_domain(issue: Issue) -> list[dict[str, Any]]:
    """Rows that wait for another attempt: {domain, count, attempts, next_at, reply, closed_until}, most first."""
    waiting = Delivery.objects.filter(issue=issue, state=DeliveryState.PENDING, attempts__gt=0)
    groups = waiting.values("domain").annotate(
        count=Count("pk"), attempts=Max("attempts"), next_at=Min("next_attempt_at"), reply=Max("reply")
    )
    found = list(groups.order_by("-count", "domain")[:MOST_GROUPS])
    closed = _closed_domains(group["domain"] for group in found)
    return [group | {"closed_until": closed.get(group["domain"])} for group in found]


def _closed_domains(domains: Iterable[str]) -> dict[str, datetime]:
    """Which of these get nothing for a while, and until when (newsletter.sending.pacing)."""
    names = {f"domain:{domain}": domain for domain in domains}
    rows = RateBucket.objects.filter(name__in=names, closed_until__gt=timezone.now())
    return {names[name]: until for name, until in rows.values_list("name", "closed_until") if until}


def events_back(issue: Issue) -> list[dict[str, Any]]:
    """What came back about its messages: {kind, count, last}, in the order of _BACK."""
    events = DeliveryEvent.objects.filter(kind__in=_BACK, delivery__issue=issue)
    if issue.started_at:
        # By the index on kind and time; reports of an issue are never older than it.
        events = events.filter(at__gte=issue.started_at - timedelta(hours=1))
    rows = events.values("kind").annotate(count=Count("pk"), last=Max("at")).order_by()
    groups = {row["kind"]: dict(row) for row in rows}
    return [groups[kind] | {"label": kind.label} for kind in _BACK if kind in groups]


@dataclass(frozen=True)
class Slice:
    """Deliveries of one page; `next_after` leads to the page after it, None on the last one."""

    rows: list[Delivery]
    next_after: int | None


def deliveries(issue: Issue, *, state: DeliveryState | None = None, typed: str = "", after: int = 0) -> Slice:
    """A page of the deliveries after that key. `typed` is a whole address, or `@domain`.

    Keys instead of page numbers: each page costs the same, however far it is. States that have an index are read by
    it; everything else in the order of the readers, by the unique key. Rows of erased readers have none: they are
    counted (erased_count), not listed.
    """
    rows = Delivery.objects.filter(issue=issue).select_related("subscriber")
    key = "subscriber_id"
    if state is not None:
        rows = rows.filter(state=state)
        key = "id" if state in {DeliveryState.PENDING, *LOOKED_AT} else key
        rows = rows.filter(_TO_LOOK_AT) if state in LOOKED_AT else rows
    if typed:
        rows = rows.filter(_addressed(typed))
    found = list(rows.filter(**{f"{key}__gt": after}).order_by(key)[: PER_PAGE + 1])
    more = len(found) > PER_PAGE
    return Slice(found[:PER_PAGE], getattr(found[PER_PAGE - 1], key) if more else None)


def _addressed(typed: str) -> Q:
    try:
        normal = normalise(typed if not typed.startswith("@") else f"x{typed}")
    except UnicodeError:
        return Q(pk__in=[])
    if typed.startswith("@"):
        return Q(domain=normal.rpartition("@")[2])
    found = Subscriber.objects.filter(email_normal=normal).values_list("pk", flat=True).first()
    return Q(subscriber_id=found or 0)


def erased_count(issue: Issue) -> int:
    return Delivery.objects.filter(issue=issue, subscriber__isnull=True).count()


def senders_at(issues: Iterable[Issue | int]) -> dict[int, int]:
    """How many senders have given a sign of life a moment ago, by issue."""
    slots = SenderSlot.objects.filter(issue__in=list(issues), beat_at__gte=timezone.now() - SILENCE).exclude(owner="")
    return dict(slots.values_list("issue").annotate(count=Count("pk")).order_by())
