"""What looks through a line takes four times as long for four times the line, whatever it is made of (I8).

Each pattern is measured by itself (test_patterns); here is measured what is done between them. The time of the
processor is taken, as there.
"""

import gc
import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from newsroom.lib.quotation_marks import foreign_quotes, unpaired_guillemets, unpaired_quotes
from newsroom.lib.text_edits import Edit, masked
from newsroom.lib.text_faults import idle_marks, latin_signs, persian_letters, separators, spaces, tatweels
from richtext.lines import mend
from tests.security.test_patterns import QUICK, SOME

FINDERS: list[Callable[[str], object]] = [
    idle_marks, latin_signs, persian_letters, separators, spaces, tatweels,
    foreign_quotes, unpaired_guillemets, unpaired_quotes, masked,
]  # fmt: skip
TIMES = 4
# Between TIMES, and the square of it that looking back from every sign takes.
TOO_MANY_TIMES = 8
SIGNS = (
    "?", ",", ";", "ب, ", "a, ", "1,", "ـ", "ـ ", "لـ", "ـ21", "هـ ", "_ ", " ", " ،",
    '"', "“", "”", "«", "»", "ی", "\u200f",
)  # fmt: skip


def seconds(deed: Callable[[str], object], text: str) -> float:
    """The better of two, without the collector of garbage: its time grows with all that other tests have left."""
    took = []
    gc.disable()
    try:
        for _try in range(2):
            began = time.thread_time()
            deed(text)
            took.append(time.thread_time() - began)
    finally:
        gc.enable()
    return min(took)


def growth(deed: Callable[[str], object], text_of: Callable[[int], str]) -> float:
    """How many times as long it takes for a text of TIMES the length; 0 where the shorter one takes no time at all."""
    some = seconds(deed, text_of(SOME))
    return seconds(deed, text_of(SOME * TIMES)) / some if some > QUICK else 0


@pytest.mark.parametrize("find", FINDERS)
def test_a_line_is_looked_through_in_proportion_to_its_length(find: Callable[[str], object]) -> None:
    pieces = [*SIGNS, *map("".join, pairwise(SIGNS))]
    slow = {
        piece: found
        for piece in pieces
        if (found := growth(find, lambda length, piece=piece: f"ب{(piece * length)[:length]}بب")) > TOO_MANY_TIMES
    }
    assert slow == {}


def test_the_signs_of_a_long_row_are_all_found() -> None:
    signs = 8_000
    assert latin_signs(f"ب{'?' * signs}") == [Edit(at, at + 1, "؟") for at in range(1, signs + 1)]


def test_a_line_of_many_pieces_is_mended_in_proportion_to_them() -> None:
    def body(pieces: int) -> str:
        return f"<p>{'<strong>ب,</strong> ' * pieces}</p>"

    def mend_signs(html: str) -> str:
        return mend(html, lambda texts: [latin_signs(text) for text in texts])

    assert mend_signs(body(3)) == body(3).replace(",", "،")
    assert growth(mend_signs, body) < TOO_MANY_TIMES
