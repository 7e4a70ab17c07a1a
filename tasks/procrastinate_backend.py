"""Procrastinate behind the API of django-tasks: a row in PostgreSQL, written by Django's own connection.

So a task that is enqueued in a transaction is a part of it.
"""

from typing import Any

from django.utils import timezone
from django_tasks_db.compat import BaseTaskBackend, BaseTaskResult, TaskResultStatus, normalize_json, task_enqueued
from procrastinate.contrib.django import app

# The one task that Procrastinate knows (tasks.distributed); which of ours to run is an argument.
RUN = "tasks.run"


class ProcrastinateBackend(BaseTaskBackend):
    supports_defer = True
    supports_async_task = True
    supports_priority = True

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> BaseTaskResult:
        self.validate_task(task)
        job = app.configure_task(RUN, queue=task.queue_name, priority=task.priority, schedule_at=task.run_after)
        result: BaseTaskResult = BaseTaskResult(
            task=task,
            id=str(job.defer(path=task.module_path, args=normalize_json(args), kwargs=normalize_json(kwargs))),
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=args,
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
        task_enqueued.send(type(self), task_result=result)
        return result
