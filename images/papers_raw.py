"""What a format says of a picture, as it stands there; and the days in it."""

import re
from dataclasses import dataclass
from datetime import date

# Older is a mistake of the clock (1904 and 1970 are where clocks begin), later is no right that anybody has sold.
_FIRST_YEAR, _LAST_YEAR = 1826, 2200
_DAY = re.compile(r"\s*([0-9]{4})[-:/.]?([0-9]{2})[-:/.]?([0-9]{2})(?![0-9])")


@dataclass(frozen=True)
class RawPapers:
    caption: str = ""
    headline: str = ""
    author: str = ""
    agency: str = ""
    keywords: tuple[str, ...] = ()
    city: str = ""
    country: str = ""
    copyright: str = ""
    terms: str = ""
    taken_on: date | None = None
    rights_until: date | None = None


def read_day(text: str) -> date | None:
    """The day at the beginning of «20261120», «2026-11-20T09:40:00+03:00» or «2026:11:20 09:40:00»."""
    found = _DAY.match(text)
    if not found or not _FIRST_YEAR <= int(found[1]) <= _LAST_YEAR:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None
