from datetime import UTC, date, datetime, time

import pytest

from newsroom.lib.date_reading import is_impossible_date_line
from newsroom.lib.dates import (
    PrintStyle,
    format_clock,
    format_date,
    format_datetime,
    format_digits,
    format_month,
    format_time,
    parse_date,
    read_date_line,
)

STYLE = PrintStyle()
LATIN = PrintStyle(digits="latn")
# 9:40 in the morning in Damascus, a Friday.
MORNING = datetime(2026, 11, 20, 6, 40, tzinfo=UTC)
THIRD_OF_MAY = date(2024, 5, 3)


def test_date_with_both_months_and_arabic_digits() -> None:
    assert format_date(MORNING, STYLE) == "٢٠ نوفمبر/تشرين الثاني ٢٠٢٦"
    assert format_date(date(2026, 11, 20), STYLE, weekday=True) == "الجمعة ٢٠ نوفمبر/تشرين الثاني ٢٠٢٦"


@pytest.mark.parametrize(
    ("months", "printed"),
    [
        ("levant", "3 أيار 2024"),
        ("gregorian", "3 مايو 2024"),
        ("maghreb", "3 ماي 2024"),
        ("both", "3 مايو/أيار 2024"),
    ],
)
def test_months_follow_the_style(months: str, printed: str) -> None:
    assert format_date(THIRD_OF_MAY, PrintStyle(digits="latn", months=months)) == printed


@pytest.mark.parametrize(
    ("hour", "printed"),
    [
        (0, "12:05 صباحًا"),
        (9, "9:05 صباحًا"),
        (12, "12:05 ظهرًا"),
        (14, "2:05 ظهرًا"),
        (15, "3:05 مساءً"),
        (23, "11:05 مساءً"),
    ],
)
def test_part_of_the_day(hour: int, printed: str) -> None:
    assert format_time(datetime(2026, 11, 20, hour, 5), LATIN) == printed  # noqa: DTZ001 - the site's own time


def test_datetime_and_clock_are_in_the_zone_of_the_site() -> None:
    assert format_datetime(MORNING, STYLE) == "٢٠ نوفمبر/تشرين الثاني ٢٠٢٦، ٩:٤٠ صباحًا"
    assert format_clock(MORNING, STYLE) == "٠٩:٤٠"
    assert format_clock(MORNING, PrintStyle(digits="latn", time_zone="UTC")) == "06:40"


def test_day_changes_with_the_zone() -> None:
    late = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
    assert format_date(late, LATIN) == "21 نوفمبر/تشرين الثاني 2026"


def test_month_and_digits() -> None:
    assert format_month(2026, 11, STYLE) == "نوفمبر/تشرين الثاني ٢٠٢٦"
    assert format_digits("صفحة 2 من 9", STYLE) == "صفحة ٢ من ٩"
    assert format_digits(12, LATIN) == "12"


@pytest.mark.parametrize(
    "line",
    [
        "الجمعة ٠٣ / مايو / ٢٠٢٤",
        "3 مايو/ أيار 2024",
        "نُشر: 17:05-3 مايو 2024 م ـ 24 شوّال 1445 هـ",
        "آخر تحديث: 3/5/2024 05:45 م (بتوقيت مكة المكرمة)",
        "03 مايو ,2024: 10:35 ص GST",
        "03.05.2024 | 14:05 GMT",
        "الجمعة 03/مايو/2024 - 05:45 م",
        "٢٤-١٠-١٤٤٥ هـ",
        "الجمعة 1445/10/24 هـ - الموافق 3/5/2024 م (آخر تحديث) الساعة 17:51 (مكة المكرمة)، 14:51 (غرينتش)",
        "نشر بتاريخ: ٣ أيار ٢٠٢٤",
        "تاريخ النشر: 3rd, May 2024 GMT",
        "2024-05-03 | 2:51 مساءً",
        "2024-05-03T14:05:00",
        "03-أيار-2024",
        "الجمعة، 3 ماي 2024",
        "3, مايو 2024",
        "مايو 3, 2024",
        "Friday, May 3, 2024",
        "العدد : ١٧١٩٣ - الجمعة ٣ مايو ٢٠٢٤ م، الموافق ٢٤ شوّال ١٤٤٥هـ",
        "نشرت في: 03/05/2024 - 14:22 آخر تحديث: 04/05/2024 - 15:10",
        "جمعة, 03/05/2024 - 14:51",
        "الجمعة 3 مايو 2024 11:06 مـ 24 شوال 1445 هـ",
    ],
)
def test_date_lines_of_many_pages(line: str) -> None:
    found = read_date_line(line)
    assert found is not None
    assert found.date == THIRD_OF_MAY
    assert found.weekday_agrees in {None, True}


@pytest.mark.parametrize(
    "line",
    [
        "الجمعة 3 مايو 2024 كان يومًا طويلًا على الصيادين.",
        "31/2/2024",
        "في 3 مايو 2024 افتُتح المعرض",
        "3 مايو",
        "2024",
        "ارتفع الإنتاج 3.5 في المئة",
        "نشر في الصحيفة",
        "",
        "3 مايو 2024 " * 20,
    ],
)
def test_lines_that_are_no_date_lines(line: str) -> None:
    assert read_date_line(line) is None


def test_time_of_the_line() -> None:
    line = read_date_line("آخر تحديث: 3/5/2024 05:45 م")
    assert line is not None
    assert (line.time, line.is_update, line.is_labelled) == (time(17, 45), True, True)


def test_publication_before_update_is_no_update() -> None:
    line = read_date_line("نُشر: 3 مايو 2024 - آخر تحديث: 4 مايو 2024")
    assert line is not None
    assert (line.date, line.is_update) == (THIRD_OF_MAY, False)


def test_wrong_weekday_is_told() -> None:
    line = read_date_line("السبت 3 مايو 2024")
    assert line is not None
    assert line.weekday_agrees is False


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("03/05/2024", THIRD_OF_MAY),
        ("٠٣/٠٥/٢٠٢٤", THIRD_OF_MAY),
        ("يوم 3 أيار من عام 2024", None),
        ("3 كانون الثاني 2024", date(2024, 1, 3)),
        ("3 كانون الأول 2024", date(2024, 12, 3)),
        ("3 تشرين 2 2024", date(2024, 11, 3)),
        ("31/2/2024", None),
        ("", None),
    ],
)
def test_day_comes_before_month(text: str, day: date | None) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("31/02/2026", True),
        ("الخميس 45 مايو 2026", True),
        ("نُشر في: 30 شباط 2026 - 10:00 ص", True),
        ("28/02/2026", False),
        ("القاعة 45 مايو 2026", False),
        ("2026", False),
    ],
)
def test_line_of_a_day_that_does_not_exist(line: str, is_one: bool) -> None:
    assert is_impossible_date_line(line) is is_one
