"""What becomes of the deliveries of an issue that was cancelled."""

from django.db import transaction
from django.db.models import F

from newsletter.enums import DeliveryState, IssueState, SkipReason
from newsletter.models import Delivery, Issue
from newsletter.sending.finishing import finish

CHUNK = 5_000


def skip_the_rest(issue_id: int) -> int:
    """Skip whatever waits, in chunks; returns how many. Those in the hands of a sender follow when it lets them go."""
    skipped = 0
    while number := _skip_chunk(issue_id):
        skipped += number
    finish(issue_id)
    return skipped


@transaction.atomic
def _skip_chunk(issue_id: int) -> int:
    issue = Issue.objects.filter(pk=issue_id, state=IssueState.CANCELLED)
    waiting = Delivery.objects.filter(issue__in=issue, state=DeliveryState.PENDING).order_by("id")[:CHUNK]
    number = Delivery.objects.filter(pk__in=waiting.values("pk"), state=DeliveryState.PENDING).update(
        state=DeliveryState.SKIPPED, skip_reason=SkipReason.CANCELLED
    )
    issue.update(skipped_count=F("skipped_count") + number)
    return number
