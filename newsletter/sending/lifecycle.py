"""What people and the clock do with an issue: schedule, send, pause, resume, cancel.

draft → scheduled → preparing → sending ⇄ paused → finished; cancelled from any of the middle ones.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.enums import Action
from audit.recording import log
from newsletter.enums import IssueState
from newsletter.mails.compiling import CompileRefused, compile_issue, reasons_against
from newsletter.models import Issue
from newsletter.sending.audience import candidate_count, candidates_of
from newsletter.sending.identity import RefusesToSend, refuse_restored_copy
from newsletter.sending.pausing import pause
from newsletter.sending.states import CAN_BE_CANCELLED, NotInState, move
from newsletter.sending.tasks import empty_cancelled_issue, prepare_issue, start_senders
from newsletter.sending.withdrawals import reason_to_hold

__all__ = [
    "CompileRefused",
    "CountChanged",
    "NotInState",
    "RefusesToSend",
    "cancel",
    "candidate_count",
    "candidates_of",
    "pause",
    "resume",
    "schedule",
    "send_now",
    "start_if_due",
    "unschedule",
]


class CountChanged(Exception):
    """The number that the editor agreed to is not the number of readers any more; `now` is."""

    def __init__(self, now: int) -> None:
        super().__init__(str(now))
        self.now = now


def schedule(issue: Issue, *, by: AbstractBaseUser | None, at: datetime, expected_count: int) -> None:
    """Have it sent at `at` to whoever is on the list by then; edits until then are taken.

    Raises NotInState, CountChanged, and CompileRefused for what could not be sent already now.
    """
    _check_count(issue, expected_count)
    if blocks := [problem.text for problem in reasons_against(issue) if problem.level == "block"]:
        raise CompileRefused(blocks)
    with transaction.atomic():
        move(issue, among=[IssueState.DRAFT], to=IssueState.SCHEDULED, send_at=at, sent_by=by)
        log(Action.SCHEDULED, by=by, subject=issue, after=f"{at:%Y-%m-%d %H:%M %Z}")


@transaction.atomic
def unschedule(issue: Issue, *, by: AbstractBaseUser | None) -> None:
    """Make a draft of it again. Raises NotInState."""
    move(issue, among=[IssueState.SCHEDULED], to=IssueState.DRAFT, send_at=None)
    log(Action.UNSCHEDULED, by=by, subject=issue)


def send_now(issue: Issue, *, by: AbstractBaseUser | None, expected_count: int) -> None:
    """Fix its content and begin to send it. Raises NotInState, CountChanged, CompileRefused and RefusesToSend."""
    refuse_restored_copy()
    _check_count(issue, expected_count)
    with transaction.atomic():
        _start(issue, among=[IssueState.DRAFT, IssueState.SCHEDULED], sent_by=by)
        log(Action.SENT, by=by, subject=issue, note=str(expected_count))


def start_if_due(issue: Issue) -> bool:
    """Begin to send a scheduled issue whose time has come; returns whether it did.

    One that is stale (the machine was off), or that cannot be sent as it is, waits for a person.
    """
    if issue.send_at is None or issue.send_at > timezone.now():
        return False
    if issue.send_at + timedelta(hours=issue.mailing_list.stale_after_hours) < timezone.now():
        return _wait_for_a_person(issue, _("Its time has passed too long ago: nothing could be sent then."))
    try:
        with transaction.atomic():
            _start(issue, among=[IssueState.SCHEDULED])
            log(Action.SENT, by=None, subject=issue)
    except CompileRefused as refused:
        return _wait_for_a_person(issue, " ".join(refused.reasons))
    except NotInState:
        return False
    return True


def resume(issue: Issue, *, by: AbstractBaseUser | None) -> None:
    """Go on with the rest. Raises NotInState, CompileRefused and RefusesToSend (also for a story that is gone)."""
    refuse_restored_copy()
    with transaction.atomic():
        issue.refresh_from_db()
        if reason := reason_to_hold(issue):
            raise RefusesToSend(reason)
        if issue.frozen_at:
            move(issue, among=[IssueState.PAUSED], to=IssueState.SENDING, paused_reason="")
            start_senders(issue.pk)
        elif issue.snapshot_at:
            move(issue, among=[IssueState.PAUSED], to=IssueState.PREPARING, paused_reason="")
            prepare_issue.enqueue(issue.pk)
        else:
            _start(issue, among=[IssueState.PAUSED], paused_reason="")
        log(Action.RESUMED, by=by, subject=issue)


@transaction.atomic
def cancel(issue: Issue, *, by: AbstractBaseUser | None) -> None:
    """Send no more of it, for good; what was sent stays sent. Raises NotInState."""
    before = issue.state
    move(issue, among=CAN_BE_CANCELLED, to=IssueState.CANCELLED, paused_reason="")
    empty_cancelled_issue.enqueue(issue.pk)
    log(Action.CANCELLED, by=by, subject=issue, before=before)


def _start(issue: Issue, *, among: list[IssueState], **fields: object) -> None:
    """In one transaction: a process that dies in it leaves a draft that can still be edited."""
    if Issue.objects.select_for_update(of=("self",)).get(pk=issue.pk).state not in among:
        issue.refresh_from_db()
        raise NotInState(issue.state)
    compile_issue(issue)
    now = timezone.now()
    move(issue, among=among, to=IssueState.PREPARING, snapshot_at=now, started_at=now, **fields)
    prepare_issue.enqueue(issue.pk)


def _check_count(issue: Issue, expected: int) -> None:
    """Counted before the transaction: a million readers take a second, and nobody should wait for it."""
    now = candidates_of(issue)[0]
    if now != expected:
        raise CountChanged(now)


def _wait_for_a_person(issue: Issue, reason: str) -> bool:
    with suppress(NotInState):  # somebody has just done something else with it
        pause(issue, reason=reason)
    return False
