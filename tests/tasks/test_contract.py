"""What every engine must do, with real workers on a real database.

`make test` runs it on the embedded engine, on both databases; `make test-tasks` on the distributed one.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import pytest
from django.db import transaction

from tests.tasks import deeds, engines
from tests.tasks.conftest import until

StartWorker = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def log(tmp_path: Path) -> str:
    return str(tmp_path / "deeds")


def has(log: str, *words: str) -> Callable[[], bool]:
    return lambda: set(words) <= set(deeds.lines(log))


def pid_of(line: str) -> int:
    return int(line.removeprefix("begun-"))


def test_a_worker_runs_what_was_committed_in_order_and_nothing_else(start_worker: StartWorker, log: str) -> None:
    with transaction.atomic():
        deeds.note.enqueue("never", log)
        transaction.set_rollback(True)
    with transaction.atomic():
        deeds.note.using(queue_name="mail").enqueue("third", log)
        deeds.note_later.using(priority=5, queue_name="mail").enqueue("second", path=log)
        deeds.note.using(priority=10).enqueue("first", log)
    start_worker()
    until(has(log, "third"))
    assert deeds.lines(log) == ["first", "second", "third"]


def test_a_task_waits_for_its_time(start_worker: StartWorker, log: str) -> None:
    start_worker()
    deeds.note.enqueue("now", log)
    until(has(log, "now"))
    begin = time.monotonic()
    deeds.note.enqueue_in(1, "later", log)
    until(has(log, "later"))
    assert time.monotonic() - begin >= 1


def test_what_fails_is_tried_again_and_what_leads_nowhere_stops_nothing(start_worker: StartWorker, log: str) -> None:
    with transaction.atomic():
        deeds.note.using(priority=10).enqueue("gone")
        engines.spoil("tests.tasks.deeds.gone")
    deeds.fail.enqueue(log, 1)
    start_worker()
    until(lambda: deeds.lines(log) == ["failed", "failed"])
    deeds.note.enqueue_in(0.8, "end", log)  # after the time of a third attempt
    until(has(log, "end"))
    assert deeds.lines(log) == ["failed", "failed", "end"]


def test_what_always_fails_is_given_up(start_worker: StartWorker, log: str) -> None:
    start_worker()
    deeds.fail.enqueue(log)
    until(lambda: len(deeds.lines(log)) == 3)
    deeds.note.enqueue_in(0.8, "end", log)
    until(has(log, "end"))
    assert deeds.lines(log) == ["failed"] * 3 + ["end"]


def test_several_workers_run_no_task_twice(start_worker: StartWorker, log: str) -> None:
    with transaction.atomic():
        for number in range(60):
            deeds.note.enqueue(number, log)
    start_worker(concurrency=2)
    start_worker(concurrency=2)
    until(lambda: len(deeds.lines(log)) >= 60)
    deeds.note.enqueue("end", log)
    until(has(log, "end"))
    assert sorted(deeds.lines(log)) == sorted([*map(str, range(60)), "end"])


def test_a_task_whose_worker_was_killed_is_run_again(start_worker: StartWorker, log: str) -> None:
    start_worker()
    deeds.take_long.enqueue(log, 60)
    os.kill(pid_of(until(lambda: deeds.lines(log))[0]), signal.SIGKILL)
    until(has(log, "done"))
    assert len(deeds.lines(log)) == 3


def test_a_task_whose_machine_went_down_is_run_by_another_worker(start_worker: StartWorker, log: str) -> None:
    machine = start_worker()
    deeds.take_long.enqueue(log, 60)
    worker = pid_of(until(lambda: deeds.lines(log))[0])
    machine.kill()
    os.kill(worker, signal.SIGKILL)
    start_worker()
    until(has(log, "done"))
    assert deeds.lines(log)[1:][-1] == "done"
    assert pid_of(deeds.lines(log)[1]) != worker


def test_a_worker_that_has_to_stop_finishes_its_task(start_worker: StartWorker, log: str) -> None:
    worker = start_worker()
    deeds.take_long.enqueue(log, 1)
    until(lambda: deeds.lines(log))
    worker.terminate()
    assert worker.wait(timeout=20) == 0
    assert deeds.lines(log)[1:] == ["done"]
    start_worker()
    deeds.note.enqueue("end", log)
    until(has(log, "end"))
    assert deeds.lines(log)[1:] == ["done", "end"]


def test_a_worker_ends_with_its_parent(start_worker: StartWorker, log: str) -> None:
    supervisor = start_worker()
    deeds.take_long.enqueue(log, 0.1)
    worker = pid_of(until(lambda: deeds.lines(log))[0])
    supervisor.kill()
    supervisor.wait()
    until(lambda: is_gone(worker))
    assert is_gone(supervisor.pid)


def test_a_task_that_takes_workers_down_is_given_up(start_worker: StartWorker, log: str) -> None:
    start_worker()
    deeds.take_worker_down.enqueue(log)
    until(lambda: len(deeds.lines(log)) == 3)
    deeds.note.enqueue_in(3, "end", log)
    until(has(log, "end"))
    assert [(word, len(list(group))) for word, group in groupby(deeds.lines(log))] == [("begun", 3), ("end", 1)]


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False
