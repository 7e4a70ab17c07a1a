"""What a worker left unfinished is ready again for another one.

It may have been done to the end but for the word about it: that is why a task must stand being run twice.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tasks import locks
from tasks.defining import MOST_DEATHS, most_deaths
from tasks.models import Worker
from tasks.running import record_end

logger = logging.getLogger(__name__)

# A worker on another machine that says nothing for so many beats is dead.
SILENT_BEATS = 30


class WorkerDied(Exception):
    """What is written down about a task that took too many workers down with it."""


def revive_the_dead() -> int:
    """The work of workers of this folder that died. Returns the number of tasks that are ready again."""
    revived = 0
    for worker in locks.dead_workers():
        logger.warning("The worker %s died", worker)
        revived += sum(_revive(row) for row in _running() if row.worker_ids[-1:] == [worker])
        Worker.objects.filter(name=worker).delete()
    return revived


def revive_the_silent() -> int:
    """The same for the workers of other machines, and for what nobody knows any more."""
    before = timezone.now() - timedelta(seconds=settings.WORKER_HEARTBEAT_SECONDS * SILENT_BEATS)
    heard = set(Worker.objects.filter(seen_at__gte=before).values_list("name", flat=True))
    lost = [row for row in _running() if row.started_at < before and row.worker_ids[-1] not in heard]
    revived = sum(_revive(row) for row in lost if not locks.is_known_here(row.worker_ids[-1]))
    silent = Worker.objects.filter(seen_at__lt=before).values_list("pk", "name")
    Worker.objects.filter(pk__in=[pk for pk, name in silent if not locks.is_known_here(name)]).delete()
    return revived


def hand_back(row: DBTaskResult) -> None:
    """A task that is not finished when its worker has to stop: as if it had never been claimed."""
    _make_ready(row, worker_ids=row.worker_ids[:-1])


def _running() -> list[DBTaskResult]:
    return list(DBTaskResult.objects.running())


def _revive(row: DBTaskResult) -> bool:
    """Each name in `worker_ids` is a worker that died over it: a further attempt is a row of its own."""
    if len(row.worker_ids) >= _most_deaths(row):
        logger.error("The task %s took %d workers down with it and is given up", row.task_path, len(row.worker_ids))
        record_end(row, WorkerDied(", ".join(row.worker_ids)))
        return False
    return _make_ready(row, worker_ids=row.worker_ids)


def _make_ready(row: DBTaskResult, *, worker_ids: list[str]) -> bool:
    claimed = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at)
    return bool(claimed.update(status=TaskResultStatus.READY, started_at=None, worker_ids=worker_ids))


def _most_deaths(row: DBTaskResult) -> int:
    try:
        return most_deaths(import_string(row.task_path))
    except ImportError:
        return MOST_DEATHS
