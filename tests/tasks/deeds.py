"""Tasks that write down that they ran: on a list in this process, and in a file where the worker is another one."""

import asyncio
import os
import signal
import time
from pathlib import Path

from tasks.defining import task

ran: list[object] = []


def write(path: str, word: object) -> None:
    ran.append(word)
    if path:
        with open(path, "a", encoding="utf-8") as log:  # one short write: whole lines, whoever else writes
            log.write(f"{word}\n")


def lines(path: str | Path) -> list[str]:
    return Path(path).read_text(encoding="utf-8").split() if os.path.exists(path) else []


@task()
def note(word: object, path: str = "") -> None:
    write(path, word)


@task()
async def note_later(word: object, path: str = "") -> None:
    await asyncio.sleep(0)
    write(path, word)


@task(max_attempts=3, backoff=(0.2, 0.4))
def fail(path: str = "", times: int = 99) -> None:
    """Fails the first `times` times."""
    write(path, "failed")
    if len(lines(path) if path else ran) <= times:
        raise ArithmeticError("on purpose")


@task()
def take_long(path: str, seconds: float) -> None:
    """The second time, when it was broken off the first time, it is quick."""
    write(path, f"begun-{os.getpid()}")
    if len(lines(path)) == 1:
        time.sleep(seconds)
    write(path, "done")


@task()
def take_worker_down(path: str) -> None:
    write(path, "begun")
    os.kill(os.getpid(), signal.SIGKILL)
