"""The tables that the analyser reads are data that a language editor corrects: what must hold of every line."""

from collections import Counter

import pytest

from newsroom.lib.analyser import Analyser, tokens
from newsroom.lib.arabic import fold
from newsroom.lib.tables import rows, words

ANALYSER = Analyser()
OF_ONE_WORD = ("function_words", "stop_words", "short_words", "words_with_al", "protected_words", "no_variants")


@pytest.mark.parametrize("name", [*OF_ONE_WORD, "forms", "synonyms"])
def test_no_line_stands_twice(name: str) -> None:
    assert [line for line, times in Counter(words(name)).items() if times > 1] == []


@pytest.mark.parametrize("name", OF_ONE_WORD)
def test_line_is_one_word(name: str) -> None:
    assert [line for line in words(name) if len(tokens(line)) != 1 or tokens(line)[0].text != line] == []


def test_protected_word_keeps_its_ending() -> None:
    for word in words("protected_words"):
        assert len(ANALYSER.stem(word)) == len(fold(word)), word
        assert ANALYSER.stem(f"ال{word}") == ANALYSER.stem(word), word


def test_form_is_of_a_word_that_is_no_form_itself() -> None:
    for form, lemma in rows("forms"):
        assert ANALYSER.stem(form) == ANALYSER.stem(lemma) == fold(lemma), form


def test_word_that_begins_like_a_proclitic_is_not_cut() -> None:
    for word in words("no_variants"):
        found = {stem for stem in ANALYSER.variants(word) if ANALYSER.stem(word[1:]) == stem}
        assert not found, word


def test_word_with_al_of_its_own_is_one_with_and_without_hamza_and_article() -> None:
    for word in words("words_with_al"):
        assert ANALYSER.stem(fold(word)) == ANALYSER.stem(word) == ANALYSER.stem(f"ال{word}"), word


def test_every_stop_word_is_one() -> None:
    assert [word for word in words("stop_words") if not ANALYSER.is_stop_word(word)] == []


def test_synonyms_say_something_and_stand_in_one_group_only() -> None:
    seen: dict[tuple[str, ...], tuple[str, ...]] = {}
    for group in rows("synonyms"):
        stems = [tuple(ANALYSER.stem(token.text) for token in tokens(entry)) for entry in group]
        assert len(group) > 1
        assert len(set(stems)) == len(stems), f"{group}: two words have one stem"
        for stem in stems:
            assert stem not in seen, (group, seen[stem])
            seen[stem] = group


@pytest.mark.parametrize(
    ("one", "other"),
    [("كتاب", "مكتوب"), ("حرب", "قتال"), ("آب", "أب"), ("الأمم المتحدة", "أمة"), ("عالم", "علماء"), ("إمام", "أئمة")],
)
def test_words_that_share_a_meaning_or_a_spelling_by_chance_are_no_synonyms(one: str, other: str) -> None:
    def stems(entry: str) -> tuple[str, ...]:
        return tuple(ANALYSER.stem(token.text) for token in tokens(entry))

    for group in rows("synonyms"):
        assert not {stems(one), stems(other)} <= {stems(entry) for entry in group}
    assert stems(one) != stems(other)


def test_months_of_every_country_are_one_month() -> None:
    groups = [set(group) for group in rows("synonyms")]
    for names in [
        ("يناير", "كانون الثاني", "جانفي"),
        ("أغسطس", "آب", "أوت", "غشت"),
        ("ديسمبر", "كانون الأول", "دجنبر"),
    ]:
        assert any(set(names) <= group for group in groups)
