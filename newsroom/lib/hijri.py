"""Umm al-Qura dates to Gregorian ones, for the years 1400 to 1500 (1979 to 2077)."""

from datetime import date, timedelta

FIRST_YEAR = 1400
_EPOCH = date(1979, 11, 21)
# Three hexadecimal digits a year; bit n is set when month n + 1 has 30 days. From the Umm al-Qura calendar of ICU.
_LONG_MONTHS = (
    "aa5a4b4979372b6975d69d52c9592b25b4db9d55d2da5d4aa9554daad3aabd2bc4b89a9552d5adb6a6d4dc9d92"
    "aa69562ae56d36ab55aaa94d49d95d2ba5b55aad55a9a92e26e55dada6d46a5b27a4d4ad56db5a754f49e92d26"
    "a563566b5baab92b2568ba9b55aada5b4da9b52a9a536276575af26d46a95552ad4bd9ba574b69b52a9552da5d"
    "4daad96b2e95e2ac9692eaad56ad65d4a"
)
_YEARS = [int(_LONG_MONTHS[start : start + 3], 16) for start in range(0, len(_LONG_MONTHS), 3)]


def from_hijri(year: int, month: int, day: int) -> date | None:
    """Return the Gregorian day, or None when the calendar has no such day or the table ends before it."""
    if not (0 <= year - FIRST_YEAR < len(_YEARS) and 1 <= month <= 12 and 1 <= day <= _length(year, month)):
        return None
    days = sum(354 + long_months.bit_count() - 6 for long_months in _YEARS[: year - FIRST_YEAR])
    days += sum(_length(year, earlier) for earlier in range(1, month))
    return _EPOCH + timedelta(days=days + day - 1)


def _length(year: int, month: int) -> int:
    return 29 + (_YEARS[year - FIRST_YEAR] >> (month - 1) & 1)
