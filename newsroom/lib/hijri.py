"""Days of the Umm al-Qura calendar, for the years 1343 to 1500 (1924 to 2077)."""

from datetime import date

from hijridate import Gregorian, Hijri

from newsroom.lib import tables

MONTHS = tuple(month[0] for month in tables.rows("hijri_months"))


def from_hijri(year: int, month: int, day: int) -> date | None:
    """Return the Gregorian day, or None when the calendar has no such day or the tables end before it."""
    try:
        converted = Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError):
        return None
    return date(converted.year, converted.month, converted.day)


def to_hijri(day: date) -> tuple[int, int, int] | None:
    """Return (year, month, day), or None where the tables end."""
    try:
        converted = Gregorian(day.year, day.month, day.day).to_hijri()
    except (ValueError, OverflowError):
        return None
    return converted.year, converted.month, converted.day
