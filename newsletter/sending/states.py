"""Changing the state of an issue: each change is one UPDATE that finds the state it expects, or nothing happens."""

from collections.abc import Iterable
from typing import Any

from newsletter.enums import IssueState
from newsletter.models import Issue

# In these a sender or the clock has something to do.
AT_WORK = (IssueState.PREPARING, IssueState.SENDING)
CAN_BE_PAUSED = (IssueState.SCHEDULED, *AT_WORK)
CAN_BE_CANCELLED = (*CAN_BE_PAUSED, IssueState.PAUSED)


class NotInState(Exception):
    """The issue is in another state than the deed needs; somebody else was faster. `state` is the one it is in."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = IssueState(state)


def move(issue: Issue, *, among: Iterable[IssueState], to: IssueState, **fields: Any) -> None:
    """Put the issue into the state `to`, together with `fields`, if it is still in one of `among`.

    And if nobody has edited it since `issue` was read: what is sent is what its sender has seen.
    Raises NotInState. `issue` then says what the row says.
    """
    rows = Issue.objects.filter(pk=issue.pk, state__in=list(among), version=issue.version)
    found = rows.update(state=to, **fields)
    if not found:
        raise NotInState(state_of(issue.pk))
    for name, value in {"state": to, **fields}.items():
        setattr(issue, name, value)


def state_of(issue_id: int) -> str:
    return Issue.objects.values_list("state", flat=True).get(pk=issue_id)
