"""Running what waits in the table of django-tasks-db: one task at a time, by whoever calls."""

import logging
import traceback
from typing import Any

from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tasks.defining import TriedAgain

logger = logging.getLogger(__name__)


def claim_next(worker_id: str) -> DBTaskResult | None:
    """The first task that is ready, now RUNNING for this worker alone; None when nothing waits.

    No transaction and no lock: of several who want a row, the UPDATE of one finds it READY.
    """
    ready = DBTaskResult.objects.ready()
    while row := ready.first():
        untouched = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.READY)
        row.status, row.started_at = TaskResultStatus.RUNNING, timezone.now()
        row.worker_ids = [*row.worker_ids, worker_id]
        if untouched.update(status=row.status, started_at=row.started_at, worker_ids=row.worker_ids):
            return row
    return None


def run(row: DBTaskResult) -> BaseException | None:
    """Run a claimed task. Returns what it raised; how it ended is for `record_end`."""
    try:
        task = row.task
        arguments = row.args_kwargs
        task.call(*arguments["args"], **arguments["kwargs"])
    except (Exception, SystemExit) as error:
        if not isinstance(error, TriedAgain):
            logger.exception("The task %s failed", row.task_path)
        return error
    return None


def record_end(row: DBTaskResult, error: BaseException | None) -> bool:
    """Write how it ended, unless the task was taken from this worker meanwhile. Returns whether it was written."""
    ours = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at)
    end: dict[str, Any] = {"finished_at": timezone.now(), "exception_class_path": "", "traceback": ""}
    if error is None:
        return bool(ours.update(**end, status=TaskResultStatus.SUCCESSFUL))
    end["exception_class_path"] = path_of(type(error))
    end["traceback"] = "".join(traceback.format_exception(error))
    return bool(ours.update(**end, status=TaskResultStatus.FAILED))


def path_of(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
