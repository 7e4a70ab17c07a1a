"""What a process counts while it works: plain numbers in its memory, written to a file now and then.

The files of all processes of this machine are added up by whoever wants to know (newsroom.operating). So no process
waits for another, none needs a library or shared memory, and what a dead one had counted stays counted.
"""

import atexit
import fcntl
import json
import os
import secrets
import socket
import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings

# Upper bounds of the times that are counted together, in seconds; what took longer stands after the last.
BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
# Seconds between two files of a process; and after which one that wrote nothing has ended.
EVERY, ENDED = 5.0, 600.0
# What was counted by those that have ended.
PAST = "past"
# A name that grows without end is a mistake, and must not take the memory.
MOST_SERIES = 3000

Labels = tuple[tuple[str, str], ...]
Key = tuple[str, Labels]


class Readings:
    """Numbers by (name, labels): `counts`, which only grow, and `times` as [how many up to each bound ..., seconds]."""

    def __init__(self) -> None:
        self.counts: dict[Key, float] = {}
        self.times: dict[Key, list[float]] = {}

    def add(self, key: Key, amount: float) -> None:
        if key in self.counts or len(self.counts) < MOST_SERIES:
            self.counts[key] = self.counts.get(key, 0) + amount

    def time(self, key: Key, seconds: float) -> None:
        if key not in self.times and len(self.times) < MOST_SERIES:
            self.times[key] = [0] * (len(BOUNDS) + 1) + [0.0]
        if row := self.times.get(key):
            row[bisect_left(BOUNDS, seconds)] += 1
            row[-1] += seconds

    def take(self, other: "Readings") -> None:
        for key, amount in other.counts.items():
            self.add(key, amount)
        for key, row in other.times.items():
            mine = self.times.get(key)
            self.times[key] = [a + b for a, b in zip(mine, row, strict=True)] if mine else list(row)

    def since(self, former: "Readings") -> "Readings":
        """What was counted after `former`; all of it where that is not a beginning of this (files were lost)."""
        new = Readings()
        for key, amount in self.counts.items():
            before = former.counts.get(key, 0)
            new.counts[key] = amount - before if amount >= before else amount
        for key, row in self.times.items():
            old = former.times.get(key)
            grew = old and all(a >= b for a, b in zip(row, old, strict=True))
            new.times[key] = [a - b for a, b in zip(row, old, strict=True)] if old and grew else list(row)
        return new

    def as_json(self) -> dict[str, Any]:
        return {
            "counts": [[name, labels, amount] for (name, labels), amount in self.counts.items()],
            "times": [[name, labels, row] for (name, labels), row in self.times.items()],
        }


def sum_of(readings: Readings, name: str, **labels: str) -> int:
    """Of the series of that name which have these labels."""
    asked = set(labels.items())
    found = (amount for (each, told), amount in readings.counts.items() if each == name and asked <= set(told))
    return int(sum(found))


def read_json(told: dict[str, Any]) -> Readings:
    readings = Readings()
    readings.counts = {_key(name, labels): amount for name, labels, amount in told["counts"]}
    rows = ((_key(name, labels), row) for name, labels, row in told["times"])
    readings.times = {key: row for key, row in rows if len(row) == len(BOUNDS) + 2}
    return readings


class _Own:
    """What this process has counted. A child of it begins anew: what was counted before is in its parent's file."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.lock, self.writing = threading.Lock(), threading.Lock()
        self.readings = Readings()
        self.name = ""
        self.written_at = time.monotonic()
        # What was written last, and what of it is put together with that of the dead.
        self.written, self.given_up = Readings(), Readings()
        self.thread: threading.Thread | None = None


_own = _Own()
_collectors: list[Callable[[], Iterable[tuple[str, dict[str, str], float]]]] = []
os.register_at_fork(after_in_child=_own.begin)


def add(name: str, amount: float = 1, **labels: str) -> None:
    with _own.lock:
        _own.readings.add((name, tuple(sorted(labels.items()))), amount)


def took(name: str, seconds: float, **labels: str) -> None:
    with _own.lock:
        _own.readings.time((name, tuple(sorted(labels.items()))), seconds)


def collect_from(collector: Callable[[], Iterable[tuple[str, dict[str, str], float]]]) -> None:
    """`collector` is asked for (name, labels, total of this process) when the numbers are written, not before."""
    if collector not in _collectors:
        _collectors.append(collector)


def own() -> Readings:
    """A copy of what this process has counted."""
    copy = Readings()
    with _own.lock:
        copy.take(_own.readings)
    for collector in _collectors:
        for name, labels, total in collector():
            copy.counts[name, tuple(sorted(labels.items()))] = total
    return copy


def folder() -> Path:
    return Path(settings.METERS_FOLDER)


def name_of_machine() -> str:
    """Of the folder that the counts lie in, made once: a container that is made anew has another host, and goes on.

    At most 30 characters. The name of the host alone where nothing can be written.
    """
    host, path = socket.gethostname()[:21], folder() / "machine"
    with suppress(OSError):
        if not path.exists():
            folder().mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f"machine.{secrets.token_hex(4)}.new")
            draft.write_text(f"{host}-{secrets.token_hex(4)}", encoding="utf-8")
            with suppress(FileExistsError):  # another process was faster
                path.hardlink_to(draft)
            draft.unlink()
        return path.read_text(encoding="utf-8")[:30]
    return host


def start() -> None:
    """Write all the time from now on, in a thread of its own; once in a process, after it was forked."""
    if _own.thread is None:
        _own.thread = threading.Thread(target=_write_forever, name="meters", daemon=True)
        _own.thread.start()
        atexit.register(write)


def write_now_and_then() -> None:
    """For processes that did not `start`, by what is called often: writes when the last time is long enough ago."""
    if time.monotonic() - _own.written_at >= 2 * EVERY:
        write()


def write() -> None:
    """What cannot be written (a full disk, files that are being put together) is written the next time."""
    with _own.lock:
        _own.written_at = time.monotonic()
    with _own.writing, suppress(OSError), _locked(fcntl.LOCK_SH | fcntl.LOCK_NB):
        if not (_own.name and _file_of(_own.name).exists()):  # the first time, or taken for dead after a long sleep
            _own.given_up = _own.written
            _own.name = f"{socket.gethostname()[:32]}-{os.getpid()}-{secrets.token_hex(4)}"
        now = own()
        _replace(_file_of(_own.name), now.since(_own.given_up).as_json())
        _own.written = now


def _write_forever() -> None:
    while True:
        time.sleep(EVERY)
        write()


def all_readings() -> Readings:
    """Of all processes of this machine, living and dead."""
    with ExitStack() as stack:
        with suppress(OSError):  # where nobody may write, nobody puts files together meanwhile
            stack.enter_context(_locked(fcntl.LOCK_SH))
        taken = _taken()
        return _sum(path for path in sorted(folder().glob("*.json")) if path.stem not in taken)


def put_together() -> None:
    """Add the files of processes that have ended to one, so that they do not become many.

    That one names those which it has taken in: whoever dies before they are removed leaves nothing counted twice.
    """
    with suppress(OSError), _locked(fcntl.LOCK_EX | fcntl.LOCK_NB):
        taken = {path for path in map(_file_of, _taken()) if path.exists()}
        dead = [path for path in folder().glob("*.json") if path.stem != PAST and _has_ended(path)]
        if new := [path for path in dead if path not in taken]:
            total = _sum([_file_of(PAST), *new])
            names = sorted(path.stem for path in {*taken, *new})
            _replace(_file_of(PAST), {**total.as_json(), "taken": names})
        for path in {*taken, *new}:
            path.unlink()


def _sum(paths: Iterable[Path]) -> Readings:
    total = Readings()
    for path in paths:
        with suppress(OSError, ValueError, KeyError, TypeError):
            total.take(read_json(json.loads(path.read_text(encoding="utf-8"))))
    return total


def _taken() -> list[str]:
    """Names of files that are counted in that of the dead; no process gets such a name again."""
    with suppress(OSError, ValueError, AttributeError):
        names: list[str] = json.loads(_file_of(PAST).read_text(encoding="utf-8")).get("taken", [])
        return names
    return []


def _file_of(name: str) -> Path:
    return folder() / f"{name}.json"


def _has_ended(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > ENDED


@contextmanager
def _locked(how: int) -> Iterator[None]:
    """As flock(2): many may read and write files of their own, one alone may put them together.

    Raises OSError, with LOCK_NB also when another has it (BlockingIOError).
    """
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / "lock").open("w") as file:
        fcntl.flock(file, how)
        yield


def _replace(path: Path, told: dict[str, Any]) -> None:
    """Never half of a file: it is read while it is written."""
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.write_text(json.dumps(told, separators=(",", ":")), encoding="utf-8")
    fresh.replace(path)


def _key(name: str, labels: Iterable[Iterable[str]]) -> Key:
    return name, tuple((label, value) for label, value in labels)
