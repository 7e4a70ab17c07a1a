"""What a worker leaves unfinished, on the distributed engine, and what is told of its jobs."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tasks.engine import engine
from tests.tasks import deeds, engines

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(engines.IS_EMBEDDED, reason="jobs of the other engine")]


def rows(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def one_job() -> tuple[str, int]:
    ((status, attempts),) = rows("SELECT status::text, attempts FROM procrastinate_jobs")
    return status, attempts


@pytest.fixture
def worker() -> int:
    """A worker of another machine that has just said that it is alive, and begun a task."""
    ((number,),) = rows("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    deeds.note.enqueue("أول")
    rows("SELECT procrastinate_fetch_job_v2(NULL, %s)", number)
    return int(number)


@pytest.fixture
def at_hand() -> Iterator[None]:
    yield
    engine.at_hand.job = None


def fall_silent(worker: int) -> None:
    rows("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds' WHERE id = %s", worker)


def test_the_job_of_a_living_worker_is_left_to_it(worker: int) -> None:
    assert engine.revive() == 0
    assert one_job() == ("doing", 0)


def test_the_job_of_a_silent_worker_is_ready_again_and_its_death_counted(worker: int) -> None:
    fall_silent(worker)
    assert engine.revive() == 1
    assert one_job() == ("todo", 1)


def test_the_job_of_a_worker_that_was_forgotten_is_ready_again(worker: int) -> None:
    rows("DELETE FROM procrastinate_workers")
    assert engine.revive() == 1
    assert one_job() == ("todo", 1)


def test_a_job_that_took_three_workers_down_is_given_up(worker: int) -> None:
    rows("UPDATE procrastinate_jobs SET attempts = 2")
    fall_silent(worker)
    assert engine.revive() == 0
    assert one_job() == ("failed", 3)
    assert engine.counts().failed == 1


@pytest.mark.usefixtures("at_hand")
def test_a_job_that_is_given_back_counts_no_death_and_one_of_somebody_else_stays(worker: int) -> None:
    engine.at_hand.job = engine.Job(
        id=rows("SELECT id FROM procrastinate_jobs")[0][0],
        worker_id=worker,
        queue="default",
        lock=None,
        queueing_lock=None,
        task_name="tasks.run",
    )
    engine.hand_back()
    assert one_job() == ("todo", 0)
    rows("SELECT procrastinate_fetch_job_v2(NULL, (SELECT procrastinate_register_worker_v1()))")
    engine.hand_back()
    assert one_job() == ("doing", 0)


def test_the_counts_say_what_waits_and_since_when() -> None:
    deeds.note.enqueue(1)
    deeds.note.enqueue_in(60, 2)
    counts = engine.counts()
    assert (counts.waiting, counts.running, counts.ended) == (2, 0, 0)
    assert counts.oldest_due_at is not None
    assert abs(counts.oldest_due_at - timezone.now()) < timedelta(minutes=10)


def test_what_ended_a_week_ago_is_forgotten(worker: int) -> None:
    deeds.note.enqueue(1)
    rows("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE status = 'doing'")
    assert engine.prune() == 0
    rows("UPDATE procrastinate_events SET at = at - interval '8 days'")
    assert engine.prune() == 1
    assert one_job() == ("todo", 0)
