import pytest

from newsroom.lib.keys import LONGEST_KEY, read_key


@pytest.mark.parametrize(("text", "key"), [("7", 7), ("0", 0), ("007", 7), ("9" * LONGEST_KEY, 10**LONGEST_KEY - 1)])
def test_a_key_is_read(text: str, key: int) -> None:
    assert read_key(text) == key


@pytest.mark.parametrize(
    "text", ["", " 7", "-7", "+7", "7.0", "1_000", "٧", "²", "x", "9" * (LONGEST_KEY + 1), "9" * 5000]
)
def test_what_no_page_of_ours_sends_is_none(text: str) -> None:
    assert read_key(text) is None


def test_every_key_fits_its_column() -> None:
    assert read_key("9" * LONGEST_KEY) < 2**63
