"""The worker of the distributed engine: Procrastinate on PostgreSQL, for several machines."""

import asyncio
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils.module_loading import import_string
from procrastinate import App, JobContext
from procrastinate.contrib.django import app, connector_params
from procrastinate.jobs import Job
from procrastinate.psycopg_connector import PsycopgConnector

from tasks import stopping
from tasks.counting import Counts
from tasks.defining import MOST_DEATHS, TriedAgain, most_deaths
from tasks.procrastinate_backend import RUN
from tasks.pulse import Pulse, new_name

logger = logging.getLogger(__name__)

# So many beats without a sign of life, and a worker is dead.
SILENT_BEATS = 3
KEPT_HOURS = 7 * 24

# Compare and set: what another process has just done to the job stays.
_SET = "UPDATE procrastinate_jobs SET {} WHERE id = %s AND status = 'doing' AND worker_id IS NOT DISTINCT FROM %s"
_HAND_BACK = _SET.format("status = 'todo', worker_id = NULL")
# Procrastinate counts the attempts; a retry of ours is a job of its own, so they are the workers that died.
_REVIVE = _SET.format("status = 'todo', worker_id = NULL, attempts = attempts + 1")
_GIVE_UP = _SET.format("status = 'failed', attempts = attempts + 1")

# Since when the one that waits longest could have been run.
_OLDEST = (
    "SELECT min(coalesce(job.scheduled_at, event.at)) FROM procrastinate_jobs job "
    "JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred' "
    "WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())"
)


@dataclass
class AtHand:
    """What this process is doing, for its second thread."""

    before_each: Callable[[], object] = bool
    pulse: Pulse | None = None
    job: Job | None = None


at_hand = AtHand()


def register(procrastinate: App) -> None:
    """Called by Procrastinate when Django is ready (settings.PROCRASTINATE_ON_APP_READY)."""
    procrastinate.task(name=RUN, pass_context=True)(run)


def run(context: JobContext, *, path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    """The one task of Procrastinate's. Raises what the last attempt raised, or ImportError: the job has failed."""
    at_hand.job = context.job
    if at_hand.pulse:
        at_hand.pulse.busy_with = path
    at_hand.before_each()
    try:
        import_string(path).call(*args, **kwargs)
    except TriedAgain:
        pass  # a job of its own, and in the log
    finally:
        at_hand.job = None
        if at_hand.pulse:
            at_hand.pulse.busy_with = ""


def work(*, parent: int, before_each: Callable[[], object]) -> None:
    """Run tasks one after the other until this process is asked to stop or `parent` is not its parent any more."""
    stopping.listen()
    at_hand.before_each = before_each
    at_hand.pulse = Pulse(new_name(), parent=parent, give_back=hand_back)
    at_hand.pulse.start()
    asyncio.run(_work(at_hand.pulse.name))
    at_hand.pulse.stop()


def hand_back() -> None:
    if job := at_hand.job:
        _change(_HAND_BACK, job)


def revive() -> int:
    """The jobs of workers that died, on whatever machine. Returns how many are ready again."""
    seconds = settings.WORKER_HEARTBEAT_SECONDS * SILENT_BEATS
    stalled = async_to_sync(app.job_manager.get_stalled_jobs)(seconds_since_heartbeat=seconds)
    return sum(_revive(job) for job in stalled)


def prune() -> int:
    before = counts()
    async_to_sync(app.job_manager.delete_old_jobs)(
        nb_hours=KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
    return before.ended - counts().ended


def counts() -> Counts:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status")
        found = dict(cursor.fetchall())
        cursor.execute(_OLDEST)
        oldest: datetime | None = cursor.fetchone()[0]
    failed = found.get("failed", 0)
    return Counts(
        waiting=found.get("todo", 0),
        running=found.get("doing", 0),
        failed=failed,
        ended=failed + found.get("succeeded", 0),
        oldest_due_at=oldest,
    )


async def _work(name: str) -> None:
    """Two threads of Python do not run at the same time, so there is one task at a time; processes are many."""
    connector = PsycopgConnector(kwargs=connector_params("default"), min_size=1, max_size=3)
    async with app.with_connector(connector).open_async() as worker_app:
        running = asyncio.create_task(
            worker_app.run_worker_async(
                name=name,
                concurrency=1,
                fetch_job_polling_interval=settings.WORKER_POLL_SECONDS,
                update_heartbeat_interval=settings.WORKER_HEARTBEAT_SECONDS,
                stalled_worker_timeout=settings.WORKER_HEARTBEAT_SECONDS * SILENT_BEATS,
                install_signal_handlers=False,
            )
        )
        reviving = asyncio.create_task(_revive_now_and_then())
        while not running.done() and not stopping.is_asked():
            await asyncio.wait([running], timeout=settings.WORKER_POLL_SECONDS)
        reviving.cancel()
        running.cancel()  # a task at hand is waited for
        with suppress(asyncio.CancelledError):
            await running


async def _revive_now_and_then() -> None:
    while True:
        await asyncio.to_thread(_revive_quietly)
        await asyncio.sleep(settings.WORKER_HEARTBEAT_SECONDS)


def _revive_quietly() -> None:
    try:
        revive()
    except (OperationalError, InterfaceError) as error:
        logger.warning("The dead workers could not be looked for: %s", error)
    finally:
        connection.close()  # of a thread that may never come again


def _revive(job: Job) -> bool:
    path = _path(job)
    if job.attempts + 1 >= _most_deaths(path):
        logger.error("The task %s took %d workers down with it and is given up", path, job.attempts + 1)
        _change(_GIVE_UP, job)
        return False
    logger.warning("The worker of the task %s died", path)
    return _change(_REVIVE, job)


def _path(job: Job) -> str:
    """Django's connection leaves JSON as it is, that of Procrastinate reads it."""
    arguments = job.task_kwargs
    return str((json.loads(arguments) if isinstance(arguments, str) else arguments)["path"])


def _most_deaths(path: str) -> int:
    try:
        return most_deaths(import_string(path))
    except ImportError:
        return MOST_DEATHS


def _change(statement: str, job: Job) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, [job.id, job.worker_id])
        return bool(cursor.rowcount)
