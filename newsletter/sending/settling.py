"""What an outcome means for a delivery, and writing many of them at once.

Only a row that the run still holds is changed, so writing the same outcome a second time changes nothing.
"""

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from newsletter.enums import DeliveryPolicy, DeliveryState, EventKind
from newsletter.models import Delivery, Issue
from newsletter.returns.codes import Meaning, kind_of, meaning_of
from newsletter.returns.recording import record_event, without_names
from newsletter.sending.letters import Kind, Outcome
from newsroom.lib import meters

MOST_ATTEMPTS = 8
LONGEST_WAIT = 3600  # seconds between two attempts
GIVE_UP_AFTER = timedelta(hours=24)
REPLY_LENGTH = 200
ENHANCED_LENGTH = 12

COUNTERS = {
    DeliveryState.SENT: "sent_count",
    DeliveryState.FAILED: "failed_count",
    DeliveryState.UNCERTAIN: "uncertain_count",
}


class Settled(NamedTuple):
    """A delivery as it is to be written. `tried`: whether it counts as an attempt; `report`: what others must know."""

    delivery_id: int
    state: DeliveryState
    tried: bool = True
    next_attempt_at: datetime | None = None
    code: int = 0
    enhanced_code: str = ""
    reply: str = ""
    report: EventKind | None = None
    attempt: int = 0


def settle(outcome: Outcome, issue: Issue, *, waits: bool = True) -> Settled:
    """The rules: what is refused for good fails, what is refused for now is tried again, and of what nobody knows the
    policy of the issue decides. `waits` is false where no mail server asked for a rest."""
    attempt = outcome.letter.attempt
    answered = Settled(
        outcome.delivery_id,
        DeliveryState.PENDING,
        code=outcome.code or 0,
        enhanced_code=outcome.enhanced_code[:ENHANCED_LENGTH],
        reply=reply_to_keep(outcome)[:REPLY_LENGTH],
        attempt=attempt,
    )
    match outcome.kind:
        case Kind.ACCEPTED:
            return answered._replace(state=DeliveryState.SENT)
        case Kind.RETURNED:
            return Settled(outcome.delivery_id, DeliveryState.PENDING, tried=False)
        case Kind.UNKNOWN if issue.policy == DeliveryPolicy.HOLD or is_last(attempt, issue):
            return answered._replace(state=DeliveryState.UNCERTAIN)
        case Kind.REFUSED if not is_our_fault(outcome) or attempt > 1:
            return answered._replace(state=DeliveryState.FAILED, report=_report(outcome))
        case Kind.DEFERRED if is_last(attempt, issue):
            return answered._replace(state=DeliveryState.FAILED, report=EventKind.SOFT_BOUNCE)
        case _:
            return answered._replace(next_attempt_at=next_attempt(attempt) if waits else None)


def reply_to_keep(outcome: Outcome) -> str:
    """What the server said, without the reader: it is kept when the reader's data are erased, and in the log."""
    if outcome.kind is Kind.ACCEPTED and outcome.reply.startswith("id="):
        return outcome.reply.replace("\x00", "")  # a provider's name for the message, by which its reports are known
    return without_names(outcome.reply, reader=outcome.letter.recipient.email)


def is_our_fault(outcome: Outcome) -> bool:
    """Refused for what we are (RFC 3463 X.7: policy): no reader is at fault, and the issue waits for a person."""
    return outcome.kind is Kind.REFUSED and (outcome.is_about_us or outcome.enhanced_code.startswith("5.7."))


def is_last(attempt: int, issue: Issue) -> bool:
    begun = issue.started_at or timezone.now()
    return attempt >= MOST_ATTEMPTS or timezone.now() - begun > GIVE_UP_AFTER


def next_attempt(attempt: int) -> datetime:
    """Twice as long each time, and never all at the same moment."""
    seconds = min(settings.NEWSLETTER_RETRY_SECONDS * 2 ** (attempt - 1), LONGEST_WAIT)
    return timezone.now() + timedelta(seconds=seconds * random.uniform(0.75, 1.25))  # noqa: S311 - no secret


@transaction.atomic
def write(rows: Sequence[Settled], *, owner: str, issue_id: int) -> str:
    """Write them in one transaction, with the counters of the issue. Returns the state of the issue."""
    counts: dict[str, int] = {}
    for shape, group in groupby(sorted(rows, key=_shape), key=_shape):
        state, _tried, _waits = shape
        number = _update(list(group), owner=owner)
        if counter := COUNTERS.get(DeliveryState(state)):
            counts[counter] = counts.get(counter, 0) + number
            meters.add("newsroom_newsletter_messages_total", number, outcome=DeliveryState(state).name.lower())
    if counts:
        Issue.objects.filter(pk=issue_id).update(**{name: F(name) + number for name, number in counts.items()})
    for row in rows:
        if row.report:
            _tell(row)
    return Issue.objects.values_list("state", flat=True).get(pk=issue_id)


def _shape(row: Settled) -> tuple[int, bool, bool]:
    return row.state.value, row.tried, row.next_attempt_at is not None


def _update(rows: list[Settled], *, owner: str) -> int:
    """One statement for all rows of a shape; returns how many were still held by `owner`.

    Both databases know UPDATE … FROM and name the columns of VALUES alike; bulk_update of Django's would ask for each
    column of each row by a CASE.
    """
    first = rows[0]
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    values = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
    table = Delivery._meta.db_table
    sets = {
        "state": "%s",
        "owner": "''",
        "lease_until": "NULL",
        "attempts": f"{table}.attempts + %s",
        "next_attempt_at": "outcome.column2" if first.next_attempt_at else "NULL",
        "sent_at": "%s" if first.state == DeliveryState.SENT else "NULL",
    }
    if first.tried:
        sets |= {
            "smtp_code": "NULLIF(outcome.column3, 0)",
            "enhanced_code": "outcome.column4",
            "reply": "outcome.column5",
        }
    params: list[Any] = [first.state.value, int(first.tried)]
    params += [now] if first.state == DeliveryState.SENT else []
    params += [value for row in rows for value in _values(row)]
    statement = (
        f"UPDATE {table} SET {', '.join(f'{name} = {value}' for name, value in sets.items())} "  # noqa: S608 - our names
        f"FROM (VALUES {values}) AS outcome "
        f"WHERE {table}.id = outcome.column1 AND {table}.owner = %s AND {table}.state = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, owner, DeliveryState.CLAIMED.value])
        return int(cursor.rowcount)


def _values(row: Settled) -> Iterable[object]:
    next_at = row.next_attempt_at and connection.ops.adapt_datetimefield_value(row.next_attempt_at)
    return row.delivery_id, next_at, row.code, row.enhanced_code, row.reply


def _report(outcome: Outcome) -> EventKind | None:
    """What the answer says about the address, when it was about the address."""
    if outcome.is_about_us or outcome.code is None:
        return None
    meaning = meaning_of(outcome.code, outcome.enhanced_code, outcome.reply)
    return None if meaning is Meaning.ACCEPTED else kind_of(outcome.code, outcome.enhanced_code, outcome.reply)


def _tell(row: Settled) -> None:
    if row.report:
        record_event(
            provider="smtp",
            event_id=f"{row.delivery_id}-{row.attempt}",
            kind=row.report,
            at=timezone.now(),
            delivery=row.delivery_id,
            detail=f"{row.code or ''} {row.enhanced_code} {row.reply}".strip(),
        )
