"""Every month in every style and in both digits, written out: the table that a language editor checks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from newsroom.lib.dates import (
    MONTHS,
    PrintStyle,
    format_date,
    format_datetime,
    format_hijri,
    format_month,
    parse_date,
    read_date_line,
)
from newsroom.lib.hijri import MONTHS as HIJRI_MONTHS

# style, month (the day is of the same number), in Latin digits, in Arabic-Indic digits
TABLE = [
    ("levant", 1, "1 كانون الثاني 2026", "١ كانون الثاني ٢٠٢٦"),
    ("levant", 2, "2 شباط 2026", "٢ شباط ٢٠٢٦"),
    ("levant", 3, "3 آذار 2026", "٣ آذار ٢٠٢٦"),
    ("levant", 4, "4 نيسان 2026", "٤ نيسان ٢٠٢٦"),
    ("levant", 5, "5 أيار 2026", "٥ أيار ٢٠٢٦"),
    ("levant", 6, "6 حزيران 2026", "٦ حزيران ٢٠٢٦"),
    ("levant", 7, "7 تموز 2026", "٧ تموز ٢٠٢٦"),
    ("levant", 8, "8 آب 2026", "٨ آب ٢٠٢٦"),
    ("levant", 9, "9 أيلول 2026", "٩ أيلول ٢٠٢٦"),
    ("levant", 10, "10 تشرين الأول 2026", "١٠ تشرين الأول ٢٠٢٦"),
    ("levant", 11, "11 تشرين الثاني 2026", "١١ تشرين الثاني ٢٠٢٦"),
    ("levant", 12, "12 كانون الأول 2026", "١٢ كانون الأول ٢٠٢٦"),
    ("gregorian", 1, "1 يناير 2026", "١ يناير ٢٠٢٦"),
    ("gregorian", 2, "2 فبراير 2026", "٢ فبراير ٢٠٢٦"),
    ("gregorian", 3, "3 مارس 2026", "٣ مارس ٢٠٢٦"),
    ("gregorian", 4, "4 أبريل 2026", "٤ أبريل ٢٠٢٦"),
    ("gregorian", 5, "5 مايو 2026", "٥ مايو ٢٠٢٦"),
    ("gregorian", 6, "6 يونيو 2026", "٦ يونيو ٢٠٢٦"),
    ("gregorian", 7, "7 يوليو 2026", "٧ يوليو ٢٠٢٦"),
    ("gregorian", 8, "8 أغسطس 2026", "٨ أغسطس ٢٠٢٦"),
    ("gregorian", 9, "9 سبتمبر 2026", "٩ سبتمبر ٢٠٢٦"),
    ("gregorian", 10, "10 أكتوبر 2026", "١٠ أكتوبر ٢٠٢٦"),
    ("gregorian", 11, "11 نوفمبر 2026", "١١ نوفمبر ٢٠٢٦"),
    ("gregorian", 12, "12 ديسمبر 2026", "١٢ ديسمبر ٢٠٢٦"),
    ("maghreb", 1, "1 جانفي 2026", "١ جانفي ٢٠٢٦"),
    ("maghreb", 2, "2 فيفري 2026", "٢ فيفري ٢٠٢٦"),
    ("maghreb", 3, "3 مارس 2026", "٣ مارس ٢٠٢٦"),
    ("maghreb", 4, "4 أفريل 2026", "٤ أفريل ٢٠٢٦"),
    ("maghreb", 5, "5 ماي 2026", "٥ ماي ٢٠٢٦"),
    ("maghreb", 6, "6 جوان 2026", "٦ جوان ٢٠٢٦"),
    ("maghreb", 7, "7 جويلية 2026", "٧ جويلية ٢٠٢٦"),
    ("maghreb", 8, "8 أوت 2026", "٨ أوت ٢٠٢٦"),
    ("maghreb", 9, "9 سبتمبر 2026", "٩ سبتمبر ٢٠٢٦"),
    ("maghreb", 10, "10 أكتوبر 2026", "١٠ أكتوبر ٢٠٢٦"),
    ("maghreb", 11, "11 نوفمبر 2026", "١١ نوفمبر ٢٠٢٦"),
    ("maghreb", 12, "12 ديسمبر 2026", "١٢ ديسمبر ٢٠٢٦"),
    ("morocco", 1, "1 يناير 2026", "١ يناير ٢٠٢٦"),
    ("morocco", 2, "2 فبراير 2026", "٢ فبراير ٢٠٢٦"),
    ("morocco", 3, "3 مارس 2026", "٣ مارس ٢٠٢٦"),
    ("morocco", 4, "4 أبريل 2026", "٤ أبريل ٢٠٢٦"),
    ("morocco", 5, "5 ماي 2026", "٥ ماي ٢٠٢٦"),
    ("morocco", 6, "6 يونيو 2026", "٦ يونيو ٢٠٢٦"),
    ("morocco", 7, "7 يوليوز 2026", "٧ يوليوز ٢٠٢٦"),
    ("morocco", 8, "8 غشت 2026", "٨ غشت ٢٠٢٦"),
    ("morocco", 9, "9 شتنبر 2026", "٩ شتنبر ٢٠٢٦"),
    ("morocco", 10, "10 أكتوبر 2026", "١٠ أكتوبر ٢٠٢٦"),
    ("morocco", 11, "11 نونبر 2026", "١١ نونبر ٢٠٢٦"),
    ("morocco", 12, "12 دجنبر 2026", "١٢ دجنبر ٢٠٢٦"),
    ("both", 1, "1 يناير/كانون الثاني 2026", "١ يناير/كانون الثاني ٢٠٢٦"),
    ("both", 2, "2 فبراير/شباط 2026", "٢ فبراير/شباط ٢٠٢٦"),
    ("both", 3, "3 مارس/آذار 2026", "٣ مارس/آذار ٢٠٢٦"),
    ("both", 4, "4 أبريل/نيسان 2026", "٤ أبريل/نيسان ٢٠٢٦"),
    ("both", 5, "5 مايو/أيار 2026", "٥ مايو/أيار ٢٠٢٦"),
    ("both", 6, "6 يونيو/حزيران 2026", "٦ يونيو/حزيران ٢٠٢٦"),
    ("both", 7, "7 يوليو/تموز 2026", "٧ يوليو/تموز ٢٠٢٦"),
    ("both", 8, "8 أغسطس/آب 2026", "٨ أغسطس/آب ٢٠٢٦"),
    ("both", 9, "9 سبتمبر/أيلول 2026", "٩ سبتمبر/أيلول ٢٠٢٦"),
    ("both", 10, "10 أكتوبر/تشرين الأول 2026", "١٠ أكتوبر/تشرين الأول ٢٠٢٦"),
    ("both", 11, "11 نوفمبر/تشرين الثاني 2026", "١١ نوفمبر/تشرين الثاني ٢٠٢٦"),
    ("both", 12, "12 ديسمبر/كانون الأول 2026", "١٢ ديسمبر/كانون الأول ٢٠٢٦"),
]
WEEKDAYS = ["السبت", "الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة"]
STYLES = [PrintStyle(digits=digits, months=months) for digits in ("arab", "latn") for months in MONTHS]


@pytest.mark.parametrize(("months", "number", "latin", "arabic"), TABLE)
def test_months_of_every_style_in_both_digits(months: str, number: int, latin: str, arabic: str) -> None:
    day = date(2026, number, number)
    assert format_date(day, PrintStyle(digits="latn", months=months)) == latin
    assert format_date(day, PrintStyle(digits="arab", months=months)) == arabic
    assert format_month(2026, number, PrintStyle(digits="latn", months=months)) == latin.partition(" ")[2]
    assert (parse_date(latin), parse_date(arabic)) == (day, day)


def test_the_table_has_every_style() -> None:
    assert {row[0] for row in TABLE} == set(MONTHS)
    assert len(TABLE) == 12 * len(MONTHS)


def test_the_days_of_a_week() -> None:
    saturday = date(2026, 11, 21)
    printed = [format_date(saturday + timedelta(days=n), PrintStyle(), weekday=True).split()[0] for n in range(7)]
    assert printed == WEEKDAYS


@pytest.mark.parametrize("style", STYLES, ids=lambda style: f"{style.digits}-{style.months}")
def test_what_is_printed_is_read_back(style: PrintStyle) -> None:
    """Each day of a leap year, and the same day of years far away."""
    day = date(2024, 1, 1)
    while day.year == 2024:
        for year in (1900, 1924, 2024, 2099):
            try:
                wanted = day.replace(year=year)
            except ValueError:
                continue  # the 29th of February
            assert parse_date(format_date(wanted, style)) == wanted
        line = read_date_line(format_date(day, style, weekday=True))
        assert line is not None
        assert (line.date, line.weekday_agrees) == (day, True)
        day += timedelta(days=1)


@pytest.mark.parametrize("style", STYLES, ids=lambda style: f"{style.digits}-{style.months}")
def test_a_printed_moment_is_read_back_to_the_minute(style: PrintStyle) -> None:
    for minutes in range(0, 24 * 60, 7):
        moment = datetime(2026, 11, 20, tzinfo=UTC) + timedelta(minutes=minutes)
        line = read_date_line(format_datetime(moment, PrintStyle(style.digits, style.months, "UTC")))
        assert line is not None
        assert (line.date, line.time) == (moment.date(), moment.time())


@pytest.mark.parametrize("digits", ["arab", "latn"])
def test_a_printed_hijri_day_is_read_back(digits: str) -> None:
    style = PrintStyle(digits=digits)
    for number in range(0, 355 * 3, 5):
        day = date(2024, 1, 1) + timedelta(days=number)
        printed = format_hijri(day, style)
        assert printed is not None
        assert parse_date(printed) == day


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        (date(2024, 5, 3), "٢٤ شوال ١٤٤٥هـ"),
        (date(2026, 11, 20), "١٠ جمادى الآخرة ١٤٤٨هـ"),
        (date(1924, 8, 1), "١ محرم ١٣٤٣هـ"),
        (date(2077, 11, 16), "٣٠ ذو الحجة ١٥٠٠هـ"),
        (date(1924, 7, 31), None),
        (date(2077, 11, 17), None),
        (date.min, None),
        (date.max, None),
    ],
)
def test_hijri_days_as_printed(day: date, printed: str | None) -> None:
    assert format_hijri(day, PrintStyle()) == printed


def test_the_hijri_day_is_that_of_the_newsroom() -> None:
    late = datetime(2024, 5, 2, 22, 0, tzinfo=UTC)
    assert format_hijri(late, PrintStyle()) == "٢٤ شوال ١٤٤٥هـ"
    assert format_hijri(late, PrintStyle(digits="latn", time_zone="UTC")) == "23 شوال 1445هـ"


def test_the_hijri_months() -> None:
    assert HIJRI_MONTHS == (
        "محرم", "صفر", "ربيع الأول", "ربيع الثاني", "جمادى الأولى", "جمادى الآخرة",
        "رجب", "شعبان", "رمضان", "شوال", "ذو القعدة", "ذو الحجة",
    )  # fmt: skip
