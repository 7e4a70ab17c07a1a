"""What is started beside the web server, and when it is started again."""

import subprocess
import time
from typing import Any

import pytest

from newsroom import beside


@pytest.mark.parametrize(
    ("variables", "arguments"),
    [
        ({}, ["worker", "--with-clock"]),
        ({"TICK": "0"}, ["worker"]),
        ({"WORKER": "0"}, ["tick", "--forever"]),
        ({"WORKER": "0", "TICK": "0"}, []),
        ({"WORKER": "0", "METRICS_BIND": "127.0.0.1:9101"}, ["worker", "--concurrency=0", "--with-clock"]),
        ({"WORKER": "0", "TICK": "0", "METRICS_BIND": "127.0.0.1:9101"}, ["worker", "--concurrency=0"]),
    ],
)
def test_what_another_machine_does_is_left_out(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], arguments: list[str]
) -> None:
    for name in ("WORKER", "TICK", "METRICS_BIND"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert beside.arguments() == arguments


def test_what_dies_at_once_is_started_again_more_and_more_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    now, starts = [1000.0], []

    class Dead:
        def __init__(self, command: list[str]) -> None:
            starts.append(now[0] - 1000)

        def poll(self) -> Any:
            return 1

    monkeypatch.setattr(subprocess, "Popen", Dead)
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    kept = beside.Beside("worker")
    for second in range(100):
        now[0] = 1000.0 + second
        kept.keep()
    assert starts == [0, 1, 3, 7, 15, 31, 61, 91]
