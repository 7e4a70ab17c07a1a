"""What becomes of deliveries whose sender died, was stopped for too long, or belongs to a machine that is gone."""

import logging
from datetime import UTC, datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.db.models import QuerySet

from newsletter.enums import DeliveryState
from newsletter.mails.slots import Recipient
from newsletter.models import Delivery, SenderSlot
from newsletter.sending import runs
from newsletter.sending.journal import Mark
from newsletter.sending.letters import Kind, Letter, Outcome
from newsletter.sending.settling import settle, write
from newsroom.lib.database_clock import database_now

logger = logging.getLogger(__name__)

CHUNK = 500
NO_ANSWER = "its sender died before the answer came"
NO_JOURNAL = "its sender is gone, with all that it knew"
# Beyond the end of a lease, before another machine believes that a sender is gone.
GRACE = timedelta(seconds=5)
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def recover() -> int:
    """Settle what dead senders held, first of all by their journals. Returns how many deliveries.

    May be run by any number of processes, and may die anywhere: it begins anew with what is still held.
    """
    settled = 0
    for run_id in runs.folders():
        with runs.taken_over(run_id) as remains:
            if remains:
                settled += _replay(remains)
    runs.forget_unborn()
    return settled + _end_leases()


def _replay(remains: runs.Remains) -> int:
    SenderSlot.objects.filter(owner=remains.run_id).update(owner="")
    settled = 0
    while rows := list(held_by(remains.run_id)[:CHUNK]):
        _settle_rows(rows, remains)
        settled += len(rows)
    if settled:
        logger.warning("A sender died: %d deliveries of its were settled", settled)
    return settled


def _end_leases() -> int:
    """Take back what is held past its lease.

    A run of this machine is asked by the clock of the machine, since somebody may have set the one on the wall; its
    journal speaks for it although it lives. Of a run elsewhere nothing is known.
    """
    now = database_now()
    _shorten_leases(now)
    settled = 0
    lapsed = claimed().filter(lease_until__lt=now)
    for run_id in set(lapsed.values_list("owner", flat=True)):
        if runs.is_here(run_id):
            if not runs.is_past_its_lease(run_id):
                continue
            remains = runs.remains(run_id)
        elif claimed().filter(owner=run_id, lease_until__gte=now - GRACE).exists():
            continue
        else:
            remains = runs.Remains(run_id, {}, knows_all=False)
        while rows := list(lapsed.filter(owner=run_id).select_related("issue").order_by("issue_id", "id")[:CHUNK]):
            _settle_rows(rows, remains)
            settled += len(rows)
    if settled:
        logger.warning("Leases ended: %d deliveries were taken back", settled)
    return settled


def _shorten_leases(now: datetime) -> None:
    """A lease longer than any that is given: the clock was set back. It counts anew from here."""
    lease = timedelta(seconds=settings.NEWSLETTER_LEASE_SECONDS)
    claimed().filter(lease_until__gt=now + 2 * lease).update(lease_until=now + lease)


def _settle_rows(rows: list[Delivery], remains: runs.Remains) -> None:
    for issue_id, group in groupby(rows, key=lambda row: row.issue_id):
        settled = [settle(_outcome(row, remains), row.issue, waits=False) for row in group]
        write(settled, owner=remains.run_id, issue_id=issue_id)


def _outcome(row: Delivery, remains: runs.Remains) -> Outcome:
    letter = Letter(Recipient(row.pk, 0, row.subscription_id, row.variant, "", ""), "", row.domain, row.attempts + 1)
    last = remains.words.get((row.pk, letter.attempt))
    if last is None:
        if remains.knows_all:
            return Outcome(letter, Kind.RETURNED)
        return Outcome(letter, Kind.UNKNOWN, reply=NO_JOURNAL)
    match last.mark:
        case Mark.ACCEPTED:
            return Outcome(letter, Kind.ACCEPTED, last.code)
        case Mark.NOT_ACCEPTED:
            return Outcome(letter, Kind.DEFERRED, last.code, reply=NO_ANSWER)
        case Mark.INTENT:
            return Outcome(letter, Kind.UNKNOWN, reply=NO_ANSWER)


def claimed() -> QuerySet:
    """All that is in the hands of senders. The bound makes SQLite take the index that holds nothing else."""
    return Delivery.objects.filter(state=DeliveryState.CLAIMED, lease_until__gt=_EVER)


def held_by(run_id: str) -> QuerySet:
    return claimed().filter(owner=run_id).select_related("issue").order_by("issue_id", "id")
