"""The log as a file for a spreadsheet."""

import csv
from collections.abc import Iterator
from datetime import tzinfo
from itertools import chain, islice

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models import AuditEntry
from audit.querysets import AuditEntryQuerySet
from audit.wording import deed_in_words, kind_in_words, place_in_words, state_in_words

ROWS_AT_ONCE = 1000
BYTE_ORDER_MARK = "\ufeff"  # without it a spreadsheet reads Arabic as Latin-1
# What a spreadsheet takes for a formula (OWASP, CSV injection), in full width too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_csv(entries: AuditEntryQuerySet, *, zone: tzinfo) -> Iterator[str]:
    """Yield the file piece by piece, the newest line first, times in `zone`; never more than a piece is in memory.

    `zone` is given because the pieces are made after the request, when its time zone is no longer active.
    """
    # Quoted throughout: where a spreadsheet parts cells at ";", a title could otherwise begin one with a formula.
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    lines = (_cells(entry, zone) for entry in _in_pieces(entries))
    rows = (str(writer.writerow([harmless(cell) for cell in line])) for line in chain([_headings(zone)], lines))
    yield BYTE_ORDER_MARK
    while piece := "".join(islice(rows, ROWS_AT_ONCE)):
        yield piece


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs: an apostrophe before what looks like a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _in_pieces(entries: AuditEntryQuerySet) -> Iterator[AuditEntry]:
    """Each piece is a query of its own that begins after the last: no cursor stays open for a slow download."""
    rows = entries.order_by("-at", "-id")
    piece = list(rows[:ROWS_AT_ONCE])
    while piece:
        yield from piece
        last = piece[-1]
        piece = list(rows.filter(at__lte=last.at).exclude(at=last.at, id__gte=last.pk)[:ROWS_AT_ONCE])


def _headings(zone: tzinfo) -> list[str]:
    return [
        _("Time (%(zone)s)") % {"zone": zone},
        _("Person"),
        _("Number of the person"),
        _("Deed"),
        _("Kind of subject"),
        _("Number of the subject"),
        _("Title"),
        _("State before"),
        _("State after"),
        _("Note"),
        _("From where"),
        _("Browser"),
    ]


def _cells(entry: AuditEntry, zone: tzinfo) -> list[str]:
    return [
        f"{timezone.localtime(entry.at, zone):%Y-%m-%d %H:%M:%S}",
        entry.actor_name,
        str(entry.actor_id or ""),
        deed_in_words(entry.action),
        kind_in_words(entry.subject_type),
        entry.subject_id,
        entry.subject_title,
        state_in_words(entry.before),
        state_in_words(entry.after),
        entry.note,
        place_in_words(entry),
        entry.user_agent,
    ]


class _Echo:
    """A file for csv.writer that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text
