import unicodedata
from typing import Any

import pytest
from PIL import ImageFont

from articles.card_text import FONT, MAX_LINES, drawable, font, set_text, width
from newsroom.lib.bidi import plain_title

SIZES = (60, 48, 36)
ROOM = (600, 374)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("سوق الخميس", "سوق الخميس"),
        ("پژوهش گچ ڤيينا", "پژوهش گچ ڤيينا"),
        ("ڕێکخراوی کوردی ولڑکا ہے", "ڕێکخراوی کوردی ولڑکا ہے"),
        ("café Müller Šibenik", "café Müller Šibenik"),
        ("Erdoğan في Şişli مع Đoković", "Erdogan في Sisli مع Dokovic"),
        ("فوز 😀🇸🇾 كبير ❤️", "فوز كبير"),
        ("漢字 عنوان", "عنوان"),
        ("سعر ١٥٪ و20$", "سعر ١٥٪ و20$"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("سطر\u2067 ثان\u200f", "سطر ثان"),
        ("😀", ""),
    ],
)
def test_only_letters_that_the_font_has_are_drawn(text: str, drawn: str) -> None:
    assert unicodedata.normalize("NFC", drawable(text)) == drawn


def white_columns(mask: Any) -> int:
    """Between the first and the last with ink."""
    width, height = mask.size
    inked = [x for x in range(width) if any(mask.getpixel((x, y)) for y in range(height))]
    return inked[-1] - inked[0] + 1 - len(inked)


def test_letters_are_joined() -> None:
    """One line of ink from end to end; letters that stand apart leave white between them."""
    alone = ImageFont.truetype(FONT, 60, layout_engine=ImageFont.Layout.BASIC)
    assert white_columns(font(60).getmask("سببب", mode="1", direction="rtl")) == 0
    assert white_columns(alone.getmask("سببب", mode="1")) > 0


def test_what_reads_from_left_to_right_keeps_its_order() -> None:
    """The sign of «C++» stays at its right: as wide as the pieces, and not drawn as «++C»."""

    def drawn(text: str, **options: str) -> bytes:
        return bytes(font(60).getmask(text, **options))

    assert drawn(plain_title("C++"), direction="rtl") == drawn("C++", direction="ltr")


def test_a_short_headline_is_one_large_line() -> None:
    found = set_text("عودة العبّارات", sizes=SIZES, room=ROOM)
    assert (found.lines, found.size) == (["عودة العبّارات"], 60)


def test_lines_are_of_like_length() -> None:
    words = "تعليق رحلات العبّارات في مرسى الزيتون حتى صباح الجمعة بسبب الرياح الشديدة"
    found = set_text(words, sizes=SIZES, room=ROOM)
    widths = [width(line, found.size) for line in found.lines]
    assert " ".join(found.lines) == words
    assert len(widths) > 1
    assert max(widths) <= ROOM[0]
    assert min(widths) > max(widths) * 0.6


def test_a_long_headline_shrinks_before_it_is_cut() -> None:
    words = "أعلنت البلدية خطة جديدة لتوسيع شبكة المياه في الأحياء الشرقية والقرى المجاورة لها خلال العام المقبل"
    found = set_text(words, sizes=SIZES, room=ROOM)
    assert found.size < SIZES[0]
    assert " ".join(found.lines) == words


def test_what_is_too_long_ends_in_an_ellipsis_at_a_word() -> None:
    words = " ".join(["البلدية،"] * 60)
    found = set_text(words, sizes=SIZES, room=ROOM)
    assert len(found.lines) == MAX_LINES
    assert found.lines[-1].endswith("البلدية…")
    assert found.size == SIZES[-1]


def test_lines_fit_the_height_too() -> None:
    words = " ".join(["كلمة"] * 20)
    assert set_text(words, sizes=SIZES, room=(600, 120)).lines != set_text(words, sizes=SIZES, room=ROOM).lines


def test_a_word_wider_than_the_card_is_broken() -> None:
    found = set_text("https://example.org/" + "a" * 60, sizes=SIZES, room=ROOM)
    assert len(found.lines) > 1
    assert all(width(line, found.size) <= ROOM[0] for line in found.lines)


def test_a_short_latin_name_stays_on_one_line() -> None:
    found = set_text("شركة تطلق هاتفها الجديد كليًا iPhone 17 Pro في الأسواق", sizes=(60,), room=(600, 600))
    assert any("iPhone\u00a017\u00a0Pro" in line for line in found.lines)


def test_no_words_make_no_line() -> None:
    assert set_text("", sizes=SIZES, room=ROOM).lines == []
