"""Whether a web server answers, and whether that was one of certain processes: several may share a port."""

import os
from collections.abc import Collection
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from deploy.ports import HOST

SECONDS_TO_ANSWER = 2


def answers(port: int, path: str, host: str, *, among: Collection[int] | None = None) -> bool:
    """Whether a web server says 200; a host that is not the site's gets another answer.

    With `among`, whether a process of these did. False too when it closed the connection before that could be seen.
    """
    connection = HTTPConnection(HOST, port, timeout=SECONDS_TO_ANSWER)
    try:
        connection.connect()
        here = connection.sock.getsockname()[1]
        connection.request("GET", path, headers={"Host": host})
        is_well = connection.getresponse().status == 200
        return is_well and (among is None or held_by(port, here, among) > 0)
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def held_by(port: int, other: int, pids: Collection[int]) -> int:
    """Which of these processes has the end at `port` of the connection between two ports of this machine; 0: none."""
    name = f"socket:[{_inode(port, other)}]"
    return next((pid for pid in pids if name in _opened(pid)), 0)


def _inode(port: int, other: int) -> str:
    """Of the end at `port` (man 5 proc); "" for none."""
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    rows = [line.split() for line in lines]
    ends = [f":{port:04X}", f":{other:04X}"]
    return next((row[9] for row in rows if [row[1][-5:], row[2][-5:]] == ends), "")


def _opened(pid: int) -> set[str]:
    found = set()
    folder = f"/proc/{pid}/fd"
    with suppress(OSError):  # it has ended
        for name in os.listdir(folder):
            with suppress(OSError):  # closed since
                found.add(os.readlink(f"{folder}/{name}"))
    return found
