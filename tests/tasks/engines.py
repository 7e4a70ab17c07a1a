"""What tests do to the queue of either engine: run one task here, empty it, spoil it."""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from tasks import running

IS_EMBEDDED = settings.TASKS_ENGINE == "embedded"


@dataclass
class Ended:
    error: BaseException | None


def run_next() -> Ended | None:
    """Run the first task that is ready, in this process, by the clock of this process; None when there is none."""
    return _run_next_row() if IS_EMBEDDED else _run_next_job()


def empty() -> None:
    """As somebody does who wants to be rid of a queue that went wrong."""
    DBTaskResult.objects.all().delete()
    if not IS_EMBEDDED:
        _execute("DELETE FROM procrastinate_jobs")


def spoil(path: str) -> None:
    """What waits is of a function that is gone."""
    if IS_EMBEDDED:
        DBTaskResult.objects.filter(status="READY").update(task_path=path)
    else:
        _execute("UPDATE procrastinate_jobs SET args = jsonb_set(args, '{path}', to_jsonb(%s::text))", path)


def _run_next_row() -> Ended | None:
    row = running.claim_next("tests")
    if row is None:
        return None
    error = running.run(row)
    running.record_end(row, error)
    return Ended(error)


def _run_next_job() -> Ended | None:
    """Procrastinate's own worker has a connection of its own, which sees nothing of the transaction of a test."""
    found = _execute(
        "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = (SELECT id FROM procrastinate_jobs "
        "WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= %s) ORDER BY priority DESC, id LIMIT 1) "
        "RETURNING id, args::text",
        timezone.now(),
    )
    if not found:
        return None
    number, arguments = found[0]
    error = _call(**json.loads(arguments))
    _execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", "failed" if error else "succeeded", number)
    return Ended(error)


def _call(path: str, args: list[Any], kwargs: dict[str, Any]) -> BaseException | None:
    try:
        import_string(path).call(*args, **kwargs)
    except Exception as error:  # noqa: BLE001 - as a worker does
        return error
    return None


def _execute(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []
