"""Takes one mail that came to the address for reports. Whatever it is, nothing is ever answered (RFC 3834 §2)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum

from django.utils import timezone
from django.utils.translation import gettext_noop

from newsletter.enums import EventKind
from newsletter.mails.verp import bounce_address, delivery_leaving
from newsletter.models import RawReport
from newsletter.returns.codes import Meaning, codes_in, kind_of, meaning_of
from newsletter.returns.identifying import delivery_named
from newsletter.returns.messages import LONGEST, Report, Shape, read_report
from newsletter.returns.recording import record_event

PROVIDER = "mail"
# A report that says to be older was written by a clock that is wrong.
_OLDEST = timedelta(days=14)

UNIDENTIFIED = gettext_noop("It names no message of ours.")
MEANINGLESS = gettext_noop("It says nothing about a message.")


class Outcome(Enum):
    NOTED = "noted"
    IGNORED = "ignored"  # an answer that a program sent by itself
    KEPT = "kept"  # a report that was not understood: RawReport
    UNRELATED = "unrelated"


def receive(raw: bytes, *, recipients: Iterable[str] = (), keeps_unrelated: bool = True) -> Outcome:
    """Note what a mail reports; what is not understood is kept for some days with the reason.

    `recipients` are those of the envelope, as the mail server knows them. Mail that is no report stays with whoever
    called where it has a place of its own (`keeps_unrelated=False`: a mailbox).
    """
    report = read_report(raw)
    if report.shape == Shape.ANSWER_OF_MACHINE:
        return Outcome.IGNORED
    leaving = next(filter(None, map(delivery_leaving, [*recipients, *report.recipients])), None)
    if leaving and not report.is_report:
        report = report._replace(shape=Shape.LEAVING, recipients=[bounce_address(leaving)])
    if not report.is_report:
        if keeps_unrelated:
            _keep(raw, MEANINGLESS)
        return Outcome.UNRELATED
    kind = _kind(report)
    if kind is None:
        _keep(raw, MEANINGLESS)
        return Outcome.KEPT
    delivery_id = delivery_named([*recipients, *report.recipients], report.text)
    if delivery_id is None:
        _keep(raw, UNIDENTIFIED)
        return Outcome.KEPT
    record_event(
        provider=PROVIDER,
        # One report of a kind for each message: copies of it, and mails that are read twice, are the same.
        event_id=f"{kind}:{delivery_id}",
        kind=kind,
        at=_moment(report),
        delivery=delivery_id,
        detail=" ".join(filter(None, [report.enhanced, report.reply])),
    )
    return Outcome.NOTED


def _kind(report: Report) -> EventKind | None:
    if report.shape == Shape.BOUNCE:
        return _kind_of_bounce(report)
    return {
        Shape.DELAY: EventKind.DEFERRED,
        Shape.ARRIVAL: EventKind.DELIVERED,
        Shape.COMPLAINT: EventKind.COMPLAINED,
        Shape.LEAVING: EventKind.UNSUBSCRIBED,
    }.get(report.shape)


def _kind_of_bounce(report: Report) -> EventKind:
    """A bounce without a code, or whose code speaks of success, came back all the same: a soft one."""
    code, enhanced = codes_in(report.reply)
    meaning = meaning_of(code, report.enhanced or enhanced, report.reply)
    if meaning == Meaning.ACCEPTED:
        return EventKind.SOFT_BOUNCE
    return kind_of(code, report.enhanced or enhanced, report.reply)


def _moment(report: Report) -> datetime:
    now = timezone.now()
    return report.date if report.date and now - _OLDEST <= report.date <= now else now


def _keep(raw: bytes, why: str) -> None:
    """Once, however often a mailbox is read."""
    text = raw[:LONGEST].decode("utf-8", "replace").replace("\x00", "")
    if not RawReport.objects.filter(provider=PROVIDER, body=text).exists():
        RawReport.objects.create(provider=PROVIDER, body=text, error=why)
