"""Reading what was typed, and showing why something was found; no database."""

import re

import pytest

from articles.search.query import LONGEST, MOST_ITEMS, Query, Synonyms, groups_of, parse
from articles.search.showing import SNIPPET_WORDS, Marker
from newsroom.lib.analyser import Analyser, tokens
from tests.lib.test_analyser import hostile

ANALYSER = Analyser()
NOTHING = Synonyms([], ANALYSER)


def read(typed: str, *groups: list[str]) -> Query:
    return parse(typed, ANALYSER, Synonyms(groups, ANALYSER))


def marker(typed: str, *groups: list[str]) -> Marker:
    return Marker(read(typed, *groups), ANALYSER)


@pytest.mark.parametrize("seed", range(6))
def test_any_ten_thousand_characters_make_a_query_of_a_few_items(seed: int) -> None:
    text = hostile(seed)
    query = parse(text, ANALYSER, NOTHING)
    assert len(query.items) <= MOST_ITEMS
    for written in (query.fts5(), query.tsquery()):
        assert len(written) < 400 * LONGEST
        assert "\0" not in written
    shown = Marker(query, ANALYSER)
    assert "<" not in re.sub('</?(?:mark|bdi(?: dir="ltr")?)>', "", shown.highlight(text))
    assert len(tokens(shown.snippet(text.splitlines()))) <= SNIPPET_WORDS + 2 * SNIPPET_WORDS


@pytest.mark.parametrize(
    ("typed", "wanted", "excluded"),
    [
        ("مياه الشرب", 2, 0),
        ("مياه -الشرب", 1, 1),
        ('مياه -"شرب نقي"', 1, 1),
        ("في البيت", 1, 0),
        ("في", 1, 0),
        ("-مياه", 0, 1),
        ("مياه - شرب", 2, 0),
        ("شرق-غرب", 1, 0),
        ("كوفيد-19", 1, 0),
        ("؟!", 0, 0),
    ],
)
def test_what_is_wanted_and_what_is_not(typed: str, wanted: int, excluded: int) -> None:
    query = read(typed)
    assert (len(query.wanted), len(query.excluded)) == (wanted, excluded)
    assert bool(query) == bool(wanted)


def test_a_synonym_of_two_words_is_one_item() -> None:
    query = read("طقس كانون الثاني", ["كانون الثاني", "يناير"])
    assert len(query.wanted) == 2
    assert ANALYSER.stem("يناير") in query.fts5()


def test_the_desk_writes_groups_with_any_comma() -> None:
    assert groups_of(["هاتف، تلفون,جوال؛ نقال", "وحيد"]) == [["هاتف", "تلفون", "جوال", "نقال"], ["وحيد"]]


@pytest.mark.parametrize(
    ("typed", "text", "shown"),
    [
        ("احمد", "قال أحْمَـد أمس", "قال <mark>أحْمَـد</mark> أمس"),
        ("مدرسه", "افتُتحت المدرسةُ الجديدة", "افتُتحت <mark>المدرسةُ</mark> الجديدة"),
        ("العراق", "سوريا والعراق.", "سوريا <mark>والعراق</mark>."),
        ("2026", "عام ٢٠٢٦م", "عام <mark>٢٠٢٦</mark>م"),
        ("<b>", "أمر <b> & أمر", 'أمر &lt;<bdi dir="ltr"><mark>b</mark></bdi>&gt; &amp; أمر'),
        ("america", "مقر Bank of America", 'مقر <bdi dir="ltr">Bank of <mark>America</mark></bdi>'),
        ("16", "طائرة F-16 جديدة", 'طائرة <bdi dir="ltr">F-<mark>16</mark></bdi> جديدة'),
        ('"شركة Bank"', "شركة Bank", '<mark>شركة </mark><bdi dir="ltr"><mark>Bank</mark></bdi>'),
        ('"مجلس الأمن"', "مجلس المدينة ومجلس الأمن", "مجلس المدينة <mark>ومجلس الأمن</mark>"),
        ("انتخ*", "الانتخابات اليوم", "<mark>الانتخابات</mark> اليوم"),
        ("مياه -شرب", "مياه شرب", "<mark>مياه</mark> شرب"),
        ("غيث", "لا شيء هنا", "لا شيء هنا"),
    ],
)
def test_words_are_marked_in_the_letters_that_stand_there(typed: str, text: str, shown: str) -> None:
    assert marker(typed).highlight(text) == shown


def test_a_snippet_is_the_place_that_holds_most() -> None:
    far = "كلمة " * 60
    lines = ["ذكر البيان المياه مرة.", f"{far}ثم المياه والشرب معًا في {far}"]
    shown = marker("مياه شرب").snippet(lines)
    assert "<mark>المياه</mark> <mark>والشرب</mark>" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(tokens(shown.replace("mark", ""))) == SNIPPET_WORDS


def test_a_short_line_is_shown_whole_and_a_missing_word_shows_nothing() -> None:
    assert marker("مياه").snippet(["انقطعت المياه."]) == "انقطعت <mark>المياه</mark>."
    assert marker("قمر").snippet(["انقطعت المياه."]) == ""
