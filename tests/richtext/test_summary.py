"""The beginning of a text: whole sentences where they fit, never half a word."""

from richtext.summary import LONGEST, SHORTEST, shorten, summary

SENTENCE = "افتتحت البلدية صباح اليوم حديقة عامة جديدة في وسط المدينة بحضور الأهالي."


def test_short_text_is_left_alone() -> None:
    assert summary("<p>افتتحت البلدية حديقة.</p>") == "افتتحت البلدية حديقة."
    assert summary("") == ""


def test_blocks_and_markup_become_one_line() -> None:
    assert summary("<h2>عنوان</h2><p>سطر<br>آخر <strong>مهم</strong> &amp; طويل</p>") == "عنوان سطر آخر مهم & طويل"


def test_whole_sentences_are_kept() -> None:
    assert SHORTEST < len(SENTENCE) < LONGEST < 3 * len(SENTENCE)
    assert shorten(" ".join([SENTENCE] * 5)) == f"{SENTENCE} {SENTENCE}"


def test_closing_quote_stays_with_its_sentence() -> None:
    said = f"قال رئيس البلدية: «{SENTENCE}» "
    assert shorten(said + "ثم شكر العاملين في الحديقة على جهودهم كلها " * 3) == said.strip()


def test_sentence_that_says_too_little_is_not_enough() -> None:
    text = "نعم. " + "كلمة " * 60
    shortened = shorten(text)
    assert len(shortened) > SHORTEST
    assert shortened.endswith("كلمة…")


def test_long_sentence_ends_at_a_word() -> None:
    shortened = shorten("المتحدثون، " * 40)
    assert shortened.endswith("المتحدثون…")
    assert LONGEST - 20 <= len(shortened) <= LONGEST


def test_numbers_are_not_cut() -> None:
    text = "بلغ سعر الصرف في السوق المحلية صباح اليوم نحو 12.750 ليرة للدولار الواحد وفق التجار " + "والصرافين " * 20
    assert "12.750 ليرة" in shorten(text)


def test_one_endless_word_is_cut_all_the_same() -> None:
    assert len(shorten("س" * 500)) == LONGEST
