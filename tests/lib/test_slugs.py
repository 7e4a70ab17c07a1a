import pytest

from newsroom.lib.slugs import slugify


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("أخبار/سوريا اليوم", "أخبار-سوريا-اليوم"),
        ("كتـــاب «الأيام»!", "كتاب-الأيام"),
        ("مُحَمَّد في المكتبة", "محمد-في-المكتبة"),
        ("قمة G20 في ٢٠٢٦", "قمة-g20-في-2026"),
        ("می\u200cخواهم", "مي-خواهم"),
        ("مئة\u00a0عام", "مئة-عام"),
        ("بائ\u064aع", "بائيع"),
        ("شاطئ", "شاطئ"),
        ("_سطر_ تحت", "سطر-تحت"),
        ("؟؟؟ !", ""),
        ("", ""),
    ],
)
def test_slug_is_readable(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_decomposed_letters_give_the_same_slug() -> None:
    assert slugify("شاطي\u0654") == slugify("شاطئ")


def test_long_slug_is_cut_between_words() -> None:
    slug = slugify("كلمة " * 40, limit=23)
    assert slug == "كلمة-كلمة-كلمة-كلمة"


def test_one_long_word_is_cut_at_the_limit() -> None:
    assert slugify("ب" * 200) == "ب" * 80


def test_cut_keeps_a_word_that_ends_at_the_limit() -> None:
    assert slugify("واحد اثنان", limit=4) == "واحد"
