from datetime import UTC, datetime, timedelta

import pytest

from newsroom.lib.dates import PrintStyle
from newsroom.lib.plurals import plural_form
from newsroom.lib.relative_time import count_of, format_ago, words

# 9:40 in the morning in Damascus, a Friday.
NOW = datetime(2026, 11, 20, 6, 40, tzinfo=UTC)
STYLE = PrintStyle()


@pytest.mark.parametrize(
    ("back", "printed"),
    [
        ({"seconds": 0}, "قبل لحظات"),
        ({"seconds": 59}, "قبل لحظات"),
        ({"minutes": 1}, "قبل دقيقة"),
        ({"minutes": 2}, "قبل دقيقتين"),
        ({"minutes": 3}, "قبل ٣ دقائق"),
        ({"minutes": 10}, "قبل ١٠ دقائق"),
        ({"minutes": 11}, "قبل ١١ دقيقة"),
        ({"minutes": 59, "seconds": 59}, "قبل ٥٩ دقيقة"),
        ({"hours": 1}, "قبل ساعة"),
        ({"hours": 2}, "قبل ساعتين"),
        ({"hours": 3}, "قبل ٣ ساعات"),
        ({"hours": 10}, "قبل ١٠ ساعات"),
        ({"hours": 11}, "قبل ١١ ساعة"),
        ({"hours": 23, "minutes": 59}, "قبل ٢٣ ساعة"),
        ({"days": 1}, "أمس ٩:٤٠ صباحًا"),
        ({"hours": 33, "minutes": 39}, "أمس ١٢:٠١ صباحًا"),
        ({"hours": 33, "minutes": 41}, "قبل يومين"),
        ({"days": 2}, "قبل يومين"),
        ({"days": 3}, "قبل ٣ أيام"),
        ({"days": 6}, "قبل ٦ أيام"),
        ({"days": 7}, "١٣ نوفمبر/تشرين الثاني ٢٠٢٦"),
        ({"days": 400}, "١٦ أكتوبر/تشرين الأول ٢٠٢٥"),
    ],
)
def test_how_long_ago(back: dict[str, int], printed: str) -> None:
    assert format_ago(NOW - timedelta(**back), NOW, STYLE) == printed


@pytest.mark.parametrize(
    ("ahead", "printed"),
    [
        ({"seconds": 30}, "بعد لحظات"),
        ({"minutes": 1}, "بعد دقيقة"),
        ({"minutes": 2}, "بعد دقيقتين"),
        ({"minutes": 7}, "بعد ٧ دقائق"),
        ({"hours": 12}, "بعد ١٢ ساعة"),
        ({"days": 1}, "غدًا ٩:٤٠ صباحًا"),
        ({"days": 2}, "بعد يومين"),
        ({"days": 5}, "بعد ٥ أيام"),
        ({"days": 8}, "٢٨ نوفمبر/تشرين الثاني ٢٠٢٦"),
    ],
)
def test_in_how_long(ahead: dict[str, int], printed: str) -> None:
    assert format_ago(NOW + timedelta(**ahead), NOW, STYLE) == printed


def test_a_day_of_25_hours_is_one_day() -> None:
    """In Cairo the clocks go back on the last Thursday of October: the night has an hour twice."""
    style = PrintStyle(digits="latn", time_zone="Africa/Cairo")
    now = datetime(2026, 10, 30, 10, 0, tzinfo=UTC)
    assert format_ago(now - timedelta(hours=25), now, style) == "أمس 12:00 ظهرًا"


def test_times_without_a_zone_are_those_of_the_newsroom() -> None:
    local = datetime(2026, 11, 20, 9, 37)  # noqa: DTZ001 - the site's own time
    assert format_ago(local, NOW, STYLE) == "قبل ٣ دقائق"


MINUTES = {
    1: "دقيقة", 2: "دقيقتين", 3: "3 دقائق", 4: "4 دقائق", 5: "5 دقائق", 6: "6 دقائق", 7: "7 دقائق", 8: "8 دقائق",
    9: "9 دقائق", 10: "10 دقائق", 11: "11 دقيقة", 12: "12 دقيقة", 99: "99 دقيقة", 100: "100 دقيقة",
    101: "101 دقيقة", 102: "102 دقيقة", 103: "103 دقائق", 104: "104 دقائق", 105: "105 دقائق", 106: "106 دقائق",
    107: "107 دقائق", 108: "108 دقائق", 109: "109 دقائق", 110: "110 دقائق", 111: "111 دقيقة", 200: "200 دقيقة",
    203: "203 دقائق", 1000: "1000 دقيقة", 1003: "1003 دقائق", 1011: "1011 دقيقة",
}  # fmt: skip
DAYS = {
    1: "يوم", 2: "يومين", 3: "3 أيام", 10: "10 أيام", 11: "11 يومًا", 12: "12 يومًا", 99: "99 يومًا",
    100: "100 يوم", 101: "101 يوم", 102: "102 يوم", 103: "103 أيام", 110: "110 أيام", 111: "111 يومًا",
}  # fmt: skip
HOURS = {1: "ساعة", 2: "ساعتين", 3: "3 ساعات", 10: "10 ساعات", 11: "11 ساعة", 100: "100 ساعة", 103: "103 ساعات"}


@pytest.mark.parametrize(("unit", "table"), [("minute", MINUTES), ("hour", HOURS), ("day", DAYS)])
def test_units_agree_with_their_number(unit: str, table: dict[int, str]) -> None:
    style = PrintStyle(digits="latn")
    assert {number: count_of(unit, number, style) for number in table} == table


def test_plural_forms_are_those_of_the_catalogue() -> None:
    """CLDR: zero, one, two, few (3-10, 103), many (11-99, 111), other (100-102)."""
    forms = {
        0: 0,
        1: 1,
        2: 2,
        3: 3,
        10: 3,
        11: 4,
        99: 4,
        100: 5,
        101: 5,
        102: 5,
        103: 3,
        110: 3,
        111: 4,
        199: 4,
        200: 5,
    }
    assert {number: plural_form(number) for number in forms} == forms
    assert plural_form(-5) == 0


def test_words_for_the_script() -> None:
    assert words(STYLE) == [
        "٠١٢٣٤٥٦٧٨٩", "قبل لحظات",
        "قبل دقيقة", "قبل دقيقتين", "قبل % دقائق", "قبل % دقيقة",
        "قبل ساعة", "قبل ساعتين", "قبل % ساعات", "قبل % ساعة",
    ]  # fmt: skip
    assert words(PrintStyle(digits="latn"))[0] == "0123456789"
