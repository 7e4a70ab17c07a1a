"""Attempts and their times, in one process on the table of tasks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django_tasks.exceptions import InvalidTaskError

from tasks.defining import task
from tasks.engine import engine
from tests.tasks import deeds, engines

pytestmark = pytest.mark.django_db
RunTasks = Callable[..., int]


@pytest.fixture(autouse=True)
def nothing_ran() -> None:
    deeds.ran.clear()


def test_a_task_runs_with_its_arguments(run_tasks: RunTasks) -> None:
    deeds.note.enqueue("أول")
    deeds.note_later.enqueue(word=2)
    assert run_tasks() == 2
    assert deeds.ran == ["أول", 2]
    assert run_tasks() == 0


def test_the_highest_priority_runs_first_whatever_its_queue(run_tasks: RunTasks) -> None:
    deeds.note.enqueue("last")
    deeds.note.using(priority=10, queue_name="mail").enqueue("first")
    deeds.note.using(priority=5).enqueue("second")
    run_tasks()
    assert deeds.ran == ["first", "second", "last"]


def test_a_task_waits_for_its_time(clock: Any, run_tasks: RunTasks) -> None:
    deeds.note.enqueue_in(60, "later")
    assert run_tasks() == 0
    clock.shift(61)
    assert run_tasks() == 1


def test_a_transaction_that_fails_takes_its_task_along(run_tasks: RunTasks) -> None:
    with transaction.atomic():
        deeds.note.enqueue("never")
        transaction.set_rollback(True)
    assert run_tasks() == 0


def test_what_fails_is_tried_again_later_and_then_given_up(clock: Any, run_tasks: RunTasks) -> None:
    deeds.fail.enqueue()
    for _attempt in range(5):
        run_tasks(may_fail=True)
        run_tasks(may_fail=True)  # not before its time
        clock.shift(0.5)
    assert deeds.ran == ["failed"] * 3
    assert engine.counts().waiting == 0


def test_what_succeeds_at_last_is_not_tried_again(clock: Any, run_tasks: RunTasks) -> None:
    deeds.fail.enqueue(times=1)
    for _attempt in range(5):
        run_tasks(may_fail=True)
        clock.shift(0.5)
    assert deeds.ran == ["failed"] * 2


def test_a_test_hears_of_what_a_task_raised(run_tasks: RunTasks) -> None:
    deeds.fail.enqueue()
    with pytest.raises(ArithmeticError):
        run_tasks()


def test_only_a_function_that_a_worker_can_find_is_a_task() -> None:
    with pytest.raises(InvalidTaskError):
        task()(lambda: None)


def test_a_path_that_leads_nowhere_stops_nothing(run_tasks: RunTasks) -> None:
    deeds.note.using(priority=1).enqueue("gone")
    engines.spoil("tests.tasks.deeds.gone")
    deeds.note.enqueue("here")
    assert run_tasks(may_fail=True) == 2
    assert deeds.ran == ["here"]
