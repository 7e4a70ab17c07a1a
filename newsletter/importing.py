"""Taking over an older list of subscribers, piece by piece: a rehearsal that changes nothing, then the real one.

Rows are the truth: `done_count` says how far it has come and changes in the transaction of the piece. So an import goes
on where it stopped, and of two runs at the same one the slower finds that its piece is done and leaves.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from time import monotonic
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.enums import Action
from audit.recording import log
from newsletter.enums import ConsentAction, ConsentPlace, Frequency, ImportState, SubscriptionStatus
from newsletter.import_rows import Row, count_rows, find_layout, read_rows, split_lines
from newsletter.import_standing import Standing, standing_of
from newsletter.models import ConsentRecord, MailingList, RefusedRow, SubscriberImport, Subscription
from newsroom.lib.decoding import decode_list
from newsroom.lib.inserting import insert_rows
from pages.days import site_zone
from tasks.defining import task

logger = logging.getLogger(__name__)

LONGEST_FILE_NAME = 200
MOST_BYTES = 20 * 1024 * 1024
# Rows in a transaction: at first, at least and at most. On SQLite nobody else writes meanwhile.
FIRST_PIECE, LEAST, MOST = 200, 50, 1000
LOCK_SECONDS = 0.1
KEPT = timedelta(days=30)
# A rehearsal keeps its addresses so long for the real import that follows it.
REHEARSAL_KEEPS_CONTENT = timedelta(days=1)
# Without a sign of life for so long an import is woken again.
PATIENCE = timedelta(minutes=2)
AT_WORK = (ImportState.WAITING, ImportState.RUNNING)


class ContentGone(Exception):
    """The addresses of the rehearsal were forgotten since, or were taken over already."""


def read_list(raw: bytes) -> str:
    """The text of an uploaded list. Raises Undecodable, and NoAddresses where no column holds any."""
    # U+FFFD makes an address wrong, so that the row is refused; PostgreSQL keeps no NUL.
    text = decode_list(raw, most_bytes=MOST_BYTES).text.replace("\x00", "\ufffd")
    find_layout(split_lines(text))
    return text


@transaction.atomic
def rehearse(mailing_list: MailingList, *, by: User, text: str, file_name: str, proof: str) -> SubscriberImport:
    """Look through a list without taking anything over; a worker does it. `text` is what read_list() returned."""
    lines = split_lines(text)
    rehearsal = SubscriberImport.objects.create(
        mailing_list=mailing_list,
        proof=proof,
        file_name=file_name[:LONGEST_FILE_NAME],
        content=text,
        row_count=count_rows(lines, find_layout(lines)),
        created_by=by,
    )
    run_import.enqueue(rehearsal.pk)
    return rehearsal


@transaction.atomic
def take_over(rehearsal: SubscriberImport, *, by: User) -> SubscriberImport:
    """Begin the real import of what was rehearsed; the addresses go over to it. Raises ContentGone."""
    rehearsals = SubscriberImport.objects.select_for_update(no_key=True)
    locked = rehearsals.get(pk=rehearsal.pk, is_rehearsal=True)
    if not locked.content or locked.state != ImportState.FINISHED:
        raise ContentGone
    content, locked.content = locked.content, ""
    locked.save(update_fields=["content"])
    job = SubscriberImport.objects.create(
        mailing_list=locked.mailing_list,
        proof=locked.proof,
        file_name=locked.file_name,
        content=content,
        is_rehearsal=False,
        row_count=locked.row_count,
        created_by=by,
    )
    run_import.enqueue(job.pk)
    return job


@task()
def run_import(pk: int) -> None:
    """Do all of it that is left. A database that is away is the caller's to try again; anything else ends it."""
    job = SubscriberImport.objects.select_related("mailing_list", "created_by").filter(pk=pk, state__in=AT_WORK).first()
    if job is None:
        return
    try:
        _run(job)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("The import %s failed", pk)
        _end(job, ImportState.FAILED, error=_("An error of the program stopped it. What was added until then stays."))


def wake_imports(now: datetime) -> int:
    """Those at which nobody seems to work, because their task was lost or its worker died. How many there are."""
    silent = Q(beat_at__lt=now - PATIENCE) | Q(beat_at__isnull=True, created_at__lt=now - PATIENCE)
    found = SubscriberImport.objects.filter(silent, state__in=AT_WORK)
    for pk in found.values_list("pk", flat=True):
        run_import.enqueue(pk)
    return found.update(beat_at=now)


def forget_imports(now: datetime) -> int:
    """Imports and their refused rows after thirty days, the addresses of rehearsals after a day. How many went."""
    ended = SubscriberImport.objects.exclude(state__in=AT_WORK)
    ended.filter(created_at__lt=now - REHEARSAL_KEEPS_CONTENT).exclude(content="").update(content="")
    return ended.filter(created_at__lt=now - KEPT).delete()[1].get("newsletter.SubscriberImport", 0)


def _run(job: SubscriberImport) -> None:
    lines = split_lines(job.content)
    job.content = ""  # only in memory: the pieces save counts alone
    rows = read_rows(lines, find_layout(lines), zone=site_zone())
    done = sum(1 for _row in islice(rows, job.done_count))
    size = FIRST_PIECE
    while piece := list(islice(rows, size)):
        started = monotonic()
        if not _do(job, piece, after=done):
            return
        done += len(piece)
        size = max(LEAST, min(MOST, int(size * min(2, LOCK_SECONDS / max(monotonic() - started, 0.001)))))
    _end(job, ImportState.FINISHED)


@transaction.atomic
def _do(job: SubscriberImport, piece: Sequence[Row], *, after: int) -> bool:
    """Take one piece over. False when somebody else has done it, or the import is no more."""
    ours = SubscriberImport.objects.select_for_update(no_key=True).filter(pk=job.pk, state__in=AT_WORK)
    if ours.values_list("done_count", flat=True).first() != after:
        return False
    refused = [row for row in piece if row.refusal]
    standing = standing_of(job.mailing_list, [row for row in piece if not row.refusal], creates=not job.is_rehearsal)
    refused += standing.refused
    if not job.is_rehearsal:
        _confirm(job, standing)
    RefusedRow.objects.bulk_create(_reports(job, refused))
    SubscriberImport.objects.filter(pk=job.pk).update(
        state=ImportState.RUNNING,
        done_count=after + len(piece),
        added_count=F("added_count") + len(standing.new),
        known_count=F("known_count") + len(standing.known),
        refused_count=F("refused_count") + len(refused),
        beat_at=timezone.now(),
    )
    return True


def _reports(job: SubscriberImport, rows: Iterable[Row]) -> Iterator[RefusedRow]:
    for row in sorted(rows, key=lambda row: row.line):
        yield RefusedRow(subscriber_import=job, line=row.line, text=row.text[:300], reason=row.refusal[:200])


def _confirm(job: SubscriberImport, standing: Standing) -> None:
    """The new ones of the piece, each with a record of what proves it."""
    now = timezone.now()
    absent = [row for row in standing.new if row.normal not in standing.pending]
    settled = (job.mailing_list_id, SubscriptionStatus.CONFIRMED.value, Frequency.EACH.value, "")
    insert_rows(
        Subscription,
        ("subscriber_id", "confirmed_at", "mailing_list_id", "status", "frequency", "end_reason"),
        ((standing.ids[row.normal], row.at or now, *settled) for row in absent),
    )
    for row in standing.new:
        if row.normal in standing.pending:
            waiting = Subscription.objects.filter(pk=standing.pending[row.normal], status=SubscriptionStatus.PENDING)
            waiting.update(status=SubscriptionStatus.CONFIRMED, confirmed_at=row.at or now, ended_at=None)
    _record(job, standing, now)


def _record(job: SubscriberImport, standing: Standing, now: datetime) -> None:
    dated = _("Date in the file: %(date)s")
    where = (ConsentAction.IMPORTED.value, ConsentPlace.IMPORT.value, job.mailing_list.name, "", now)
    insert_rows(
        ConsentRecord,
        ("subscriber_id", "address_hash", "wording", "action", "place", "mailing_list_name", "network", "at"),
        ((standing.ids[row.normal], row.address_hash, _proof(job, row, dated), *where) for row in standing.new),
    )


def _proof(job: SubscriberImport, row: Row, dated: str) -> str:
    return f"{job.proof}\n{dated % {'date': f'{row.at:%Y-%m-%d}'}}" if row.at else job.proof


@transaction.atomic
def _end(job: SubscriberImport, state: ImportState, *, error: str = "") -> None:
    """Once; a rehearsal that went well keeps its text for the import that follows."""
    ours = SubscriberImport.objects.filter(pk=job.pk, state__in=AT_WORK)
    ended: dict[str, Any] = {"state": state, "error": error, "finished_at": timezone.now()}
    if state == ImportState.FINISHED:
        ended["row_count"] = F("done_count")  # it was an estimate
    if state == ImportState.FAILED or not job.is_rehearsal:
        ended["content"] = ""
    if not ours.update(**ended):
        return
    if not job.is_rehearsal:
        job.refresh_from_db(fields=["added_count", "known_count", "refused_count"])
        note = _("%(file)s: added %(added)d, already there %(known)d, refused %(refused)d")
        counts = {"added": job.added_count, "known": job.known_count, "refused": job.refused_count}
        log(
            Action.IMPORTED, by=job.created_by, subject=job.mailing_list, note=note % (counts | {"file": job.file_name})
        )
