"""A clock that ticks when something changes: how all processes of a machine know what is out of date.

It lies in a file that each of them maps into its memory. Reading costs as much as reading a list; writing waits for a
lock, which is rare. A scope, such as "section:3", is a name of what may change; scopes that share a slot are out of
date together, which costs a page that would have held and is never wrong.
"""

import fcntl
import mmap
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from zlib import crc32

from django.conf import settings

SLOTS = 2**16
EVERYTHING = 1  # a slot that each page depends on
_NOW = 0  # not a slot: the newest number of all
_FIRST = 2
_NUMBER = 8  # bytes; written in one piece
_RECALLS = SLOTS  # the second half: when a slot was last recalled
_BUMPED_AT = _RECALLS + _NOW  # not a slot either: when anything was last bumped, ms of the monotonic clock
ALL = "*"  # stands for every scope where bump_everything is told to others

# Called with the names of scopes after each bump: first of all what tells other machines (pages.neighbours) ...
tellers: list[Callable[..., None]] = []
# ... which must know it before a proxy asks them for the page (articles.refreshing).
listeners: list[Callable[..., None]] = []


class Generations:
    """The numbers of all scopes, in the file at `path`, which is made when it is not there."""

    # The lock of a file holds off other processes, not what else this one has opened of it.
    _lock = threading.Lock()

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        size = 2 * SLOTS * _NUMBER
        # With its room on the disk: writing into a hole of a mapped file ends the process when the disk is full.
        os.posix_fallocate(self._file, 0, size)
        self._numbers = memoryview(mmap.mmap(self._file, size)).cast("Q")
        # The clock begins anew with the machine, the file stays.
        if self._numbers[_BUMPED_AT] > _milliseconds():
            self._numbers[_BUMPED_AT] = _milliseconds()

    def now(self) -> int:
        return self._numbers[_NOW]

    def newest(self, slots: Iterable[int]) -> int:
        """When the last of these changed."""
        return max(map(self._numbers.__getitem__, slots))

    def newest_recall(self, slots: Iterable[int]) -> int:
        return max(self._numbers[_RECALLS + slot] for slot in slots)

    def is_settled(self, seconds: float) -> bool:
        """Whether nothing at all was bumped for so long."""
        return _milliseconds() - self._numbers[_BUMPED_AT] > seconds * 1000

    def bump(self, slots: Iterable[int], *, recall: bool = False) -> None:
        """Whatever depends on these is out of date; with `recall` it must not be shown a moment longer."""
        with self._alone():
            self._numbers[_BUMPED_AT] = _milliseconds()
            number = self._numbers[_NOW] + 1
            # First: who begins to make a page now has not seen the change for certain, and must not be believed.
            for slot in slots:
                self._numbers[slot] = number
                if recall:
                    self._numbers[_RECALLS + slot] = number
            self._numbers[_NOW] = number

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)


@cache
def generations() -> Generations:
    """Those of this site; a process opens them when it first needs them."""
    return Generations(Path(settings.DATA_DIR, "generations"))


def slot_of(scope: str) -> int:
    """The same in every process."""
    return _FIRST + crc32(scope.encode()) % (SLOTS - _FIRST)


def bump(*scopes: str, recall: bool = False, is_local: bool = False) -> None:
    """Say that these have changed. After the transaction: a page made in between would show what was before.

    `is_local`: other machines find it out by themselves, as by their clocks.
    """
    bump_here(scopes, recall=recall)
    for told in listeners if is_local else [*tellers, *listeners]:
        told(scopes, is_recall=recall)


def bump_here(scopes: Iterable[str], *, recall: bool = False) -> None:
    """For what another machine has told: nobody else need be."""
    slots = [EVERYTHING if scope == ALL else slot_of(scope) for scope in scopes]
    generations().bump(slots, recall=recall)


def bump_everything(*, recall: bool = False, is_local: bool = False) -> None:
    bump_here([ALL], recall=recall)
    for told in () if is_local else tellers:
        told((ALL,), is_recall=recall)


def _milliseconds() -> int:
    return time.monotonic_ns() // 1_000_000
