from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

# The archive has pages for these years; beyond them it would be an endless calendar for crawlers.
FIRST_YEAR, LAST_YEAR = 1990, 2100


def validate_year(value: datetime) -> None:
    """A mistyped year would hide a story in a day that no page shows, or end in an error of the database."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValidationError(
            _("The year must lie between %(first)d and %(last)d."),
            params={"first": FIRST_YEAR, "last": LAST_YEAR},
            code="year",
        )


def read_moment(text: str) -> datetime | None:
    """A moment as a page of the desk carries it (ISO 8601, aware); None for what no page of ours could have written.

    Of other years too: near the ends of the calendar a moment cannot be brought to another zone, nor moved by a minute.
    """
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at and timezone.is_aware(at) and FIRST_YEAR <= at.year <= LAST_YEAR else None
