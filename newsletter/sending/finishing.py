"""The end of an issue: only when nothing waits any more, and with counts that are those of the rows."""

import logging

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from audit.enums import Action
from audit.recording import log
from newsletter.enums import DeliveryState, IssueState
from newsletter.models import Delivery, Issue
from newsletter.sending.recovering import claimed

logger = logging.getLogger(__name__)

COUNTERS = {
    DeliveryState.SENT: "sent_count",
    DeliveryState.FAILED: "failed_count",
    DeliveryState.SKIPPED: "skipped_count",
    DeliveryState.UNCERTAIN: "uncertain_count",
}
# The rows are counted without holding anything up; who changed one meanwhile changed a counter too.
ATTEMPTS = 5


def finish(issue_id: int) -> bool:
    """Say that the issue is sent, or fully cancelled. Returns False when something waits or it was said before."""
    for _attempt in range(ATTEMPTS):
        issue = Issue.objects.filter(pk=issue_id, finished_at__isnull=True).first()
        if issue is None or _is_unsettled(issue):
            return False
        if issue.state == IssueState.SENDING and issue.frozen_at:
            state = IssueState.FINISHED
        elif issue.state == IssueState.CANCELLED:
            state = IssueState.CANCELLED
        else:
            return False
        if _close(issue, state=state, counted=counted(issue_id)):
            return True
    return False


def counted(issue_id: int) -> dict[str, int]:
    """The counters of an issue as its rows have them."""
    rows = Delivery.objects.filter(issue_id=issue_id).order_by().values_list("state").annotate(number=Count("pk"))
    numbers = dict(rows)
    return {name: numbers.get(state, 0) for state, name in COUNTERS.items()}


@transaction.atomic
def _close(issue: Issue, *, state: IssueState, counted: dict[str, int]) -> bool:
    """The compare-and-set covers the counters: the rows are still those that were counted."""
    noted = {name: getattr(issue, name) for name in COUNTERS.values()}
    unchanged = Issue.objects.filter(pk=issue.pk, state=issue.state, finished_at__isnull=True, **noted)
    if not unchanged.update(state=state, finished_at=timezone.now(), **counted) or _is_unsettled(issue):
        transaction.set_rollback(True)
        return False
    if noted != counted:
        logger.error("Issue %s: the counters said %s, the rows say %s", issue.pk, noted, counted)
    if sum(counted.values()) + issue.excluded_count != issue.candidate_count:
        logger.error("Issue %s does not add up: %s candidates, %s", issue.pk, issue.candidate_count, counted)
    log(Action.FINISHED, by=None, subject=issue, note=" ".join(f"{name}={n}" for name, n in counted.items()))
    return True


def _is_unsettled(issue: Issue) -> bool:
    """Two questions, since each has an index that holds only such rows."""
    waiting = Delivery.objects.filter(issue=issue, state=DeliveryState.PENDING).order_by()
    return waiting.exists() or issue.pk in set(claimed().order_by().values_list("issue_id", flat=True))
