"""The worker of the default engine: runs what waits in the table of django-tasks-db, of all queues."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections
from django.db.models import Case, Count, Min, Q, When
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from tasks import locks, stopping
from tasks.counting import Counts
from tasks.defining import TriedAgain
from tasks.pulse import Pulse, new_name
from tasks.reviving import hand_back, revive_the_dead, revive_the_silent
from tasks.running import claim_next, path_of, record_end, run

logger = logging.getLogger(__name__)

LOOK_FOR_THE_DEAD = 1  # seconds
KEPT = timedelta(days=7)
# A database that is away or locked for longer than that costs the worker its life, and the task a second run.
PATIENCE = 60  # seconds


def work(*, parent: int, before_each: Callable[[], object]) -> None:
    """Run tasks one after the other until this process is asked to stop or `parent` is not its parent any more."""
    stopping.listen()
    name = new_name()
    with locks.held(name):
        OneWorker(name, parent=parent, before_each=before_each).work()


def revive() -> int:
    """The tasks of workers on other machines that died; a worker looks after those of its own. Returns how many."""
    return revive_the_silent()


def prune() -> int:
    """Forget the tasks that ended long ago. Returns their number."""
    deleted, _by_model = DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEPT).delete()
    return deleted


def counts() -> Counts:
    tried_again = Q(exception_class_path=path_of(TriedAgain))
    found = DBTaskResult.objects.aggregate(
        waiting=Count("pk", filter=Q(status=TaskResultStatus.READY)),
        running=Count("pk", filter=Q(status=TaskResultStatus.RUNNING)),
        failed=Count("pk", filter=Q(status=TaskResultStatus.FAILED) & ~tried_again),
        ended=Count("pk", filter=Q(finished_at__isnull=False)),
    )
    due_at = Case(When(run_after=get_date_max(), then="enqueued_at"), default="run_after")
    oldest = DBTaskResult.objects.ready().order_by().aggregate(due_at=Min(due_at))
    return Counts(**found, oldest_due_at=oldest["due_at"])


class OneWorker:
    def __init__(self, name: str, *, parent: int, before_each: Callable[[], object]) -> None:
        self.name, self.before_each = name, before_each
        self.at_hand: DBTaskResult | None = None
        self.pulse = Pulse(name, parent=parent, give_back=self.give_back)
        self.next_look = 0.0

    def work(self) -> None:
        self.pulse.start()
        while not stopping.is_asked():
            try:
                self._look_for_the_dead()
                row = claim_next(self.name)
            except (OperationalError, InterfaceError) as error:
                logger.warning("The worker %s cannot reach the database: %s", self.name, error)
                row = None
            if row:
                self._run(row)
            else:
                time.sleep(settings.WORKER_POLL_SECONDS)
            close_old_connections()
        self.pulse.stop()

    def give_back(self) -> None:
        if row := self.at_hand:
            hand_back(row)

    def _look_for_the_dead(self) -> None:
        if time.monotonic() >= self.next_look:
            self.next_look = time.monotonic() + LOOK_FOR_THE_DEAD
            revive_the_dead()

    def _run(self, row: DBTaskResult) -> None:
        self.at_hand, self.pulse.busy_with = row, row.task_path
        self.before_each()
        error = run(row)
        self._record_end(row, error)
        self.at_hand, self.pulse.busy_with = None, ""

    def _record_end(self, row: DBTaskResult, error: BaseException | None) -> None:
        end = time.monotonic() + PATIENCE
        while True:
            close_old_connections()
            try:
                record_end(row, error)
            except (OperationalError, InterfaceError):
                if time.monotonic() > end:
                    raise
                time.sleep(1)
            else:
                return
