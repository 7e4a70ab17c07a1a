"""Start a program so that it outlives us: `python launch.py < ORDER` prints its process id.

ORDER is JSON: `command`, `log` (a path, appended to), and `user` and `group` where it shall be somebody else's. The
program leads a session of its own, without a terminal, and is nobody's child by the time it begins.
"""

import json
import os
import sys
import time
from typing import Any


def main() -> None:
    order = json.load(sys.stdin)
    launcher = os.getpid()
    if process := os.fork():
        sys.stdout.write(f"{process}\n")
        return
    try:
        become(order, launcher)
    except OSError as error:
        os.write(2, f"{order['command'][0]} could not be started: {error}\n".encode())
    os._exit(127)


def become(order: dict[str, Any], launcher: int) -> None:
    """Never returns; raises OSError."""
    os.setsid()
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    # Some programs end when their parent does: they must not take the launcher for theirs.
    while os.getppid() == launcher:
        time.sleep(0.001)
    if "user" in order:
        os.setgroups([])
        os.setgid(order["group"])
        os.setuid(order["user"])
    os.execvp(order["command"][0], order["command"])  # noqa: S606 - what PATH finds


if __name__ == "__main__":
    main()
