"""Processes with a folder of data of their own: what they have in common is the database, as of two machines."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.site.serving import FOREIGN, ROOT

TOKEN = "t" * 40
REFRESH = {"HTTP_X_CACHE_REFRESH": TOKEN}


def environment_of(folder: Path, database: str) -> dict[str, str]:
    folder.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if name not in (*FOREIGN, "DATA_DIR", "TMPDIR")}
    return kept | {
        "DATA_DIR": str(folder),
        "DATABASE_URL": database,
        "DEBUG": "1",  # no static files are collected
        "PAGE_CACHE": "on",
        "SITE_URL": "http://127.0.0.1:8000",
        "CACHE_REFRESH_TOKEN": TOKEN,
    }


class Machine:
    """Does what it is told to (tests.machines.machine)."""

    def __init__(self, variables: dict[str, str]) -> None:
        pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        command = [sys.executable, "-m", "tests.machines.machine"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=variables, **pipes)

    def do(self, deed: str, **arguments: Any) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"deed": deed, **arguments}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def begin(self) -> "Machine":
        """Return when it has started."""
        self.do("picks")
        return self

    def ask(self, path: str, **more: str) -> dict[str, Any]:
        return self.do("ask", path=path, **more)

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


def seconds_until(is_so: Callable[[], bool], *, most: float) -> float:
    """`most` when it did not come."""
    began = time.monotonic()
    while not is_so() and time.monotonic() - began < most:
        time.sleep(0.02)
    return min(time.monotonic() - began, most)
