"""Processes of this machine, as /proc shows them, and those that we have started.

We write down a process with the moment of its start: a number alone may be given to another one later. It leads a
session, by which those are found that took its place (a new master of gunicorn, after SIGUSR2) or outlived it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

LAUNCHER = Path(__file__).with_name("launch.py")
GONE = {"Z", "X"}  # ended; its parent has not looked yet


@dataclass(frozen=True)
class Process:
    pid: int
    parent: int
    session: int
    started: int  # ticks since the machine began


def process(pid: int) -> Process | None:
    """None when there is none, or when it has ended and nobody has looked."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # After the name, which is in brackets and may hold anything: man 5 proc.
    fields = text.rpartition(")")[2].split()
    if fields[0] in GONE:
        return None
    return Process(pid=pid, parent=int(fields[1]), session=int(fields[3]), started=int(fields[19]))


def everyone() -> list[Process]:
    found = [process(int(name)) for name in os.listdir("/proc") if name.isdigit()]
    return [one for one in found if one]


@dataclass(frozen=True)
class Started:
    """What is written down of a process."""

    pid: int
    started: int

    def family(self) -> list[Process]:
        """It, all of its session and all their children (PostgreSQL's lead sessions themselves); elder ones first."""
        leader = process(self.pid)
        if leader and leader.started != self.started:
            return []  # the number is somebody else's by now
        found: set[int] = set()
        family: list[Process] = []
        # Parents are not always older by number: once more until nobody is added.
        all_of_them, before = everyone(), -1
        while before != len(family):
            before = len(family)
            new = [one for one in all_of_them if one.pid not in found and self._is_ours(one, found)]
            family += new
            found |= {one.pid for one in new}
        return sorted(family, key=lambda one: (one.started, one.pid))

    def _is_ours(self, one: Process, found: set[int]) -> bool:
        return one.session == self.pid or one.parent in found

    def heads(self) -> list[int]:
        """Those whose parent is none of them: the process itself, or whoever took its place."""
        family = self.family()
        pids = {one.pid for one in family}
        return [one.pid for one in family if one.parent not in pids]


def launch(
    command: Sequence[str], *, log: Path, variables: Mapping[str, str], account: Mapping[str, Any], folder: Path
) -> Started:
    """Start it away from us. What it says goes to `log`, also when it could not be started."""
    somebody = {name: account[name] for name in ("user", "group") if account}
    answer = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-I", "-S", str(LAUNCHER)],
        input=json.dumps({"command": list(command), "log": str(log), **somebody}),
        env=dict(variables),
        cwd=folder,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    pid = int(answer.stdout)
    found = process(pid)
    return Started(pid, found.started if found else 0)


def write_down(started: Started, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(started)), encoding="utf-8")


def look_up(path: Path) -> Started | None:
    try:
        return Started(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def tell(pids: Sequence[int], number: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
