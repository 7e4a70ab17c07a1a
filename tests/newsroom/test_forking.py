"""What the web server does before it forks its workers, and before it starts itself again."""

import gc
import runpy
from types import SimpleNamespace
from typing import Any

import pytest

from newsroom import forking
from tests.house.files import REPOSITORY


def test_nothing_that_is_open_goes_into_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(forking, "end_connections", lambda: done.append("closed"))
    monkeypatch.setattr(gc, "freeze", lambda: done.append("frozen"))
    forking.settle()
    assert done == ["closed", "frozen"]


def read_configuration() -> dict[str, Any]:
    try:
        return runpy.run_path(str(REPOSITORY / "gunicorn.conf.py"))
    finally:
        gc.enable()


def test_a_process_keeps_its_pages_for_longer_than_a_rush_of_readers() -> None:
    """Pages that are kept count as requests too, and a process makes 2000 of them in a second."""
    configuration = read_configuration()
    an_hour_of_rush = 3600 * 2000
    assert configuration["max_requests"] >= an_hour_of_rush
    assert configuration["max_requests_jitter"] > 0


@pytest.mark.parametrize(
    ("started", "again"),
    [
        (["python", "/lib/gunicorn/__main__.py", "--pid", "x"], ["python", "-m", "gunicorn", "--pid", "x"]),
        (["python", "/bin/gunicorn", "--pid", "x"], ["python", "/bin/gunicorn", "--pid", "x"]),
    ],
)
def test_a_new_master_is_started_as_the_old_one_was(started: list[str], again: list[str]) -> None:
    configuration = read_configuration()
    server = SimpleNamespace(START_CTX={"args": started})
    configuration["pre_exec"](server)
    assert server.START_CTX["args"] == again
