"""Umm al-Qura dates to Gregorian ones, for the years 1343 to 1500 (1924 to 2077)."""

from datetime import date

from hijridate import Hijri


def from_hijri(year: int, month: int, day: int) -> date | None:
    """Return the Gregorian day, or None when the calendar has no such day or the tables end before it."""
    try:
        converted = Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError):
        return None
    return date(converted.year, converted.month, converted.day)
