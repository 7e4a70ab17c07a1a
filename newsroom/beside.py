"""The process beside the web server that runs the tasks and the clock (newsroom.working): `manage.py worker`."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

MANAGE = Path(__file__).resolve().parent.parent / "manage.py"
# What dies soon after its start is started again after 1, 2, 4 ... seconds.
LONGEST_PAUSE = 30  # seconds


class Beside:
    """Watches its parent and ends with it, whatever ended that; `keep` starts it again when it died alone."""

    def __init__(self, *arguments: str) -> None:
        self.arguments = arguments
        self.process: subprocess.Popen[bytes] | None = None
        self.started = self.pause = 0.0

    def keep(self) -> None:
        if self.process and self.process.poll() is None:
            return
        now = time.monotonic()
        if self.process:
            lived = now - self.started
            self.pause = 0 if lived > LONGEST_PAUSE else min(max(1, self.pause * 2), LONGEST_PAUSE)
            self.process = None
        if now >= self.started + self.pause:
            command = [sys.executable, str(MANAGE), *self.arguments, f"--parent={os.getpid()}"]
            self.started, self.process = now, subprocess.Popen(command)  # noqa: S603 - our own command

    def end(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait()

    def kept_with(self, every_second: Callable[[], None]) -> Callable[[], None]:
        """For a caller that is called every second anyway."""

        def call() -> None:
            every_second()
            self.keep()

        return call


def arguments() -> list[str]:
    """WORKER=0 and TICK=0 where another machine runs the tasks, or the clock.

    Where both are 0 nothing is started, but what tells the figures of this machine where METRICS_BIND says so.
    """
    runs_tasks = os.environ.get("WORKER", "1") != "0"
    runs_clock = os.environ.get("TICK", "1") != "0"
    if runs_tasks:
        return ["worker", "--with-clock"] if runs_clock else ["worker"]
    if os.environ.get("METRICS_BIND"):
        return ["worker", "--concurrency=0", *(["--with-clock"] if runs_clock else [])]
    return ["tick", "--forever"] if runs_clock else []


# One for the process: gunicorn reads its own file again on SIGHUP and would forget what it started.
beside = Beside(*arguments())
