"""The shipped plurals: well-formed, never superfluous, and no two words joined that only look alike."""

from collections import Counter

import pytest

from newsroom.lib.analyser import Analyser
from newsroom.lib.arabic import fold
from newsroom.lib.tables import rows

GROUPS = rows("broken_plurals")
STEM = Analyser().stem

# Each pair is one word to a careless table: the same letters once hamzas, ى/ي and ة/ه are equal, a shared plural,
# a verb, a name. A reader of the left word must not be shown texts with the right one.
APART = [
    ("كتاب", "كاتب"),
    ("عامل", "عمل"),
    ("معمل", "عمال"),
    ("شعبة", "شعوب"),
    ("رجال", "أرجل"),
    ("سلام", "سلم"),
    ("حاكم", "أحكام"),
    ("علم", "إعلام"),
    ("عدد", "إعداد"),
    ("حي", "إحياء"),
    ("نفق", "إنفاق"),
    ("إمام", "أئمة"),
    ("أمام", "أئمة"),
    ("عالم", "علماء"),
    ("عام", "أعوام"),
    ("قوة", "قوى"),
    ("قوي", "قوى"),
    ("صورة", "صور"),
    ("عقد", "عقود"),
    ("قدم", "أقدام"),
    ("كشف", "كشوف"),
    ("منح", "منحة"),
    ("مهم", "مهام"),
    ("معرض", "معارض"),
    ("محافظ", "محفظة"),
    ("محضر", "محاضر"),
    ("موطن", "مواطن"),
    ("ملحق", "ملاحق"),
    ("سرير", "أسرة"),
    ("سهل", "سهول"),
    ("تل", "تلال"),
    ("خرطوم", "خراطيم"),
    ("جنين", "أجنة"),
    ("لحم", "لحوم"),
    ("قاسم", "قواسم"),
    ("حد", "حدود"),
    ("آب", "آباء"),
    ("مطر", "مطارنة"),
    ("مصارف", "صرف"),
    ("مطالب", "طلاب"),
    ("مدرس", "مدارس"),
    ("كبير", "أكبر"),
    ("مظاهرة", "مظهر"),
    ("جدارة", "جدران"),
    ("قناعة", "أقنعة"),
    ("خرافة", "خراف"),
    ("سلالة", "سلال"),
    ("سيول", "سيل"),
    ("مدافع", "مدفع"),
    ("المنفي", "منافي"),
    ("كوبري", "كبار"),
    ("إلى", "ولاة"),
    ("بري", "أبرياء"),
    ("فاس", "فؤوس"),
    ("قابس", "قوابس"),
    ("صحار", "صحراء"),
]


def _joined(word: str, other: str) -> bool:
    return any({STEM(word), STEM(other)} <= {STEM(form) for form in group} for group in GROUPS)


def test_every_line_has_two_to_five_single_words_with_letters_only() -> None:
    wrong = [group for group in GROUPS if not 2 <= len(group) <= 5 or not all(form.isalpha() for form in group)]
    assert wrong == []


def test_no_line_is_there_twice_and_no_form_twice_in_a_line() -> None:
    counted = Counter(frozenset(group) for group in GROUPS)
    assert [group for group, times in counted.items() if times > 1] == []
    assert [group for group in GROUPS if len(set(group)) < len(group)] == []


def test_no_form_is_in_more_than_two_lines() -> None:
    counted = Counter(fold(form) for group in GROUPS for form in group)
    assert [form for form, times in counted.items() if times > 2] == []


def test_every_line_joins_what_the_stemmer_does_not() -> None:
    assert [group for group in GROUPS if len({STEM(form) for form in group}) == 1] == []


def test_no_line_joins_a_word_that_search_leaves_whole() -> None:
    small = {fold(word) for name in ("function_words", "stop_words") for (word, *_rest) in rows(name)}
    assert [form for group in GROUPS for form in group if fold(form) in small] == []


@pytest.mark.parametrize(("word", "other"), APART)
def test_words_that_look_alike_stay_apart(word: str, other: str) -> None:
    assert not _joined(word, other)


@pytest.mark.parametrize(
    ("word", "other"),
    [("طالب", "طلبة"), ("نساء", "امرأة"), ("قرى", "قرية"), ("أكراد", "كردي"), ("أدوية", "دواء"), ("مدارس", "مدرسة")],
)
def test_forms_of_one_word_are_joined(word: str, other: str) -> None:
    assert _joined(word, other)


def test_two_lines_meet_only_in_a_plural_that_both_words_have() -> None:
    """«كوبري | كباري» and «كبير | كبار» would meet by their stem, and bridges would find grown-ups."""
    spelled: dict[str, set[str]] = {}
    for form in {form for group in GROUPS for form in group}:
        spelled.setdefault(STEM(form), set()).add(form)
    several = [forms for forms in spelled.values() if len(forms) > 1]
    assert [forms for forms in several if not any(forms <= {*group} for group in GROUPS)] == []
