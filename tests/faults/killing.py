"""Workers of web servers, and their end without a word."""

import signal

from deploy import processes
from tests.faults.house import House


def workers_of(house: House, web: str) -> list[int]:
    heads = house.there.crew.heads(web)
    return [pid for pid in house.there.crew.pids(web) if pid not in heads]


def kill_workers(house: House, web: str) -> None:
    """All of them at once; their master lives."""
    processes.tell(workers_of(house, web), signal.SIGKILL)
