"""What is forgotten of mails that were sent, and when: a step of the daily tick."""

from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from newsletter.enums import DeliveryState, EventKind, IssueState
from newsletter.hit_counting import PROVIDER as SITE
from newsletter.models import Delivery, DeliveryEvent, Issue, RawReport

RAW_REPORTS = timedelta(days=7)
# That a message arrived is of use while it may still come back.
ARRIVALS = timedelta(days=30)
DELIVERIES = timedelta(days=180)
# Of one step, so that the others of the day come in time; what is left waits for tomorrow.
SECONDS = 60.0
_CHUNK = 2000
# What the statistics of an issue still say when its rows are gone: those messages stay.
_TELLING = [
    EventKind.HARD_BOUNCE,
    EventKind.SOFT_BOUNCE,
    EventKind.REJECTED,
    EventKind.COMPLAINED,
    EventKind.UNSUBSCRIBED,
]
_SETTLED = [DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.SKIPPED]


def forget(now: datetime | None = None, *, seconds: float = SECONDS) -> dict[str, int]:
    """Forget what is due, in short transactions; returns how many rows of each kind."""
    moment = now or timezone.now()
    until = monotonic() + seconds
    by_name = timedelta(days=settings.NEWSLETTER_NAMES_DAYS)
    chatter = DeliveryEvent.objects.filter(kind__in=[EventKind.DELIVERED, EventKind.DEFERRED])
    named = DeliveryEvent.objects.filter(kind__in=[EventKind.OPENED, EventKind.CLICKED], provider=SITE)
    arrived = chatter.filter(kind=EventKind.DELIVERED, at__lt=moment - ARRIVALS)
    return {
        "raw reports forgotten": _delete(RawReport.objects.filter(received_at__lt=moment - RAW_REPORTS), until),
        "names behind opens and clicks forgotten": _delete(named.filter(at__lt=moment - by_name), until),
        "notices of arrival forgotten": _delete(arrived, until),
        "notices of delay forgotten": _delete(chatter.filter(at__lt=moment - DELIVERIES), until),
        "deliveries folded": fold_deliveries(moment, until=until),
    }


def fold_deliveries(now: datetime, *, until: float) -> int:
    """Delete the rows of issues that ended long ago; their counters and what came back stay.

    A message that came back keeps its row, and an uncertain one as well: somebody may still ask.
    """
    old = Issue.objects.filter(state__in=[IssueState.FINISHED, IssueState.CANCELLED])
    rows = 0
    for issue_id in old.filter(finished_at__lt=now - DELIVERIES).values_list("pk", flat=True):
        rows += _delete(_foldable(issue_id), until)
        if monotonic() >= until:
            break
    return rows


def is_folded(issue: Issue, now: datetime | None = None) -> bool:
    """Whether rows of an issue may be gone, so that they do not add up to its counters any more."""
    return issue.finished_at is not None and issue.finished_at < (now or timezone.now()) - DELIVERIES


def _foldable(issue_id: int) -> QuerySet[Delivery]:
    telling = DeliveryEvent.objects.filter(delivery=OuterRef("pk"), kind__in=_TELLING)
    return Delivery.objects.filter(~Exists(telling), issue=issue_id, state__in=_SETTLED)


def _delete(rows: QuerySet, until: float) -> int:
    """In chunks: nobody waits long for the lock of the database."""
    deleted = 0
    while monotonic() < until:
        chunk = list(rows.order_by("pk").values_list("pk", flat=True)[:_CHUNK])
        if not chunk:
            break
        with transaction.atomic():
            rows.model._default_manager.filter(pk__in=chunk).delete()
        deleted += len(chunk)
    return deleted
