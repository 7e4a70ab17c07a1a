import pytest

from newsroom.lib.arabic import fold, fold_digits, fold_letters, skeleton, sort_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أحمد", "احمد"),
        ("مُحَمَّد", "محمد"),
        ("غـــزة", "غزة"),
        ("مكتبة", "مكتبه"),
        ("مستشفى", "مستشفي"),
        ("آذار", "اذار"),
        ("مسؤول", "مسئول"),
        ("شئون", "شؤون"),
        ("شيء", "شئ"),
        ("اجتماعًا", "اجتماع"),
        ("اجتماعاً", "اجتماع"),
        ("ﻻعب", "لاعب"),
        ("ﷲ", "الله"),
        ("\u0641\ufe70\u064a", "في"),  # an isolated tanwin, whose NFKC form begins with a space
        ("تهران کبیر", "تهران كبير"),
        ("٢٠٢٤", "2024"),
        ("۲۰۲۴", "2024"),
        ("Élysée", "elysee"),
        ("Việt Nam", "viet nam"),
        ("À 가", "a 가"),
        ("\u1100\u200d\u1161", "가"),
        ("«العربية.نت»", "العربية نت"),
        ("  قصر   الثقافة ", "قصر الثقافة"),
        ("ي\u0654", "ئ"),
    ],
)
def test_spellings_of_one_word_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("ماء", "ما"), ("لاجئون", "لاجون"), ("سوريا", "سورية ")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_non_joiner_parts_words_only_between_joining_letters() -> None:
    assert fold("می\u200cخواهم") == "مي خواهم"
    assert fold("دار\u200cالكتب") == "دارالكتب"


def test_punctuation_becomes_one_space() -> None:
    assert fold("رويترز، (أ ف ب) - سانا!") == "رويترز ا ف ب سانا"


def test_skeleton_keeps_the_alef_of_tanwin() -> None:
    assert skeleton("أيضاً") == skeleton("أيضًا") == skeleton("أيضا") == "ايضا"


def test_sort_key_ignores_the_article_of_the_first_word() -> None:
    assert sort_key("الأردن") == "اردن"
    assert sort_key("مرسى الزيتون") == "مرسي الزيتون"
    assert sort_key("الم") == "الم"  # two letters must stay


def test_fold_digits_changes_nothing_else() -> None:
    assert fold_digits("١٬٢٣٤٫٥ درجة، أو ۱۲") == "1,234.5 درجة، أو 12"


def test_fold_letters_keeps_punctuation_and_case() -> None:
    assert fold_letters("نُشر في: ٣ أيار، GMT") == "نشر في: 3 ايار، GMT"
