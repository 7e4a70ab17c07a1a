"""The table of what is taken out of a text, row by row, and what holds for every text."""

import random
import unicodedata
from collections.abc import Callable

import pytest

from newsroom.lib.hygiene import (
    LONGEST_GROWTH,
    clean_address,
    clean_line,
    clean_line_within,
    clean_markup,
    clean_text,
    mendings,
)
from newsroom.lib.mending import Kind

CLEANERS: list[Callable[[str], str]] = [clean_line, clean_text, clean_markup]


@pytest.mark.parametrize("control", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
@pytest.mark.parametrize("clean", CLEANERS)
def test_embeds_overrides_and_isolates_are_deleted(clean: Callable[[str], str], control: str) -> None:
    assert clean(f"user{control}gpj.exe") == "usergpj.exe"


@pytest.mark.parametrize("mark", "\u200e\u200f\u061c")
def test_direction_marks_stay_inside_text_and_go_from_its_ends(mark: str) -> None:
    assert clean_text(f"{mark}نص C++{mark} هنا{mark}\n {mark}سطر") == f"نص C++{mark} هنا\nسطر"
    assert clean_markup(f"<p>{mark}نص <b>C++</b>{mark} هنا{mark}</p>") == f"<p>نص <b>C++</b>{mark} هنا</p>"


@pytest.mark.parametrize("mark", "\u200e\u200f\u061c")
def test_direction_marks_go_from_a_name_and_a_headline(mark: str) -> None:
    assert clean_line(f" أحمد{mark}\nعلي{mark} ") == "أحمد علي"


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("بي\u200dت", "بيت"),
        ("a\u200db", "ab"),
        ("عام 1446ه\u200d", "عام 1446ه\u200d"),
        ("عام 1446ه\u200d.", "عام 1446ه\u200d."),
        ("ه\u200dذا", "هذا"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
        ("\u2764\ufe0f\u200d\U0001f525", "\u2764\ufe0f\u200d\U0001f525"),
        ("\U0001f469\U0001f3fd\u200d\u2695\ufe0f", "\U0001f469\U0001f3fd\u200d\u2695\ufe0f"),
        ("\U0001f468\u200d", "\U0001f468"),
        ("\u0dc1\u0dca\u200d\u0dbb\u0dd3", "\u0dc1\u0dca\u200d\u0dbb\u0dd3"),  # Sri, as Sinhala spells it
    ],
)
def test_joiner_stays_in_emoji_and_after_the_heh_of_a_hijri_year(dirty: str, clean: str) -> None:
    assert clean_text(dirty) == clean_line(dirty) == clean


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("دار\u200cنا", "دارنا"),
        ("رؤى\u200cجديدة", "رؤىجديدة"),
        ("بيت\u200c\nسطر\u200c", "بيت\nسطر"),
        ("بيت\u200c كبير", "بيت كبير"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("می\u200c\u200cخواهم", "می\u200cخواهم"),
        ("کِتابِ\u200cها", "کِتابِ\u200cها"),
        ("a\u200cb", "ab"),
        ("\u0915\u094d\u200c\u0937", "\u0915\u094d\u200c\u0937"),
    ],
)
def test_non_joiner_stays_where_it_parts_two_letters_that_would_join(dirty: str, clean: str) -> None:
    assert clean_text(dirty) == clean


@pytest.mark.parametrize(
    "hidden",
    ["\ufeff", "\u200b", "\u2060", "\u00ad", *map(chr, range(0x2061, 0x2066)), "\U000e0041", "\U000e007f", "\ufff9"],
)
@pytest.mark.parametrize("clean", CLEANERS)
def test_what_shows_nothing_is_deleted_anywhere(clean: Callable[[str], str], hidden: str) -> None:
    assert clean(f"{hidden}كلمة{hidden}وصل {hidden}\u0041") == "كلمةوصل A"


def test_variation_signs_stay_behind_pictures_and_go_from_letters() -> None:
    assert clean_text("\u2764\ufe0f 1\ufe0f\u20e3 نص\ufe0f a\U000e0101\U000e0102") == "\u2764\ufe0f 1\ufe0f\u20e3 نص a"


@pytest.mark.parametrize("space", [*"\t\u00a0\u1680\u202f\u205f\u3000", *map(chr, range(0x2000, 0x200B))])
def test_every_space_is_a_plain_one(space: str) -> None:
    assert clean_line(f"{space}مئة{space}{space}ألف{space}") == "مئة ألف"
    assert clean_text(f"{space}مئة{space}{space}ألف{space}\n{space}طن") == "مئة ألف\nطن"


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("<p>5\u00a0كم و5&nbsp;كم و٥\u202f%</p>", "<p>5\u00a0كم و5&nbsp;كم و٥\u202f%</p>"),
        ("<p>مئة\u00a0ألف&nbsp;طن\u202fو\u3000هنا</p>", "<p>مئة ألف طن و هنا</p>"),
        ("<p>عام 2024&nbsp;، ثم</p>", "<p>عام 2024 ، ثم</p>"),
    ],
)
def test_a_no_break_space_stays_between_a_number_and_its_unit(dirty: str, clean: str) -> None:
    assert clean_markup(dirty) == clean


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\x85", "\u2028", "\u2029", "\x0b", "\x0c"])
def test_every_line_end_is_a_newline(newline: str) -> None:
    assert clean_text(f"أول{newline}ثان") == "أول\nثان"
    assert clean_line(f"أول{newline}ثان") == "أول ثان"


def test_controls_are_deleted() -> None:
    controls = "".join(map(chr, [*range(9), *range(14, 32), *range(127, 133), *range(134, 160)]))
    assert clean_text(f"سطر{controls}فيه") == clean_line(f"سطر{controls}فيه") == "سطرفيه"


def test_half_a_surrogate_pair_and_characters_that_are_none_are_deleted() -> None:
    assert clean_text("نص\ud800\udfff\ufffe\ufdd0هنا") == "نصهنا"


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("ﻓﻲ ﺍﻟﺒﻴﺖ", "في البيت"),
        ("ﻻ إله إلا ﷲ", "لا إله إلا الله"),
        ("ﭘﺎﻥ", "پان"),
        ("بﹶيتﹲ", "بَيتٌ"),  # forms that stand for a space and a mark
        ("سﱞ", unicodedata.normalize("NFC", "س\u064c\u0651")),
    ],
)
def test_presentation_forms_become_letters_without_the_spaces_they_bring(dirty: str, clean: str) -> None:
    assert clean_text(dirty) == clean


@pytest.mark.parametrize("kept", ["ﷺ", "ﷻ", "﷽", "﷼", "﴾آية﴿"])
def test_signs_that_are_no_broken_letters_stay(kept: str) -> None:
    assert clean_text(f"قال {kept} هنا") == f"قال {kept} هنا"


def test_only_the_run_of_forms_is_taken_apart() -> None:
    assert clean_text("½ m² … ① ﻓﻲ ™") == "½ m² … ① في ™"


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("کتاب علی الطاولة فی البیت", "كتاب على الطاولة في البيت"),
        ("والمستشفی الکبری", "والمستشفى الكبرى"),
        ("عَلَیٰ", "عَلَىٰ"),
        ("إلی متی لدی مدی أخری", "إلى متى لدى مدى أخرى"),
        ("علي کوشنير", "علي كوشنير"),
        ("وصل ڤیتنامي", "وصل ڤيتنامي"),
    ],
)
def test_persian_yeh_and_keheh_become_arabic(dirty: str, clean: str) -> None:
    assert clean_text(dirty) == clean


@pytest.mark.parametrize(
    "text",
    [
        "گفتگوی",
        "التقى چمران وپوریا في باريس",
        "قال «ما می\u200cخواهیم کشور را بسازیم» ثم سكت",
        "علی خامنه\u200cای",
        "این کتاب برای شما است",
        "پاکستان کے وزیر",
    ],
)
def test_a_persian_name_or_quotation_keeps_its_letters(text: str) -> None:
    assert clean_text(text) == clean_line(text) == text


def test_arabic_around_a_persian_quotation_is_mended() -> None:
    assert (
        clean_text("قال فی البیت: «این کشور است» وخرج الی المدینة") == "قال في البيت: «این کشور است» وخرج الى المدينة"
    )


def test_a_passage_that_says_it_is_persian_keeps_its_letters() -> None:
    assert clean_markup('<p>فی <span lang="fa">فی <b>کتاب</b></span> فی</p>') == (
        '<p>في <span lang="fa">فی <b>کتاب</b></span> في</p>'
    )


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("كتـــاب", "كتاب"),
        ("محـمَّـد", "محمَّد"),
        ("بَـَـت", "بََت"),
        ("رحمـٰن", "رحمٰن"),
        ("لـ«البيت» والـ21 والـ٢١ و1446هـ", "لـ«البيت» والـ21 والـ٢١ و1446هـ"),
        ("الـBBC وهـ.", "الـBBC وهـ."),
    ],
)
def test_tatweel_goes_between_two_letters_and_stays_before_anything_else(dirty: str, clean: str) -> None:
    assert clean_text(dirty) == clean


@pytest.mark.parametrize("word", ["شَيْـًٔا", "ٱلْـَٔاخِرَةُ", "يَسْـَٔلُونَكَ", "خَطِيٓـَٔةً", "وَٱلَّـٰٓـِٔى"])
def test_the_tatweel_under_a_hamza_of_the_quran_stays(word: str) -> None:
    """Without its seat the hamza would fall on the letter before: «شَيْـًٔا» became «شَئًْا»."""
    assert clean_text(word) == word


def test_vowel_marks_and_digits_stay_as_typed() -> None:
    assert clean_text("مُحَمَّدٌ هٰذا ٢٠٢٤ ۲۰۲۴ 2024") == "مُحَمَّدٌ هٰذا ٢٠٢٤ ۲۰۲۴ 2024"


def test_at_most_three_marks_stand_on_a_letter() -> None:
    assert clean_text("z" + "\u0335\u0321\u0322\u0316\u0310") == "z\u0335\u0321\u0322"
    assert clean_text("ب" + "\u064e" * 9 + "ت") == "ب\u064e\u064e\u064eت"


def test_letters_and_their_marks_are_composed() -> None:
    assert clean_text("بائع ي\u0654 ا\u0653 e\u0301") == "بائع ئ آ é"


def test_markup_keeps_tags_addresses_and_escapes() -> None:
    html = '<p>کتاب\u200b &amp; <a href="https://example.com/ایران">كتـاب</a> هنا &lt;</p>'
    cleaned = '<p>كتاب &amp; <a href="https://example.com/ایران">كتاب</a> هنا &lt;</p>'
    assert clean_markup(html) == cleaned


def test_an_address_keeps_its_letters() -> None:
    assert clean_address("\u202ahttps://example.com/ایران\u200b\u00a0\u200e") == "https://example.com/ایران"


def test_a_text_that_grows_beyond_its_column_keeps_its_ligatures() -> None:
    assert clean_line_within("ﷲ\u200b ﻻ", 5) == "ﷲ ﻻ"
    assert clean_line_within("ﷲ\u200b ﻻ", 7) == "الله لا"
    assert clean_line_within("ﻓﻲ ﻻ", 4) == "في ﻻ"
    assert clean_line_within("كلمة طويلة", 4) == "كلمة طويلة"


# What holds for every text

_LIKELY = [
    *"بتكيىهاأءةلم \n\t\r،.«»-5٢۲aA!",
    *"\u0640\u0654\u0653\u0651\u064e\u0670\u0301\u0327\u094d\u0915\u0dca",
    *"\u200b\u200c\u200d\u200e\u200f\u061c\u202e\u2067\ufeff\u00a0\u202f\u2003\u2028\x00\x85\x1b\ud800\udc00\ufe0f\U000e0041",
    *"کیپگےۀهۂ\ufefb\ufdf2\ufe70\ufe73\ufdfa\ufc5e\ufd3e\ufb58\ufbfe",
    *"\U0001f468\U0001f3fd\u2764\u212b\u0958\u0344",
    *(
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        '<span lang="fa">',
        "</span>",
        "<br>",
        "&nbsp;",
        "&amp;",
        "<",
        ">",
        "می\u200cخ",
        "ال",
    ),
]


def _texts(seed: int, count: int, longest: int) -> list[str]:
    """Half of them made of what the rules are about, half of anything at all, lone surrogates too."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    texts = []
    for number in range(count):
        length = chance.randrange(longest)
        if number % 2:
            texts.append("".join(chance.choice(_LIKELY) for _ in range(length)))
        else:
            texts.append("".join(chr(chance.randrange(0x110000)) for _ in range(length)))
    return texts


@pytest.mark.parametrize("clean", CLEANERS)
@pytest.mark.parametrize("seed", range(4))
def test_any_text_is_clean_after_one_time_and_never_much_longer(clean: Callable[[str], str], seed: int) -> None:
    for text in _texts(seed, 400, 60):
        cleaned = clean(text)
        assert clean(cleaned) == cleaned, ascii(text)
        assert len(cleaned) <= LONGEST_GROWTH * len(text)
        assert not mendings(cleaned, clean), ascii(text)


@pytest.mark.parametrize("clean", CLEANERS)
def test_ten_thousand_of_anything_raise_nothing(clean: Callable[[str], str]) -> None:
    for text in [*(char * 10_000 for char in _LIKELY), *_texts(9, 4, 10_000)]:
        cleaned = clean(text)
        assert clean(cleaned) == cleaned
        cleaned.encode()  # storable
        mendings(text, clean)


def _letters(text: str) -> str:
    """Letters and digits without what the table replaces: forms, yeh, keheh, tatweel."""
    plain = unicodedata.normalize("NFKD", text).translate(str.maketrans("کیى", "كيي", "\u0640"))
    return "".join(char for char in plain if unicodedata.category(char)[0] in "LN" and char not in "\u0640")


@pytest.mark.parametrize("clean", [clean_line, clean_text])
def test_no_letter_or_digit_of_any_script_is_lost(clean: Callable[[str], str]) -> None:
    every = [chr(point) for point in range(0x110000) if unicodedata.category(chr(point))[0] in "LN"]
    assert _letters(clean("\u2010".join(every))) == _letters("".join(every))
    for text in _texts(5, 400, 60):
        assert _letters(clean(text)) == _letters(text), ascii(text)


# What was changed can be seen


@pytest.mark.parametrize(
    ("dirty", "kind", "count", "place"),
    [
        ("ملف user\u202egpj.exe هنا", Kind.DIRECTION, 1, "ملف user[RLO]gpj.exe هنا"),
        ("كلمة\u200b أخرى", Kind.INVISIBLE, 1, "كلمة[ZWSP] أخرى"),
        ("كلمة\U000e0041 أخرى", Kind.INVISIBLE, 1, "كلمة[U+E0041] أخرى"),
        ("بي\u200dت", Kind.JOINER, 1, "بي[ZWJ]ت"),
        ("في ﺍﻟﺒﻴﺖ الكبير", Kind.FORMS, 1, "في ﺍﻟﺒﻴﺖ الكبير"),
        ("ذهب الی المدینة", Kind.PERSIAN, 2, "ذهب الی المدینة"),
        ("كتـــاب جديد", Kind.TATWEEL, 1, "كتـــاب جديد"),
        ("z\u0335\u0321\u0322\u0316\u0310", Kind.MARKS, 1, "z\u0335\u0321\u0322\u0316\u0310"),
        ("قهوة cafe\u0301", Kind.COMPOSED, 1, "قهوة cafe\u0301"),
        ("مئة\u00a0ألف", Kind.SPACE, 1, "مئة[NBSP]ألف"),
        ("أول\u2028ثان", Kind.LINE_END, 1, "أول[U+2028]ثان"),
    ],
)
def test_a_mending_says_what_how_often_and_where(dirty: str, kind: Kind, count: int, place: str) -> None:
    (mending,) = mendings(dirty)
    assert (mending.kind, mending.count, mending.places[0]) == (kind, count, place)


def test_direction_marks_of_a_headline_are_told() -> None:
    assert [mending.kind for mending in mendings("أحمد\u200f علي", clean_line)] == [Kind.DIRECTION_MARK]


def test_at_most_three_places_are_shown() -> None:
    (mending,) = mendings(" ".join(f"كلمة{number}\u200b وما بعدها هنا" for number in range(9)))
    assert (mending.count, len(mending.places)) == (9, 3)


@pytest.mark.parametrize("text", ["  نص  \r\n  سطر ", "نص  وآخر", "شَّدة", "\u00a0نص\u00a0", "نص"])
def test_nothing_is_told_that_nobody_would_see(text: str) -> None:
    assert mendings(text) == mendings(text, clean_line) == []


def test_marks_in_another_order_are_no_mending() -> None:
    assert mendings("ش\u0651\u064eد") == []
