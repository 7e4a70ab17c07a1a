"""The parent of the workers and the clock: a process that does nothing but start them again and end them.

It opens no connection and no thread, so that its children may be forks of it.
"""

import logging
import multiprocessing
import os
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess

from newsroom.lib.connections import end_connections
from tasks import stopping

logger = logging.getLogger(__name__)

LOOK_AROUND = 1  # seconds
# What cannot begin is tried again after 1, 2, 4 ... seconds; what worked for longer than that, without delay.
LONGEST_PAUSE = 30  # seconds
# What somebody kills begins again after that, however often it happens.
SHORT_PAUSE = 1  # seconds
LAST_MOMENT = stopping.GRACE + 1.5  # seconds after which nobody is asked any more


class Child:
    def __init__(self, name: str, job: Callable[[], None]) -> None:
        self.name, self.job = name, job
        self.process: ForkProcess | None = None
        self.started = self.pause = 0.0

    def is_alive(self) -> bool:
        return self.process is not None and self.process.is_alive()

    def keep_alive(self) -> None:
        if self.is_alive():
            return
        if self.process:
            self._bury(self.process)
        if time.monotonic() >= self.started + self.pause:
            end_connections()
            self.started = time.monotonic()
            self.process = multiprocessing.get_context("fork").Process(target=self.job, name=self.name)
            self.process.start()

    def _bury(self, process: ForkProcess) -> None:
        was_killed = (process.exitcode or 0) < 0
        lived = time.monotonic() - self.started
        if lived > LONGEST_PAUSE:
            self.pause = 0
        else:
            self.pause = SHORT_PAUSE if was_killed else min(max(SHORT_PAUSE, self.pause * 2), LONGEST_PAUSE)
        logger.error("%s ended with %s and is started again", self.name, process.exitcode)
        process.close()
        self.process = None


def run_forever(jobs: dict[str, Callable[[], None]], *, parent: int) -> None:
    """Keep every job running in a process of its own until a signal comes or `parent` is not our parent any more."""
    stopping.listen()
    children = [Child(name, job) for name, job in jobs.items()]
    while not stopping.is_asked() and os.getppid() == parent:
        for child in children:
            child.keep_alive()
        wait([child.process.sentinel for child in children if child.process], timeout=LOOK_AROUND)
    _end(children)


def _end(children: list[Child]) -> None:
    """Within ten seconds: whoever is not done by then hands back what he has, or is killed."""
    processes = [child.process for child in children if child.process]
    for process in processes:
        process.terminate()
    end = time.monotonic() + LAST_MOMENT
    for process in processes:
        process.join(max(0, end - time.monotonic()))
    for process in processes:
        process.kill()
        process.join()
