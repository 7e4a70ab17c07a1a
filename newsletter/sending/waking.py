"""What the clock does every minute for issues: begin those whose time has come, and revive what was lost."""

import logging

from django.conf import settings

from newsletter.enums import IssueState
from newsletter.models import Issue
from newsletter.sending import identity, lifecycle, slices
from newsletter.sending.finishing import finish
from newsletter.sending.recovering import recover
from newsletter.sending.states import CAN_BE_PAUSED
from newsletter.sending.tasks import empty_cancelled_issue, prepare_issue, send_slice

logger = logging.getLogger(__name__)


def wake_senders() -> dict[str, int]:
    """Start what is due and put tasks where none is at work. Several at once do no harm.

    Rows alone say what is to be done, so a lost task costs a minute at most.
    """
    if reason := identity.reason_to_refuse():
        if _has_work():
            logger.error("Nothing is sent: %s", reason)
        return {}
    done = {
        "issues started": _start_due(),
        "deliveries taken back": recover(),
        "senders woken": 0,
        "issues finished": 0,
    }
    for issue in Issue.objects.filter(state=IssueState.PREPARING):
        prepare_issue.enqueue(issue.pk)
    for issue in Issue.objects.filter(state=IssueState.SENDING):
        woken = _wake(issue)
        done["senders woken"] += woken
        done["issues finished"] += 0 if woken else finish(issue.pk)
    for issue in Issue.objects.filter(state=IssueState.CANCELLED, finished_at__isnull=True):
        empty_cancelled_issue.enqueue(issue.pk)
    return done


def _start_due() -> int:
    scheduled = Issue.objects.filter(state=IssueState.SCHEDULED).select_related("mailing_list").order_by("send_at")
    return sum(lifecycle.start_if_due(issue) for issue in scheduled)


def _wake(issue: Issue) -> int:
    """A task for each place where nobody sends, if there is something to send now."""
    if slices.seconds_until_due(issue.pk) != 0:
        return 0
    free = set(range(settings.NEWSLETTER_SENDERS)) - slices.live_slots(issue.pk)
    for number in free:
        send_slice.enqueue(issue.pk, number)
    return len(free)


def _has_work() -> bool:
    return Issue.objects.filter(state__in=CAN_BE_PAUSED).exists()
