"""A run of a sender and what it leaves on the disk of its machine: settings.SENDERS_FOLDER/<run id>/.

The folder holds `lock`, on which the living hold a lock that the kernel ends with them, and `journal`. In `lock` stands
until when the run may send, by a clock that nobody sets and that goes on while a process is stopped.
"""

import fcntl
import os
import shutil
import struct
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from newsletter.sending.journal import Entry, Journal, last_words

# A sender stops so long before others may take over what it holds.
MARGIN = 5  # seconds
_HIDDEN = ".new-"
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_LEASE = struct.Struct("<36sd")
# Where the system has one, the clock that also counts while the machine sleeps.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def ticks() -> float:
    """Seconds on a clock that is the same for all processes of this machine, until it starts anew."""
    return time.clock_gettime(_CLOCK)


def boot_id() -> str:
    with suppress(OSError):
        return _BOOT_ID.read_text(encoding="ascii").strip()[:36]
    return ""


class Run:
    """The run of this sender."""

    def __init__(self) -> None:
        self.id = uuid.uuid4().hex
        self.fence = 0.0
        self._is_left = False
        self._folder = _root() / self.id
        hidden = _root() / f"{_HIDDEN}{self.id}"
        hidden.mkdir(parents=True, mode=0o700)
        self._lock = os.open(hidden / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.hold_until(0.0)
        self.journal = Journal(hidden / "journal")
        # Only now can others see it: a folder whose lock is free is that of a dead run.
        hidden.rename(self._folder)

    def hold_until(self, moment: float) -> None:
        """`moment` on the clock of ticks(): the end of the lease of what this run holds."""
        os.pwrite(self._lock, _LEASE.pack(boot_id().encode(), moment), 0)
        self.fence = moment - MARGIN

    def may_send(self) -> bool:
        return ticks() < self.fence

    def end(self) -> None:
        """Everything it held is settled in the database."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self.abandon()

    def abandon(self) -> None:
        """Leave the folder, if it is still there, to whoever finds it. No thread may be sending any more."""
        if not self._is_left:
            self._is_left = True
            self.journal.close()
            os.close(self._lock)


class Remains(NamedTuple):
    """What a run left behind. `knows_all`: its machine has not started anew since, so no record is missing."""

    run_id: str
    words: dict[tuple[int, int], Entry]
    knows_all: bool


def folders() -> list[str]:
    """The ids of the runs that left a folder here, living or dead."""
    with suppress(FileNotFoundError):
        return sorted(entry.name for entry in _root().iterdir() if entry.is_dir() and not entry.name.startswith("."))
    return []


@contextmanager
def taken_over(run_id: str) -> Iterator[Remains | None]:
    """The remains of a dead run, for one process at a time; None when it lives or is gone.

    Once what is in it is settled its folder is removed. An error leaves it to the next who looks.
    """
    folder = _root() / run_id
    try:
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        yield None
        return
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield remains(run_id)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)


def remains(run_id: str) -> Remains:
    """What the journal of a run says, of a living one too."""
    folder = _root() / run_id
    try:
        content = (folder / "journal").read_bytes()
    except FileNotFoundError:
        return Remains(run_id, {}, knows_all=True)  # somebody else has just settled it
    boot, _moment = _lease(run_id)
    return Remains(run_id, last_words(content), knows_all=boot == boot_id())


def is_here(run_id: str) -> bool:
    return (_root() / run_id).is_dir()


def is_past_its_lease(run_id: str) -> bool:
    """Whether a run of this machine may not send any more, whatever the clock on the wall says."""
    boot, moment = _lease(run_id)
    return boot != boot_id() or moment < ticks()


def forget_unborn(*, older_than: float = 3600) -> None:
    """Folders of runs that died before anybody could see them."""
    with suppress(FileNotFoundError):
        for folder in _root().glob(f"{_HIDDEN}*"):
            if folder.stat().st_mtime < time.time() - older_than:
                shutil.rmtree(folder, ignore_errors=True)


def _lease(run_id: str) -> tuple[str, float]:
    try:
        boot, moment = _LEASE.unpack((_root() / run_id / "lock").read_bytes()[: _LEASE.size])
    except (FileNotFoundError, struct.error):
        return "", 0.0
    return boot.rstrip(b"\x00").decode(), moment


def _root() -> Path:
    return Path(settings.SENDERS_FOLDER)
