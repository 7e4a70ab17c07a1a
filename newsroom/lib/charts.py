"""The geometry of a bar chart in SVG that answers to its width: sideways per cent, upwards px. Nothing is drawn here.

Time runs as the script does, from right to left: the first column stands at the right. Lengths are texts, because a
template would print a number with the comma of the language.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import NamedTuple

HEIGHT = 200  # px, with the words below
TOP, BOTTOM = 16, 176  # px: the highest value, zero
# The part of the width that the bars take; the rest, at the right, is for the numbers of the lines.
PLOT = 90.0
_GAP = 0.25  # of a column
_STEPS = (1, 2, 4, 6, 8, 10)


@dataclass(frozen=True)
class Column:
    """What happened in one stretch of time. `value` None: not over, or never counted; `earlier` is to compare with."""

    label: str
    value: int | None
    tick: str = ""  # a word below it
    earlier: int | None = None


@dataclass(frozen=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
    label: str


@dataclass(frozen=True)
class Line:
    y: str
    text: str


@dataclass(frozen=True)
class Tick:
    x: str
    text: str


@dataclass(frozen=True)
class BarChart:
    bars: list[Bar]
    earlier: list[Bar]  # wider, behind the bars
    lines: list[Line]  # zero first
    ticks: list[Tick]

    height = HEIGHT
    bottom = BOTTOM
    right = f"{PLOT}%"
    words_at = "99.5%"
    below = BOTTOM + 18  # px: where the words of the ticks stand


def bar_chart(columns: Sequence[Column], *, print_number: Callable[[int], str]) -> BarChart:
    """Lay the columns out. Lines stand at zero, at a round number that nothing is above, and half-way to it."""
    highest = max((value for column in columns for value in (column.value, column.earlier) if value), default=0)
    top = round_top(highest)
    marks = (0, top // 2, top) if top % 2 == 0 else (0, top)
    wide = PLOT / max(len(columns), 1)
    bars, earlier, ticks = [], [], []
    for number, column in enumerate(columns):
        start = PLOT - (number + 1) * wide
        if column.earlier:
            earlier.append(_bar(column, column.earlier, top, start + wide * 0.05, wide * 0.9))
        if column.value:
            gap = wide * (_GAP if column.earlier is None else 0.3)
            bars.append(_bar(column, column.value, top, start + gap / 2, wide - gap))
        if column.tick:
            ticks.append(Tick(f"{start + wide / 2:.2f}%", column.tick))
    return BarChart(bars, earlier, [Line(f"{_y(mark, top):.1f}", print_number(mark)) for mark in marks], ticks)


class TableRow(NamedTuple):
    """`url` where the label leads, `is_foreign` where both are an address of another site."""

    label: str
    numbers: list[str]
    url: str = ""
    is_foreign: bool = False


@dataclass(frozen=True)
class TabledChart:
    """A drawing, a sentence that says it, and a table of its numbers.

    `name` is that of the element; `bars` and `behind` say what the filled and the hollow columns are, "" for none;
    `names` what stands behind the numbers below the columns, where those are no words themselves.
    """

    name: str
    title: str
    says: str
    drawing: BarChart
    bars: str
    heads: list[str]
    rows: list[TableRow]
    behind: str = ""
    names: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.drawing.bars or self.drawing.earlier)


def round_top(highest: int) -> int:
    """The least of 1, 2, 4, 6, 8 and 10 times a power of ten that is not below `highest`."""
    if highest <= 1:
        return 1
    power: int = 10 ** floor(log10(highest))
    return next(step * power for step in _STEPS if step * power >= highest)


def _bar(column: Column, value: int, top: int, x: float, width: float) -> Bar:
    y = _y(value, top)
    return Bar(f"{x:.2f}%", f"{y:.1f}", f"{width:.2f}%", f"{BOTTOM - y:.1f}", column.label)


def _y(value: int, top: int) -> float:
    return BOTTOM - (BOTTOM - TOP) * value / top
