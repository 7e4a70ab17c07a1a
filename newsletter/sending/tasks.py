"""What workers do for an issue. A task only says "look now"; waking.py finds within a minute what was lost."""

from django.conf import settings

from newsletter.sending import cancelling, freezing, slices
from tasks.defining import task

# What was done stays done, so a death is no sign that the next one would die too.
PATIENT = 1_000


@task(max_deaths=PATIENT)
def prepare_issue(issue_id: int) -> None:
    """Write down who gets it; several at once do no harm."""
    if freezing.freeze(issue_id):
        start_senders(issue_id)


@task(max_deaths=PATIENT)
def send_slice(issue_id: int, slot: int) -> None:
    """Send for a while, then let other tasks have their turn."""
    seconds = slices.run_slice(issue_id, slot)
    if seconds is not None:
        send_slice.enqueue_in(seconds, issue_id, slot)


@task()
def empty_cancelled_issue(issue_id: int) -> None:
    cancelling.skip_the_rest(issue_id)


def start_senders(issue_id: int) -> None:
    """One task for each place; in the transaction of the caller."""
    for slot in range(settings.NEWSLETTER_SENDERS):
        send_slice.enqueue(issue_id, slot)
