"""The programs of PostgreSQL: started, waited for, and what they complained of."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from newsroom.backups.refusals import BackupRefused


class Program(NamedTuple):
    """A program of PostgreSQL, how it finds the database, and its password where no list of processes shows it."""

    command: list[str]
    environment: dict[str, str]


@contextmanager
def started(program: Program, **streams: Any) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(program.command, env=program.environment, **streams)  # noqa: S603
    try:
        yield process
        process.wait()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue


def run(program: Program, refusal: type[BackupRefused]) -> None:
    """Raises `refusal` with what the program complained of."""
    with tempfile.TemporaryFile() as complaints:
        status = subprocess.run(  # noqa: S603
            program.command,
            env=program.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            check=False,
        ).returncode
        if status:
            raise refusal(f"{Path(program.command[0]).name} ended with {status}: {last_words(complaints)}")


def last_words(file: Any) -> str:
    """The first complaint: what comes after it follows from it."""
    file.seek(0)
    lines = file.read().decode(errors="replace").strip().splitlines()
    return lines[0].strip() if lines else ""
