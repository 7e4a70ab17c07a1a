"""What a person decides about a message of which nobody knows whether the mail server took it."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from audit.enums import Action
from audit.recording import log
from newsletter.enums import DeliveryState, IssueState
from newsletter.models import Delivery, Issue
from newsletter.sending.identity import RefusesToSend
from newsletter.sending.states import NotInState
from newsletter.sending.tasks import start_senders
from newsletter.sending.withdrawals import reason_to_hold


class NotUncertain(Exception):
    """Somebody else has decided, or there was never a doubt."""


@transaction.atomic
def resend(delivery: Delivery, *, by: AbstractBaseUser | None) -> None:
    """Have it sent again; the reader may get a second copy. An issue that had ended goes on for it.

    Raises NotUncertain, NotInState for an issue that was cancelled, and RefusesToSend for one with a story that is
    gone.
    """
    issue = Issue.objects.select_for_update().get(pk=delivery.issue_id)
    if issue.state not in {IssueState.SENDING, IssueState.PAUSED, IssueState.FINISHED}:
        raise NotInState(issue.state)
    if reason := reason_to_hold(issue):
        raise RefusesToSend(reason)
    _decide(delivery, state=DeliveryState.PENDING, attempts=0, next_attempt_at=None)
    issue.uncertain_count = F("uncertain_count") - 1
    if issue.state == IssueState.FINISHED:
        issue.state, issue.finished_at = IssueState.SENDING, None
    issue.save(update_fields=["state", "finished_at", "uncertain_count"])
    log(Action.SENT_AGAIN, by=by, subject=issue, note=str(delivery.pk))
    if issue.state == IssueState.SENDING:
        start_senders(issue.pk)


@transaction.atomic
def count_as_sent(delivery: Delivery, *, by: AbstractBaseUser | None) -> None:
    """The reader has it, as far as anybody can tell. Raises NotUncertain."""
    issue = Issue.objects.select_for_update().get(pk=delivery.issue_id)
    _decide(delivery, state=DeliveryState.SENT, sent_at=timezone.now())
    issue.uncertain_count, issue.sent_count = F("uncertain_count") - 1, F("sent_count") + 1
    issue.save(update_fields=["uncertain_count", "sent_count"])
    log(Action.COUNTED_AS_SENT, by=by, subject=issue, note=str(delivery.pk))


def _decide(delivery: Delivery, **fields: object) -> None:
    doubtful = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.UNCERTAIN)
    if not doubtful.update(**fields):
        raise NotUncertain
    delivery.refresh_from_db()
