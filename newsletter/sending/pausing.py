"""Stopping an issue, by a person or by the sender itself."""

from collections import deque

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from audit.enums import Action
from audit.recording import log
from newsletter.enums import IssueState
from newsletter.models import Issue
from newsletter.sending.letters import Kind, Outcome
from newsletter.sending.settling import is_our_fault, reply_to_keep
from newsletter.sending.states import CAN_BE_PAUSED, move

REASON_LENGTH = 300
# So many of the last outcomes are looked at, and more than such a share of refusals (or of silence) stops an issue:
# going on would cost the sender's good name.
WINDOW = 500
MOST_REFUSED = 0.05
MOST_UNKNOWN = 0.2


@transaction.atomic
def pause(issue: Issue, *, reason: str, by: AbstractBaseUser | None = None) -> None:
    """Stop within two seconds; what a mail server has in its hands by then is sent. Raises NotInState."""
    before = issue.state
    reason = reason[:REASON_LENGTH]
    move(issue, among=CAN_BE_PAUSED, to=IssueState.PAUSED, paused_reason=reason)
    log(Action.PAUSED, by=by, subject=issue, before=before, note=reason)


class Wave:
    """The last outcomes of an issue, and whether they say that something is wrong with us."""

    def __init__(self) -> None:
        self._kinds: deque[Kind] = deque(maxlen=WINDOW)

    def look_at(self, outcome: Outcome) -> str:
        """Why the issue should be paused, or ''."""
        if outcome.kind is Kind.RETURNED:
            return ""
        if is_our_fault(outcome) and outcome.letter.attempt == 1:
            return _("The mail server refuses our mail: %(answer)s") % {"answer": _answer(outcome)}
        self._kinds.append(outcome.kind)
        if self._kinds.count(Kind.REFUSED) > WINDOW * MOST_REFUSED:
            return _("Too many messages are refused. The last answer: %(answer)s") % {"answer": _answer(outcome)}
        if self._kinds.count(Kind.UNKNOWN) > WINDOW * MOST_UNKNOWN:
            return _("The mail server takes messages and does not answer.")
        return ""


def _answer(outcome: Outcome) -> str:
    """Without the reader: the reason of a pause stands in the log for ever."""
    return " ".join(part for part in (str(outcome.code or ""), outcome.enhanced_code, reply_to_keep(outcome)) if part)
