import random
from urllib.parse import quote

import pytest

from newsroom.lib.addresses import read_address

WORD = "المكتبة-العامة"


def times_encoded(text: str, times: int) -> str:
    for _ in range(times):
        text = quote(text)
    return text


@pytest.mark.parametrize("times", [0, 1, 2, 3])
def test_address_is_decoded_as_often_as_it_was_encoded(times: int) -> None:
    assert read_address(times_encoded(f"/tags/{WORD}/", times)) == f"/tags/{WORD}/"


def test_letter_that_was_cut_is_dropped() -> None:
    encoded = quote(WORD)
    for missing in range(1, 7):
        assert read_address(encoded[:-missing]) == WORD[:-1]


def test_windows_1256_is_read() -> None:
    assert read_address(quote(f"/tags/{WORD}/".encode("cp1256"))) == f"/tags/{WORD}/"


@pytest.mark.parametrize("end", ["،", "»", ")", ".", "…", " ", "\u00a0", "\u200f", "\ufeff", "!»", '".', "*"])
def test_what_a_chat_program_took_along_goes(end: str) -> None:
    assert read_address(f"/tags/{WORD}{end}") == f"/tags/{WORD}"


def test_letters_are_composed() -> None:
    assert read_address("شاطي\u0654") == "شاطئ"


def test_it_never_raises_and_never_grows() -> None:
    generator = random.Random(11)  # noqa: S311 - the same addresses every time
    for _ in range(500):
        pieces = [generator.choice(["%", "%25", "%D8", "%A7", "%00", "%ED%A0%80", chr(generator.randrange(0x110000))])]
        pieces += [chr(generator.choice((0x627, 0x64A, 0x2F, 0x25, 0xD800, 0x202E))) for _ in range(30)]
        generator.shuffle(pieces)
        text = "".join(pieces)
        read = read_address(text)
        assert len(read) <= 3 * len(text)
        assert "\0" not in read


def test_a_long_address_of_escapes_costs_nothing() -> None:
    assert read_address("%25" * 3000 + "41") == "%" * 2998
