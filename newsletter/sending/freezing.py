"""Writing down who gets an issue: one Delivery for each, in chunks, so that nothing else waits long for the database.

Any number of processes may do it at once and any may die: the chunk that a transaction has written is remembered in it.
"""

import logging
import time
from collections import Counter
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Case, F, QuerySet, Value, When
from django.utils import timezone

from newsletter.enums import DeliveryState, IssueState, SubscriptionStatus
from newsletter.models import Delivery, Issue, Subscription
from newsletter.sending.audience import audience, count_reasons, takes_fewer
from newsletter.sending.states import NotInState, move, state_of

logger = logging.getLogger(__name__)

# Subscriptions in one transaction: between them, and as many as fit into LOCK_SECONDS on this machine.
FIRST_CHUNK = 5_000
CHUNKS = (500, 20_000)
LOCK_SECONDS = 0.06
# With SQLite nobody else writes meanwhile, and who waits asks again every tenth of a second at most: a rest of half the
# time that it took lets him in soon.
REST = 0.5


def freeze(issue_id: int) -> bool:
    """Make the deliveries of an issue that is being prepared, and let it be sent; returns whether it may be now.

    Goes on where a process that died has stopped. Somebody else's pause or cancellation ends it between two chunks.
    """
    size = FIRST_CHUNK
    while True:
        started = time.monotonic()
        found = _freeze_chunk(issue_id, size)
        if found is None:
            return state_of(issue_id) == IssueState.SENDING
        if not found:
            return _seal(issue_id)
        if connection.vendor == "sqlite":
            seconds = time.monotonic() - started
            size = max(CHUNKS[0], min(CHUNKS[1], int(size * min(2.0, LOCK_SECONDS / max(seconds, 0.001)))))
            time.sleep(seconds * REST)
        else:  # which locks rows, not everybody out
            size = CHUNKS[1]


@transaction.atomic
def _freeze_chunk(issue_id: int, size: int) -> int | None:
    """Returns how many were looked at, and None when the issue is not being prepared (any more)."""
    issue = Issue.objects.select_for_update().filter(pk=issue_id, state=IssueState.PREPARING).first()
    if issue is None:
        return None
    confirmed = Subscription.objects.filter(mailing_list_id=issue.mailing_list_id, status=SubscriptionStatus.CONFIRMED)
    ids = confirmed.filter(pk__gt=issue.frozen_through).order_by("pk").values_list("pk", flat=True)
    through = ids[size - 1 : size].first() or ids.last()
    if through is None:
        return 0
    everybody = audience(issue.mailing_list_id, at=_snapshot(issue), corrects_id=issue.corrects_id)
    chunk = everybody.filter(pk__gt=issue.frozen_through, pk__lte=through)
    _count_in(issue, chunk, made=_insert(issue, chunk.filter(reason="")))
    issue.frozen_through = through
    issue.save(update_fields=["frozen_through", "candidate_count", "excluded_counts"])
    return size


def _insert(issue: Issue, subscriptions: QuerySet) -> int:
    """One statement inside the database: nobody's row travels here and back."""
    variant: Value | Case = Value("a")
    if issue.subject_b:
        subscriptions = subscriptions.annotate(half=F("subscriber_id") % 2)
        variant = Case(When(half=1, then=Value("b")), default=Value("a"))
    columns = {
        "issue_id": Value(issue.pk),
        "subscriber_id": F("subscriber_id"),
        "subscription_id": F("pk"),
        "variant": variant,
        "domain": F("subscriber__domain"),
        "state": Value(DeliveryState.PENDING.value),
        "attempts": Value(0),
        **dict.fromkeys(("skip_reason", "owner", "enhanced_code", "reply"), Value("")),
    }
    select, params = subscriptions.order_by("pk").values_list(*columns.values()).query.sql_with_params()
    into = f"INSERT INTO {Delivery._meta.db_table} ({', '.join(columns)})"
    with connection.cursor() as cursor:
        cursor.execute(f"{into} {select} ON CONFLICT DO NOTHING", params)
        return int(cursor.rowcount)


def _count_in(issue: Issue, chunk: QuerySet, *, made: int) -> None:
    # To ask everybody why not takes longer than to write them all down, and mostly there is nothing to be told.
    excluded = count_reasons(chunk.exclude(reason=""))[1] if made < chunk.count() else {}
    counts = Counter(issue.excluded_counts)
    counts.update(excluded)
    issue.excluded_counts = dict(counts)
    issue.candidate_count += made + sum(excluded.values())
    if not issue.corrects_id:
        fewer = takes_fewer(chunk.filter(reason="")).values("pk")
        Subscription.objects.filter(pk__in=fewer).update(last_issue_at=_snapshot(issue))


@transaction.atomic
def _seal(issue_id: int) -> bool:
    """Nobody is left to look at: from here on senders may take the deliveries."""
    issue = Issue.objects.select_for_update().get(pk=issue_id)
    made = Delivery.objects.filter(issue_id=issue_id).count()
    if issue.candidate_count != made + issue.excluded_count:
        logger.error("Issue %s: %s candidates, %s made", issue_id, issue.candidate_count, made)
    try:
        move(
            issue,
            among=[IssueState.PREPARING],
            to=IssueState.SENDING,
            frozen_at=timezone.now(),
            candidate_count=made + issue.excluded_count,
        )
    except NotInState as other:  # somebody was faster, or it was paused
        return other.state == IssueState.SENDING
    return True


def _snapshot(issue: Issue) -> datetime:
    if issue.snapshot_at is None:
        raise ValueError(f"Issue {issue.pk} is being prepared without a snapshot")  # a constraint forbids it
    return issue.snapshot_at
