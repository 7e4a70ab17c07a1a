"""How the site prints dates and digits, for code below the settings of the site: the log, the accounts, the admin.

The package `pages` owns the settings and says at the start where they are read (pages.apps).
"""

from collections.abc import Callable

from django.utils import dates as django_dates
from django.utils.functional import lazystr

from newsroom.lib.dates import MONTHS, PrintStyle

_sources: list[Callable[[], PrintStyle]] = [PrintStyle]


def read_style_from(source: Callable[[], PrintStyle]) -> None:
    """Called once, when the programs start."""
    _sources[:] = [source]


def site_style() -> PrintStyle:
    return _sources[0]()


def month_names() -> tuple[str, ...]:
    """January to December in the style of the site."""
    return MONTHS[site_style().months]


class _Month:
    """Looked up when it is printed: the settings may have changed since the start."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __str__(self) -> str:
        return month_names()[self._number - 1]


def name_months_of_django() -> None:
    """Django's own dates, in the lists and the date hierarchy of the admin, get the months of the site.

    Its Arabic has one name for each month, and writes April as no newspaper does.
    """
    for number in range(1, 13):
        for names in (django_dates.MONTHS, django_dates.MONTHS_3, django_dates.MONTHS_AP, django_dates.MONTHS_ALT):
            names[number] = lazystr(_Month(number))  # type: ignore[assignment] # like the lazy names it replaces
