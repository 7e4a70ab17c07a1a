"""Dates and times as Arabic newspapers print them; Django's `ar` formats are never used.

Reading them from a page is in `newsroom.lib.date_reading`, whose names this module offers too.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from newsroom.lib.date_reading import DateLine, parse_date, read_date_line

__all__ = [
    "DateLine",
    "PrintStyle",
    "format_clock",
    "format_date",
    "format_datetime",
    "format_digits",
    "format_month",
    "format_time",
    "parse_date",
    "read_date_line",
]

WEEKDAYS = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
GREGORIAN = (
    "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو",
    "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
)  # fmt: skip
LEVANT = (
    "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران",
    "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول",
)  # fmt: skip
# Algeria and Tunisia, as CLDR has it.
MAGHREB = (
    "جانفي", "فيفري", "مارس", "أفريل", "ماي", "جوان",
    "جويلية", "أوت", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
)  # fmt: skip
MONTHS = {
    "both": tuple(f"{gregorian}/{levant}" for gregorian, levant in zip(GREGORIAN, LEVANT, strict=True)),
    "levant": LEVANT,
    "gregorian": GREGORIAN,
    "maghreb": MAGHREB,
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
    day = _local(value, style) if isinstance(value, datetime) else value
    text = f"{day.day} {MONTHS[style.months][day.month - 1]}" + (f" {day.year}" if year else "")
    return format_digits(f"{WEEKDAYS[day.weekday()]} {text}" if weekday else text, style)


def format_time(value: datetime, style: PrintStyle) -> str:
    """«٩:٤٠ صباحًا»; from noon «٢:١٥ ظهرًا», from three o'clock «٥:٠٥ مساءً»."""
    local = _local(value, style)
    part = "صباحًا" if local.hour < 12 else "ظهرًا" if local.hour < 15 else "مساءً"
    return format_digits(f"{local.hour % 12 or 12}:{local.minute:02} {part}", style)


def format_datetime(value: datetime, style: PrintStyle) -> str:
    """«٢٠ نوفمبر/تشرين الثاني ٢٠٢٦، ٩:٤٠ صباحًا»."""
    return f"{format_date(value, style)}، {format_time(value, style)}"


def format_month(year: int, month: int, style: PrintStyle) -> str:
    """«نوفمبر/تشرين الثاني ٢٠٢٦»."""
    return format_digits(f"{MONTHS[style.months][month - 1]} {year}", style)


def format_clock(value: datetime, style: PrintStyle) -> str:
    """«١٤:٥٠», for lists of one day."""
    return format_digits(f"{_local(value, style):%H:%M}", style)


def _local(value: datetime, style: PrintStyle) -> datetime:
    """Times without a zone are taken as the site's own."""
    return value.astimezone(ZoneInfo(style.time_zone)) if value.tzinfo else value
