"""What the web server does before it forks its workers, and before it starts itself again."""

import gc
import runpy
from types import SimpleNamespace

import pytest

from newsroom import forking
from tests.house.files import REPOSITORY


def test_nothing_that_is_open_goes_into_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(forking.connections, "close_all", lambda: done.append("closed"))
    monkeypatch.setattr(gc, "freeze", lambda: done.append("frozen"))
    forking.settle()
    assert done == ["closed", "frozen"]


@pytest.mark.parametrize(
    ("started", "again"),
    [
        (["python", "/lib/gunicorn/__main__.py", "--pid", "x"], ["python", "-m", "gunicorn", "--pid", "x"]),
        (["python", "/bin/gunicorn", "--pid", "x"], ["python", "/bin/gunicorn", "--pid", "x"]),
    ],
)
def test_a_new_master_is_started_as_the_old_one_was(started: list[str], again: list[str]) -> None:
    try:
        configuration = runpy.run_path(str(REPOSITORY / "gunicorn.conf.py"))
    finally:
        gc.enable()
    server = SimpleNamespace(START_CTX={"args": started})
    configuration["pre_exec"](server)
    assert server.START_CTX["args"] == again
