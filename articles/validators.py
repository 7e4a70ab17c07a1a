from datetime import datetime

from django.core.exceptions import ValidationError
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
