"""Runs of several rounds made into lines beside their targets."""

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.pages.cells import Cell, Run


@dataclass(frozen=True)
class Line:
    """A figure; `most` and `least` are what it must keep to. `more` is for the file."""

    name: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None
    beside: str = ""
    more: Any = None

    @property
    def is_missed(self) -> bool:
        return (self.most is not None and self.value > self.most) or (
            self.least is not None and self.value < self.least
        )

    def __str__(self) -> str:
        target = f"≤ {self.most:g}" if self.most is not None else f"≥ {self.least:g}" if self.least is not None else ""
        mark = "MISSED" if self.is_missed else ""
        return f"{self.name:<34}{self.value:>9.2f} {self.unit:<8}{target:>8}  {mark:<7}{self.beside}".rstrip()


def medians(runs: Sequence[Run]) -> Run:
    """Of each value its own."""
    columns = zip(*(asdict(run).values() for run in runs), strict=True)
    return Run(*(statistics.median(column) for column in columns))  # type: ignore[arg-type]


def multiples(runs: Sequence[Run], bare: Sequence[Run]) -> list[float]:
    """Of each round: how many times the bare function of the same round."""
    return [run.cpu / other.cpu for run, other in zip(runs, bare, strict=True)]


def lines(cell: Cell, runs: Sequence[Run], bare: Sequence[Run]) -> list[Line]:
    times = multiples(runs, bare)
    share = statistics.median(run.rate / other.rate for run, other in zip(runs, bare, strict=True))
    middle = medians(runs)
    beside = (
        f"{min(times):.2f}-{max(times):.2f}  {middle.application:.2f} + {middle.database:.2f} ms  {middle.rate:,.0f}/s "
        f"({share:.0%})  p50 {middle.p50:.1f} p99 {middle.p99:.1f} ms  {middle.kilobytes:.0f} KiB"
    )
    more = {"runs": [asdict(run) for run in runs], "bare": [asdict(run) for run in bare]}
    made = [Line(cell.name, statistics.median(times), "x bare", most=cell.most, beside=beside, more=more)]
    if cell.least_rate is not None:
        made.append(Line(f"{cell.name}, rate", share, "of bare", least=cell.least_rate))
    if cell.queries is not None:
        made.append(Line(f"{cell.name}, queries", cell.queries, "", most=cell.most_queries))
    if faults := sum(run.faults for run in runs):
        made.append(Line(f"{cell.name}, faults", faults, "", most=0))
    return made


def growth(name: str, small: Sequence[Run], large: Sequence[Run]) -> Line:
    times = [one.cpu / other.cpu for one, other in zip(large, small, strict=True)]
    beside = f"{min(times):.2f}-{max(times):.2f}  {medians(small).cpu:.2f} to {medians(large).cpu:.2f} ms"
    return Line(f"growth: {name}", statistics.median(times), "times", most=1.3, beside=beside)


def write(path: Path, lines: Iterable[Line]) -> None:
    told = [asdict(line) | {"missed": line.is_missed} for line in lines]
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
