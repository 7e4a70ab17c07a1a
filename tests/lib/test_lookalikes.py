from contextlib import nullcontext

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from newsroom.lib.lookalikes import find_odd, read_as_latin, validate_host, validate_name


@pytest.mark.parametrize(
    "name",
    [
        "الـBBC", "لـOpenAI", "F-16", "كوفيد-19", "3D", "أبل TV", "وBBC", "الBBC", "للـFBI", "بـiPhone 15", "الـ٢١",
        "1446هـ", "Jean-Élysée", "Москва", "Αθήνα", "日本のテレビ", "μm", "m²", "ليلى اللحّام", "مُحَمَّد", "", "…",
    ],
)  # fmt: skip
def test_an_honest_name_passes(name: str) -> None:
    assert find_odd(name) is None


@pytest.mark.parametrize(
    ("name", "letter", "script"),
    [
        ("Rеuters", "е", "CYRILLIC"),
        ("وكالة Rеuters", "е", "CYRILLIC"),
        ("الـRеuters", "е", "CYRILLIC"),
        ("Αpple", "Α", "GREEK"),
        ("محمdد", "d", "LATIN"),
        ("lحمد", "l", "LATIN"),
        ("ＢBC News", "Ｂ", "FULLWIDTH"),
        ("Пpавда", "p", "LATIN"),
    ],
)
def test_a_word_of_two_alphabets_is_odd(name: str, letter: str, script: str) -> None:
    odd = find_odd(name)
    assert odd
    assert (odd.letter, odd.script) == (letter, script)


def test_the_sentence_names_the_letter() -> None:
    with translation.override("en"):
        with pytest.raises(ValidationError) as raised:
            validate_name("Rеuters")
        assert raised.value.messages == [
            "“\u2068Rеuters\u2069” mixes alphabets: “\u2068е\u2069” in it is a Cyrillic letter."
        ]


def test_a_letter_that_shows_nothing_is_no_letter_of_a_name() -> None:
    with translation.override("en"), pytest.raises(ValidationError, match="shows nothing"):
        validate_name("Ali\u3164")


def test_nothing_raises() -> None:
    for start in range(0, 0x110000, 5_000):
        text = "".join(map(chr, range(start, min(start + 5_000, 0x110000))))
        find_odd(text)
        read_as_latin(text)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("Rеuters", "reuters"),
        ("ВВС", "bbc"),
        ("وكالة ВВС", "وكاله bbc"),
        ("BBC", None),
        ("Правда", None),
        ("محمد", None),
    ],
)
def test_a_foreign_word_that_looks_latin_is_read_so(name: str, read: str | None) -> None:
    assert read_as_latin(name) == read


@pytest.mark.parametrize(
    ("address", "is_honest"),
    [
        ("a@example.com", True),
        ("a@موقع.وزارة", True),
        ("https://почта.рф/", True),
        ("https://москва.com:80/a?b@c", True),
        ("https://example.com/ایرانexample", True),
        ("a@exаmple.com", False),
        ("https://موقعs.com/", False),
        ("https://аррӏе.com/", False),
        ("a@xn--80ak6aa92e.com", False),  # the same in the letters of the network
        ("", True),
        ("https://[::1]:80/", True),
        ("xn--", True),
    ],
)
def test_each_label_of_a_host_is_of_one_alphabet(address: str, is_honest: bool) -> None:
    with nullcontext() if is_honest else pytest.raises(ValidationError):
        validate_host(address)
