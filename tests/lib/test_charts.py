"""Where the bars of a chart stand."""

import pytest

from newsroom.lib.charts import BOTTOM, PLOT, TOP, Bar, Column, bar_chart, round_top
from newsroom.lib.dates import PrintStyle
from newsroom.lib.numbers import format_number


def columns(*values: int | None) -> list[Column]:
    return [Column(f"{number}", value) for number, value in enumerate(values)]


def right_edge(bar: Bar) -> float:
    return float(bar.x.rstrip("%")) + float(bar.width.rstrip("%"))


@pytest.mark.parametrize(
    ("highest", "top"),
    [(0, 1), (1, 1), (2, 2), (3, 4), (9, 10), (10, 10), (11, 20), (99, 100), (101, 200), (4001, 6000), (10**9, 10**9)],
)
def test_the_highest_line_is_round_and_nothing_is_above_it(highest: int, top: int) -> None:
    assert round_top(highest) == top


def test_time_runs_from_right_to_left() -> None:
    first, second, third = bar_chart(columns(1, 1, 1), print_number=str).bars
    assert right_edge(first) > right_edge(second) > right_edge(third)
    assert right_edge(first) <= PLOT
    assert float(third.x.rstrip("%")) >= 0


def test_bars_are_as_high_as_their_value() -> None:
    half, whole = bar_chart(columns(5, 10), print_number=str).bars
    assert (float(whole.y), float(whole.height)) == (TOP, BOTTOM - TOP)
    assert float(half.height) * 2 == float(whole.height)
    assert float(half.y) + float(half.height) == BOTTOM


def test_nothing_is_drawn_for_nothing() -> None:
    chart = bar_chart(columns(0, None, 0), print_number=str)
    assert chart.bars == []
    assert [line.text for line in chart.lines] == ["0", "1"]
    assert bar_chart([], print_number=str).bars == []


def test_lines_stand_at_zero_half_and_top() -> None:
    chart = bar_chart(columns(7), print_number=lambda number: f"<{number}>")
    assert [(line.text, float(line.y)) for line in chart.lines] == [
        ("<0>", BOTTOM),
        ("<4>", (BOTTOM + TOP) / 2),
        ("<8>", TOP),
    ]


def test_what_was_earlier_is_wider_and_counts_for_the_height() -> None:
    chart = bar_chart([Column("٩:٠٠", 10, earlier=20), Column("١٠:٠٠", None, earlier=4)], print_number=str)
    assert len(chart.bars) == 1
    assert len(chart.earlier) == 2
    assert float(chart.earlier[0].y) == TOP
    assert float(chart.earlier[0].width.rstrip("%")) > float(chart.bars[0].width.rstrip("%"))


def test_ticks_stand_below_the_middle_of_their_column() -> None:
    chart = bar_chart([Column("أ", 1, "٦:٠٠"), Column("ب", 1)], print_number=str)
    assert [(tick.x, tick.text) for tick in chart.ticks] == [("67.50%", "٦:٠٠")]


def test_lengths_have_the_point_that_svg_wants() -> None:
    chart = bar_chart(columns(1, 2, 3), print_number=str)
    assert all("," not in text for bar in chart.bars for text in (bar.x, bar.y, bar.width, bar.height))


@pytest.mark.parametrize(("digits", "text"), [("arab", "١٬٢٣٤٬٥٦٧"), ("latn", "1,234,567")])
def test_thousands_are_apart_by_the_sign_of_the_digits(digits: str, text: str) -> None:
    assert format_number(1_234_567, PrintStyle(digits=digits)) == text
