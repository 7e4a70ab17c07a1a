"""Dates and times as Arabic newspapers print them; Django's `ar` formats are never used.

Reading them from a page is in `newsroom.lib.date_reading`, whose names this module offers too.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from newsroom.lib import hijri, tables
from newsroom.lib.date_reading import DateLine, parse_date, read_date_line

__all__ = [
    "DateLine",
    "PrintStyle",
    "format_clock",
    "format_date",
    "format_datetime",
    "format_digits",
    "format_hijri",
    "format_month",
    "format_short_date",
    "format_span",
    "format_time",
    "local_time",
    "parse_date",
    "read_date_line",
]

WEEKDAYS = tuple(day[0] for day in tables.rows("weekdays"))  # Monday first, as datetime counts
GREGORIAN, LEVANT, MAGHREB, MOROCCO = zip(*tables.rows("months"), strict=True)
MONTHS = {
    "both": tuple(f"{gregorian}/{levant}" for gregorian, levant in zip(GREGORIAN, LEVANT, strict=True)),
    "levant": LEVANT,
    "gregorian": GREGORIAN,
    "maghreb": MAGHREB,
    "morocco": MOROCCO,
}
_TO_ARAB = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@dataclass(frozen=True)
class PrintStyle:
    """How the site prints what it counts itself; the text of an article is never rewritten."""

    digits: str = "arab"  # "arab" or "latn"
    months: str = "both"  # a key of MONTHS
    time_zone: str = "Asia/Damascus"


def format_digits(text: str | int, style: PrintStyle) -> str:
    """Print the digits of `text` in the digits of the site."""
    return str(text).translate(_TO_ARAB) if style.digits == "arab" else str(text)


def format_date(value: date | datetime, style: PrintStyle, weekday: bool = False, year: bool = True) -> str:
    """«٢٠ نوفمبر/تشرين الثاني ٢٠٢٦», with `weekday` «الجمعة ٢٠ نوفمبر/تشرين الثاني ٢٠٢٦»."""
    day = local_time(value, style).date() if isinstance(value, datetime) else value
    return _format_day(day, style, weekday, year)


# Lists print the same days again and again: those of three years.
@lru_cache(maxsize=1024)
def _format_day(day: date, style: PrintStyle, weekday: bool, year: bool) -> str:
    text = f"{day.day} {MONTHS[style.months][day.month - 1]}" + (f" {day.year}" if year else "")
    return format_digits(f"{WEEKDAYS[day.weekday()]} {text}" if weekday else text, style)


def format_span(first: datetime, last: datetime, style: PrintStyle) -> str:
    """«٣ – ٢٠ نوفمبر/تشرين الثاني ٢٠٢٦»; within a day «٢٠ نوفمبر/تشرين الثاني ٢٠٢٦، ٠٩:٤٠ – ١٤:٥٠»."""
    start, end = local_time(first, style), local_time(last, style)
    whole = format_date(end, style)
    if start.date() == end.date():
        clocks = dict.fromkeys((format_clock(start, style), format_clock(end, style)))
        return f"{whole}، {' – '.join(clocks)}"
    if (start.year, start.month) == (end.year, end.month):
        return f"{format_digits(start.day, style)} – {whole}"
    return f"{format_date(start, style, year=start.year != end.year)} – {whole}"


def format_short_date(value: date | datetime, style: PrintStyle) -> str:
    """«٢٠/١١/٢٠٢٦», day first, for columns too narrow for the name of the month; never where readers see it."""
    day = local_time(value, style) if isinstance(value, datetime) else value
    return format_digits(f"{day.day}/{day.month}/{day.year}", style)


def format_time(value: datetime, style: PrintStyle) -> str:
    """«٩:٤٠ صباحًا»; from noon «٢:١٥ ظهرًا», from three o'clock «٥:٠٥ مساءً»."""
    local = local_time(value, style)
    return _format_time(local.hour, local.minute, style)


@lru_cache(maxsize=24 * 60)
def _format_time(hour: int, minute: int, style: PrintStyle) -> str:
    part = "صباحًا" if hour < 12 else "ظهرًا" if hour < 15 else "مساءً"
    return format_digits(f"{hour % 12 or 12}:{minute:02} {part}", style)


def format_datetime(value: datetime, style: PrintStyle) -> str:
    """«٢٠ نوفمبر/تشرين الثاني ٢٠٢٦، ٩:٤٠ صباحًا»."""
    return f"{format_date(value, style)}، {format_time(value, style)}"


def format_month(year: int, month: int, style: PrintStyle) -> str:
    """«نوفمبر/تشرين الثاني ٢٠٢٦»."""
    return format_digits(f"{MONTHS[style.months][month - 1]} {year}", style)


def format_clock(value: datetime, style: PrintStyle) -> str:
    """«١٤:٥٠», for lists of one day."""
    return format_digits(f"{local_time(value, style):%H:%M}", style)


def format_hijri(value: date | datetime, style: PrintStyle) -> str | None:
    """«٢٤ شوال ١٤٤٥هـ» by the calendar of Umm al-Qura; None before 1924 and after 2077, where its tables end."""
    found = hijri.to_hijri(local_time(value, style) if isinstance(value, datetime) else value)
    if found is None:
        return None
    year, month, day = found
    return format_digits(f"{day} {hijri.MONTHS[month - 1]} {year}هـ", style)


def local_time(value: datetime, style: PrintStyle) -> datetime:
    """The moment on the clock of the site. Times without a zone are taken as the site's own."""
    zone = ZoneInfo(style.time_zone)
    return value.astimezone(zone) if value.tzinfo else value.replace(tzinfo=zone)
