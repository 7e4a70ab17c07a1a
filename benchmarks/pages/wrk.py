"""Load by wrk, which Debian has: one thread, a fixed number of connections, random paths of a list."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_suffix(".lua")


@dataclass(frozen=True)
class Load:
    """What wrk saw. Latencies in milliseconds; `refused` are answers of 400 and above, `broken` no answers at all."""

    requests: int
    seconds: float
    bytes: int
    p50: float
    p99: float
    broken: int
    refused: int

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def require_wrk() -> None:
    if not shutil.which("wrk"):
        sys.exit("wrk makes the load and is not installed: apt-get install wrk")


def load(
    port: int, paths: Sequence[str], *, seconds: int, connections: int = 16, headers: Mapping[str, str], pause: int = 0
) -> Load:
    """`pause` is what each connection rests between two requests, in milliseconds: readers that read."""
    with tempfile.NamedTemporaryFile("w", suffix=".paths", encoding="utf-8") as file:
        file.write("\n".join(paths) + "\n")
        file.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", str(SCRIPT)]
        command += [f"http://127.0.0.1:{port}/", "--", file.name, str(pause)]
        command += [f"{name}: {value}" for name, value in headers.items()]
        answer = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own command
    return read(answer.stdout)


def read(output: str) -> Load:
    """The last line is ours (wrk.lua). Raises ValueError when wrk said something else."""
    return Load(**json.loads(output.strip().splitlines()[-1]))
