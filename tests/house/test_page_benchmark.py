"""The arithmetic of `make bench`; what it measures is no test."""

import json
from pathlib import Path

import pytest

from benchmarks.pages.cells import Cell, Run
from benchmarks.pages.processes import Process, cpu_seconds, processes, read_stat, tree
from benchmarks.pages.results import Line, growth, lines, medians, multiples, write
from benchmarks.pages.servers import Server
from benchmarks.pages.wrk import read

STAT = "4242 (a (strange) name) S 17 4242 4242 0 -1 4194560 900 800 0 0 150 50 30 20 20 0 1 0 12345"
OUTPUT = """Running 3s test @ http://127.0.0.1:8000/
  15000 requests in 3.00s, 600MB read
{"requests": 15000, "seconds": 3.0, "bytes": 1024, "p50": 2.5, "p99": 9.75, "broken": 0, "refused": 1}
"""


def run(cpu: float, rate: float = 100, faults: int = 0) -> Run:
    return Run(cpu * 0.75, cpu * 0.25, rate, 1, 2, 40, 300, faults)


def test_what_wrk_says_is_read() -> None:
    seen = read(OUTPUT)
    assert (seen.rate, seen.p50, seen.p99, seen.refused) == (5000, 2.5, 9.75, 1)


def test_time_of_a_process_is_its_own_and_that_of_its_ended_children() -> None:
    assert read_stat(STAT) == Process(parent=17, seconds=2.5)


def test_tree_is_the_process_and_everything_below_it() -> None:
    found = {pid: Process(parent, 1.0) for pid, parent in ((1, 0), (10, 1), (11, 10), (12, 11), (20, 1))}
    assert tree(10, found) == {10, 11, 12}
    assert cpu_seconds(10, 20, found=found) == 4.0


def test_processes_that_end_meanwhile_are_passed_over(tmp_path: Path) -> None:
    for name in ("4242", "4243", "self"):
        (tmp_path / name).mkdir()
    (tmp_path / "4242" / "stat").write_text(STAT)
    assert list(processes(tmp_path)) == [4242]


def test_medians_are_of_each_value_and_multiples_of_each_round() -> None:
    rounds = [run(1.0, 300), run(3.0, 100), run(2.0, 200)]
    assert medians(rounds).cpu == 2.0
    assert medians(rounds).rate == 200
    assert multiples(rounds, [run(0.5), run(1.0), run(2.0)]) == [2.0, 3.0, 1.0]


@pytest.mark.parametrize(
    ("line", "missed"),
    [
        (Line("a", 30, "x", most=30), False),
        (Line("a", 30.1, "x", most=30), True),
        (Line("a", 0.79, "", least=0.8), True),
        (Line("a", 99, ""), False),
    ],
)
def test_a_target_is_missed_beyond_it(line: Line, missed: bool) -> None:
    assert line.is_missed is missed
    assert ("MISSED" in str(line)) is missed


def test_lines_of_a_cell_tell_multiple_rate_queries_and_faults() -> None:
    cell = Cell("page", Server(1, 1), ["/"], most=2, least_rate=0.8, queries=7, most_queries=6)
    made = lines(cell, [run(1.5, 90, faults=2)], [run(0.5, 100)])
    assert [(line.value, line.is_missed) for line in made] == [(3.0, True), (0.9, False), (7, True), (2, True)]


def test_growth_is_told_round_by_round() -> None:
    line = growth("tag", [run(1.0), run(2.0), run(4.0)], [run(1.2), run(2.0), run(6.0)])
    assert (line.value, line.is_missed) == (1.2, False)


def test_file_says_what_was_missed(tmp_path: Path) -> None:
    write(tmp_path / "bench.json", [Line("start", 3.0, "s", most=2.5)])
    told = json.loads((tmp_path / "bench.json").read_text())
    assert [(line["name"], line["value"], line["missed"]) for line in told] == [("start", 3.0, True)]
