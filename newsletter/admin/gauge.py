"""The geometry of the complaint gauge: one bar for each provider, from right to left, against two limits."""

from dataclasses import dataclass

from newsletter.reputation import COMPLAINTS_STOP, COMPLAINTS_WARN, Rate, Reputation

# The whole width; above it a bar only says that it is off the scale.
WIDEST = 0.005
# Per cent of the width, and px.
_PLOT = 100.0
_ROW, _BAR, _TOP = 32, 12, 36
MOST_BARS = 8


@dataclass(frozen=True)
class Bar:
    rate: Rate
    x: str
    y: int
    width: str
    height: int = _BAR


@dataclass(frozen=True)
class Mark:
    limit: float  # of 1
    x: str
    level: str


@dataclass(frozen=True)
class Gauge:
    """Lengths are texts: a template would print a number with the comma of the language."""

    bars: list[Bar]
    marks: list[Mark]
    height: int


def complaint_gauge(found: Reputation) -> Gauge:
    """All mail first, then the providers."""
    rates = [found.total, *found.providers[:MOST_BARS]]
    bars = []
    for number, rate in enumerate(rates):
        width = min(rate.complaint_rate / WIDEST, 1) * _PLOT
        bars.append(Bar(rate, f"{_PLOT - width:.2f}%", _TOP + number * _ROW, f"{width:.2f}%"))
    marks = [
        Mark(limit, f"{_PLOT - limit / WIDEST * _PLOT:.2f}%", level)
        for limit, level in ((COMPLAINTS_WARN, "warn"), (COMPLAINTS_STOP, "bad"))
    ]
    return Gauge(bars, marks, _TOP + len(rates) * _ROW)
