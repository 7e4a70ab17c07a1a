import pytest

from newsroom.lib.hygiene import clean_line, clean_markup, clean_text


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("user\u202egpj.exe", "usergpj.exe"),
        ("\u2067نص\u2069", "نص"),
        ("كلمة\u200b وكلمة\ufeff", "كلمة وكلمة"),
        ("مئة\u00a0ألف\u2009طن", "مئة ألف طن"),
        ("كتـــاب", "كتاب"),
        ("لـ«البيت» والـ21 و1446هـ", "لـ«البيت» والـ21 و1446هـ"),
        ("ﻓﻲ ﺍﻟﺒﻴﺖ", "في البيت"),
        ("قال ﷺ ½ m² …", "قال ﷺ ½ m² …"),
        ("کتاب علی الطاولة فی البیت", "كتاب على الطاولة في البيت"),
        ("گفتگوی", "گفتگوی"),
        ("مُحَمَّد", "مُحَمَّد"),
        ("بي\u200dت", "بيت"),
        ("1446ه\u200d", "1446ه\u200d"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("دار\u200cنا وبيت\u200c", "دارنا وبيت"),
        ("بائع ي\u0654 ا\u0653", "بائع ئ آ"),
        ("٢٠٢٤ و2024", "٢٠٢٤ و2024"),
        ("سطر\x07 فيه\x1b رنين", "سطر فيه رنين"),
    ],
)
def test_text_is_cleaned_as_the_table_says(dirty: str, clean: str) -> None:
    assert clean_text(dirty) == clean


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\x85", "\u2028", "\u2029", "\x0b", "\x0c"])
def test_every_line_end_is_a_newline(newline: str) -> None:
    assert clean_text(f"أول{newline}ثان") == "أول\nثان"


def test_direction_marks_stay_inside_text_and_go_from_its_ends() -> None:
    assert clean_text("\u200fنص C++\u200e هنا\u200f") == "نص C++\u200e هنا"


def test_line_loses_marks_and_line_ends() -> None:
    assert clean_line(" أحمد\u200f\nعلي\u200e ") == "أحمد علي"


@pytest.mark.parametrize("text", ["كتـــاب الله ﻓﻲ", "a < b & c > \"d\" 'e'", "مئة\u00a0ألف"])
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_markup(clean_markup(text)) == clean_markup(text)


def test_markup_keeps_tags_addresses_and_no_break_spaces() -> None:
    html = '<p>کتاب\u200b &amp; <a href="https://example.com/ایران">كتـاب</a>\u00a0هنا &lt;</p>'
    cleaned = '<p>كتاب &amp; <a href="https://example.com/ایران">كتاب</a>\u00a0هنا &lt;</p>'
    assert clean_markup(html) == cleaned
