"""What can be done later, by a worker: `@task`, which every app uses, whatever engine runs it.

A task only says "look now": it may run twice, or never where its queue was lost. Rows of our own tables are the truth.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ParamSpec, TypeVar

from django.utils import timezone
from django_tasks_db.compat import DEFAULT_TASK_QUEUE_NAME, Task

from newsroom.lib import meters
from newsroom.lib.current_work import Work, working_on

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)

# Seconds before the second, third ... attempt; the last one goes on for all further ones.
BACKOFF = (10, 60, 300, 1800)
# The argument in which the number of the attempt travels, on every engine.
ATTEMPT = "_attempt"
# How many workers a task may take down with it before nobody runs it any more.
MOST_DEATHS = 3


class TriedAgain(Exception):
    """An attempt failed and another one is waiting. The cause is what went wrong."""


@dataclass(frozen=True, kw_only=True)
class RetriedTask(Task[P, T]):
    """A task of the package, with attempts. `enqueue` inside a transaction is a part of it."""

    max_attempts: int = 5
    backoff: tuple[float, ...] = BACKOFF
    max_deaths: int = MOST_DEATHS

    def enqueue_in(self, seconds: float, *args: P.args, **kwargs: P.kwargs) -> Any:
        """Not before `seconds` from now."""
        return self.using(run_after=_after(seconds)).enqueue(*args, **kwargs)

    def call(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """What a worker calls. Raises TriedAgain, or after the last attempt what the function raised."""
        attempt = _taken_attempt(kwargs)
        try:
            with _counted(self.module_path):
                return super().call(*args, **kwargs)
        except Exception as error:
            if attempt >= self.max_attempts:
                logger.error("The task %s failed %d times and is given up", self.module_path, attempt)
                raise
            seconds = self.backoff[min(attempt, len(self.backoff)) - 1]
            self._enqueue_again(seconds, attempt + 1, args, kwargs)
            logger.warning("The task %s failed and is tried again in %g s", self.module_path, seconds, exc_info=True)
            raise TriedAgain(f"attempt {attempt} of {self.max_attempts}") from error

    def _enqueue_again(self, seconds: float, attempt: int, args: Any, kwargs: Any) -> None:
        self.using(run_after=_after(seconds)).enqueue(*args, **{**kwargs, ATTEMPT: attempt})


def task(
    *,
    max_attempts: int = 5,
    backoff: tuple[float, ...] = BACKOFF,
    max_deaths: int = MOST_DEATHS,
    priority: int = 0,
    queue_name: str = DEFAULT_TASK_QUEUE_NAME,
) -> Callable[[Callable[P, T]], RetriedTask[P, T]]:
    """Make a task of a function at the top level of a module: `@task()`, then `function.enqueue(...)`.

    The function takes what JSON can hold, may be async, and must stand being run twice. `priority` is -100 to 100,
    the highest first. `backoff` are the seconds before each further attempt.
    """

    def decorate(function: Callable[P, T]) -> RetriedTask[P, T]:
        return RetriedTask(
            func=function,
            priority=priority,
            queue_name=queue_name,
            max_attempts=max_attempts,
            backoff=backoff,
            max_deaths=max_deaths,
        )

    return decorate


@contextmanager
def _counted(path: str) -> Iterator[None]:
    """What it logs and asks the database is known by its name; how it ends and how long it takes is counted."""
    began, outcome = time.perf_counter(), "failed"
    try:
        with working_on(Work(name=path)):
            yield
        outcome = "done"
    finally:
        meters.add("newsroom_tasks_total", task=path, outcome=outcome)
        meters.took("newsroom_task_seconds", time.perf_counter() - began, task=path)


def most_deaths(found: object) -> int:
    """Of what stands where a task is looked for."""
    return found.max_deaths if isinstance(found, RetriedTask) else MOST_DEATHS


def _taken_attempt(kwargs: dict[str, Any]) -> int:
    return int(kwargs.pop(ATTEMPT, 1))


def _after(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)
