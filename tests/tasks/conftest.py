"""Workers that are processes of their own, on the database of the tests."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

from tests.house.files import REPOSITORY
from tests.tasks import engines


def database_url() -> str:
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    return f"postgres://{given['USER']}@{quote(given['HOST'], safe='')}/{given['NAME']}"


def until(is_true: Callable[[], Any], seconds: float = 30) -> Any:
    """Far longer than it should take: the machine may be busy."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := is_true():
            return answer
        time.sleep(0.05)
    raise AssertionError("It never came true.")


@pytest.fixture
def empty_queue(transactional_db: None) -> Iterator[None]:
    """Procrastinate's tables are none of Django's, which empties its own."""
    engines.empty()
    yield
    engines.empty()


@pytest.fixture
def start_worker(empty_queue: None, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """`manage.py worker` with quick reactions; ended at the end of the test, whatever happened."""
    started: list[subprocess.Popen[bytes]] = []
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(tmp_path),
        "WORKER_POLL_SECONDS": "0.1",
        "WORKER_HEARTBEAT_SECONDS": "0.4",
    }

    def start(concurrency: int = 1) -> subprocess.Popen[bytes]:
        command = [sys.executable, "manage.py", "worker", f"--concurrency={concurrency}"]
        with open(tmp_path / "log", "ab") as log:
            started.append(subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=log, stderr=log))
        return started[-1]

    yield start
    for worker in started:
        worker.terminate()
    for worker in started:
        worker.wait(timeout=20)
    print((tmp_path / "log").read_text(encoding="utf-8"))  # noqa: T201 - pytest shows it when the test failed
