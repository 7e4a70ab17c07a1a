import unicodedata

import pytest

from newsroom.lib.reversed_text import is_reversed, reversed_words, turned

# As a PDF draws it from left to right: «قال مدير المكتب الصحفي (سعيد) إن 2024 شهدت 35% من نمو BBC News».
DRAWN = "BBC News ﻮﻤﻧ ﻦﻣ 35% ﺕﺪﻬﺷ 2024 ﻥﺇ (ﺪﻴﻌﺳ) ﻲﻔﺤﺼﻟﺍ ﺐﺘﻜﻤﻟﺍ ﺮﻳﺪﻣ ﻝﺎﻗ"
READ = "قال مدير المكتب الصحفي (سعيد) إن 2024 شهدت 35% من نمو BBC News"


def test_a_word_from_a_final_to_an_initial_shape_stands_the_wrong_way_round() -> None:
    assert reversed_words("ﻦﻣ") == 1
    assert reversed_words("ﻣﻦ من BBC") == 0


def test_a_drawn_text_is_known_and_turned() -> None:
    assert is_reversed(DRAWN)
    assert unicodedata.normalize("NFKC", turned(DRAWN)) == READ
    assert not is_reversed(turned(DRAWN))


def test_lines_are_turned_one_by_one() -> None:
    assert turned(f"{DRAWN}\nسطر عادي (1)\n{DRAWN}").split("\n")[1] == "سطر عادي (1)"


@pytest.mark.parametrize("text", ["", "نص عادي", "ﻣﻦ ﻧﻤﻮ ﻣﺪﻳﺮ", "ﻦﻣ ﻮﻤﻧ", "\ufefc" * 10_000])
def test_an_honest_text_is_not_suspected(text: str) -> None:
    assert not is_reversed(text)
