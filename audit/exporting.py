"""The log as a file for a spreadsheet."""

from collections.abc import Iterator
from datetime import tzinfo

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models import AuditEntry
from audit.querysets import AuditEntryQuerySet
from audit.wording import deed_in_words, kind_in_words, place_in_words, state_in_words
from newsroom.lib import spreadsheets

ROWS_AT_ONCE = 1000


def as_csv(entries: AuditEntryQuerySet, *, zone: tzinfo) -> Iterator[str]:
    """Yield the file piece by piece, the newest line first, times in `zone`; never more than a piece is in memory.

    `zone` is given because the pieces are made after the request, when its time zone is no longer active.
    """
    return spreadsheets.as_csv(_headings(zone), (_cells(entry, zone) for entry in _in_pieces(entries)))


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
