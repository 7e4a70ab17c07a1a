import csv
from io import StringIO

import pytest

from newsroom.lib.spreadsheets import as_csv, harmless


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1", "+963", "-2", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x",
        " =1", "\ufeff=1", "\u200f=1", "\u2066@x", "\u00a0+1",
    ],
)  # fmt: skip
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["أ=ب", "", "ليلى", "name@example.com", "\u200fليلى", "2026-11-20"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_a_row_comes_back_as_it_went_in() -> None:
    row = ['قال "نعم"، ومضى', "سطر\nآخر", "a;b,c"]
    text = "".join(as_csv(["١", "٢", "٣"], [row]))
    assert text.startswith("\ufeff")
    assert list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))[1] == row
