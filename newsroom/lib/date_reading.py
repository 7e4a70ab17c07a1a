"""Dates in the shapes that Arabic news pages print them, day before month always.

Every pattern is flat (no quantifier inside another), so that a hostile line costs linear time.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from newsroom.lib import tables
from newsroom.lib.arabic import fold_letters
from newsroom.lib.hijri import from_hijri

MAX_LENGTH = 110


def _key(name: str) -> str:
    """As `_readable` leaves it: no marks, ا for every alef, ه for ة, ي for ى."""
    return fold_letters(name).lower()


def _numbers(names: Iterable[Sequence[str]], first: int) -> dict[str, int]:
    return {_key(name): number for number, forms in enumerate(names, start=first) for name in forms}


def _one_of(names: dict[str, int]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


_MONTH_NUMBER = _numbers(tables.rows("months"), 1) | {
    _key(name): int(number) for number, *names in tables.rows("month_spellings") for name in names
}
_HIJRI_MONTH_NUMBER = _numbers(tables.rows("hijri_months"), 1)
_WEEKDAYS = {name.removeprefix("ال"): number for name, number in _numbers(tables.rows("weekdays"), 0).items()}
_MONTH = f"(?<![^\\W\\d_])(?P<month>{_one_of(_MONTH_NUMBER)})(?![^\\W\\d_])"
_OTHER_MONTH = f"(?:[ /(\\-–]{{1,3}}(?:{_one_of(_MONTH_NUMBER)})(?![^\\W\\d_])\\)?)?"
_HIJRI_MONTH = f"(?P<month>{_one_of(_HIJRI_MONTH_NUMBER)})"
_SEPARATOR = r"[ /\-–—،,.]{0,4}"
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_HIJRI_YEAR = r"(?P<year>1[34]\d\d)(?!\d)"
_HIJRI_MARK = r"(?: {0,2}ه(?![^\W\d_]))"

_GREGORIAN = [
    re.compile(f"{_DAY}{_SEPARATOR}(?:من |شهر )?{_MONTH}{_OTHER_MONTH}{_SEPARATOR}{_YEAR}"),
    re.compile(f"{_MONTH}{_OTHER_MONTH}{_SEPARATOR}{_DAY}{_SEPARATOR}{_YEAR}"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d) ?[-/.] ?(?P<month>\d{1,2}) ?[-/.] ?(?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>\d{1,2}) ?[-/.] ?(?P<month>\d{1,2}) ?[-/.] ?(?P<year>(?:19|20)\d\d)(?!\d)"),
]
_HIJRI = [
    re.compile(f"{_DAY}{_SEPARATOR}{_HIJRI_MONTH}{_SEPARATOR}{_HIJRI_YEAR}{_HIJRI_MARK}?"),
    re.compile(
        r"(?<!\d)(?P<day>\d{1,2}) ?[-/.] ?(?P<month>\d{1,2}) ?[-/.] ?(?P<year>1[34]\d\d)(?!\d)" + _HIJRI_MARK + "?"
    ),
    re.compile(
        r"(?<!\d)(?P<year>1[34]\d\d) ?[-/.] ?(?P<month>\d{1,2}) ?[-/.] ?(?P<day>\d{1,2})(?!\d)" + _HIJRI_MARK + "?"
    ),
]
_TIME = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?!\d) ?"
    r"(?P<half>(?:صباحا|مساء|ظهرا|عصرا|فجرا|ليلا|ت م|ص|م|am|pm|a\.m\.|p\.m\.)(?![^\W\d_]))?"
)
_WEEKDAY = re.compile(f"(?<![^\\W\\d_])(?:ال)?(?P<weekday>{_one_of(_WEEKDAYS)})(?![^\\W\\d_])")
_ZONE = re.compile(r"\(?(?:ب?توقيت|بتوقيت) ?[^\W\d_]+(?: (?:المكرمه|المحلي|غرينتش|العربيه|المتحده|الصيفي))?\)?")
_PARENTHESES = re.compile(r"\( ?(?:مكه المكرمه|غرينتش|جرينتش|غرينيتش|اخر تحديث|محلي|القدس) ?\)")
_UPDATE = re.compile(r"تحديث|محدث|حدث(?![^\W\d_])|تعديل|updated|modified")
_PUBLISHED = re.compile(r"نشر|اضيف|الاضافه|published|posted")
_LABELS = re.compile(
    r"(?<![^\W\d_])(?:تابعنا علي|تاريخ|بتاريخ"
    r"|التاريخ|نشر|نشرت|ينشر|النشر|تم|اخر|تحديث|التحديث|حدث|محدث|تعديل|اضيف|اضيفت"
    r"|الاضافه|كتب|في|يوم|اليوم|الموافق|الساعه|الوقت|وقت|الخبر|المقال|منشور|ميلادي|هجري|ميلاديه|هجريه|مكه|المكرمه"
    r"|غرينتش|جرينتش|تغ|gmt|utc|gst|ast|est|cet|mecca|time|published|updated|posted|last|on|at|date|modified"
    r"|العدد ?:? ?\d{1,6}|م|ه|و|ص)(?![^\W\d_])"
)
_ISO_TIME = re.compile(r"(?<=\d)t(?=\d\d:)")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class DateLine:
    """A line that says when and nothing else."""

    date: date
    time: time | None
    is_update: bool
    weekday_agrees: bool | None  # None when the line names no weekday
    is_labelled: bool = False  # «نُشر», «آخر تحديث»: no heading of a chronicle has that


def parse_date(text: str) -> date | None:
    """The first date in `text`: Gregorian before Hijri, day before month; None for the 31st of June."""
    found = _find(_readable(text))
    return found[0] if found else None


def read_date_line(line: str) -> DateLine | None:
    """Read a line that holds a date, perhaps with weekday, time, zone and «نُشر في», and no other word."""
    if len(line) > MAX_LENGTH or not any(char.isdigit() for char in line):
        return None
    text = _readable(line)
    found = _find(text)
    if found is None:
        return None
    day, start = found
    weekdays = {_WEEKDAYS[name] for name in _WEEKDAY.findall(text)}
    if _LETTER_OR_DIGIT.search(_without_labels(text)):
        return None
    before = text[:start]
    return DateLine(
        date=day,
        time=_find_time(text),
        is_update=bool(_UPDATE.search(before)) and not _PUBLISHED.search(before),
        weekday_agrees=day.weekday() in weekdays if weekdays else None,
        is_labelled=bool(_UPDATE.search(text) or _PUBLISHED.search(text)),
    )


def is_impossible_date_line(line: str) -> bool:
    """Say whether a line would be a date line if its day existed: «31/02/2026», «الخميس 45 مايو 2026»."""
    if len(line) > MAX_LENGTH or not any(char.isdigit() for char in line):
        return False
    text = _readable(line)
    has_shape = any(pattern.search(text) for pattern in (*_GREGORIAN, *_HIJRI))
    return has_shape and _find(text) is None and not _LETTER_OR_DIGIT.search(_without_labels(text))


def _readable(text: str) -> str:
    return " ".join(_ISO_TIME.sub(" ", _key(text)).split())


def _find(text: str) -> tuple[date, int] | None:
    for pattern in _GREGORIAN:
        for match in pattern.finditer(text):
            day = _gregorian(match)
            if day:
                return day, match.start()
    for pattern in _HIJRI:
        for match in pattern.finditer(text):
            month = match["month"]
            number = int(month) if month.isdigit() else _HIJRI_MONTH_NUMBER[month]
            converted = from_hijri(int(match["year"]), number, int(match["day"]))
            if converted:
                return converted, match.start()
    return None


def _gregorian(match: re.Match[str]) -> date | None:
    month = match["month"]
    number = int(month) if month.isdigit() else _MONTH_NUMBER[month]
    try:
        return date(int(match["year"]), number, int(match["day"]))
    except ValueError:
        return None


def _find_time(text: str) -> time | None:
    match = _TIME.search(text)
    if match is None or int(match["hour"]) > 23:
        return None
    hour, half = int(match["hour"]), match["half"] or ""
    if half in {"م", "مساء", "ظهرا", "عصرا", "pm", "p.m."} and hour < 12:
        hour += 12
    elif half in {"ص", "صباحا", "فجرا", "am", "a.m."} and hour == 12:
        hour = 0
    return time(hour, int(match["minute"]))


def _without_labels(text: str) -> str:
    for pattern in (*_GREGORIAN, *_HIJRI, _TIME, _ZONE, _PARENTHESES, _WEEKDAY, _LABELS):
        text = pattern.sub(" ", text)
    return text
