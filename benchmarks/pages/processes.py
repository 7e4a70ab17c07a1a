"""What processes have used, from /proc: time of the processor and memory of a process with all that it has started."""

import os
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


class Process(NamedTuple):
    parent: int
    seconds: float  # of its own and of those of its children that have ended


def processes(proc: Path = PROC) -> dict[int, Process]:
    found = {}
    for folder in proc.iterdir():
        if folder.name.isdigit():
            try:
                found[int(folder.name)] = read_stat((folder / "stat").read_text())
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended meanwhile
    return found


def read_stat(line: str) -> Process:
    """proc(5): the name, in parentheses, may hold both; then user and system time, own and of ended children."""
    fields = line.rpartition(")")[2].split()
    return Process(int(fields[1]), sum(map(int, fields[11:15])) / TICKS)


def tree(root: int, found: dict[int, Process]) -> set[int]:
    """The process and everything below it."""
    children: dict[int, list[int]] = defaultdict(list)
    for pid, process in found.items():
        children[process.parent].append(pid)
    pids, waiting = set(), [root]
    while waiting:
        pid = waiting.pop()
        if pid in found and pid not in pids:
            pids.add(pid)
            waiting += children[pid]
    return pids


def cpu_seconds(*roots: int, found: dict[int, Process] | None = None) -> float:
    found = processes() if found is None else found
    return sum(found[pid].seconds for root in roots for pid in tree(root, found))


def proportional_memory(root: int) -> float:
    """MB of the tree; what several processes share counts once."""
    return sum(_pss(pid) for pid in tree(root, processes())) / 1024


def _pss(pid: int) -> int:
    lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def parent_of(pid: int) -> int:
    return processes()[pid].parent
