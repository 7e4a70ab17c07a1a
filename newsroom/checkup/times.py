"""Whether those are alive that nobody sees: the clock, the workers; and whether the clocks of the machines agree."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.checkup.databases import ask
from newsroom.checkup.findings import Finding, fault, ok, warning
from tasks.standing import standing

MOST_SKEW, WRONG_SKEW = 2.0, 30.0  # s
LATE_TICK = timedelta(minutes=3)
LATE_TASK = timedelta(minutes=10)


def check_clocks_agree() -> Iterator[Finding]:
    """A story is published when the clock of the web server says so, and its time is what the worker wrote down."""
    if connection.vendor != "postgresql":
        return
    before = timezone.now()
    there: datetime = ask("SELECT clock_timestamp()")
    after = timezone.now()
    skew = abs((there - (before + (after - before) / 2)).total_seconds())
    advice = _("Let every machine take the time from a server (chrony or systemd-timesyncd).")
    if skew > WRONG_SKEW:
        yield fault("clock", _("This machine and the database are %(seconds)s s apart."), advice, seconds=round(skew))
    elif skew > MOST_SKEW:
        yield warning(
            "clock", _("This machine and the database are %(seconds)s s apart."), advice, seconds=round(skew, 1)
        )
    else:
        yield ok("clock", _("The clocks of this machine and of the database agree."))


def check_workers() -> Iterator[Finding]:
    silent_after = timedelta(seconds=max(60, settings.WORKER_HEARTBEAT_SECONDS * 4))
    alive = [worker for worker in standing().workers if worker.seen_at > timezone.now() - silent_after]
    if alive:
        yield ok("tasks.workers", _("Workers that run tasks: %(count)s."), count=len(alive))
    else:
        yield fault(
            "tasks.workers",
            _("No worker is alive: no mail goes out and no picture gets its sizes."),
            _("Start manage.py worker, or the web server without WORKER=0."),
        )


def check_tick() -> Iterator[Finding]:
    ticked_at = standing().ticked_at
    if ticked_at is not None and ticked_at > timezone.now() - LATE_TICK:
        yield ok("tasks.clock", _("The clock last did its work at %(time)s UTC."), time=f"{ticked_at:%H:%M:%S}")
    else:
        yield fault(
            "tasks.clock",
            _("The clock does not tick: what is due is not announced and lost tasks are not found."),
            _("Start manage.py worker --with-clock, or the web server without TICK=0."),
        )


def check_queue() -> Iterator[Finding]:
    counts = standing().counts
    if counts.oldest_due_at is not None and counts.oldest_due_at < timezone.now() - LATE_TASK:
        yield warning(
            "tasks.queue",
            _("Tasks wait since %(time)s UTC (%(count)s of them)."),
            _("Look at the log of the workers; start more of them (WORKER_CONCURRENCY)."),
            time=f"{counts.oldest_due_at:%Y-%m-%d %H:%M}",
            count=counts.waiting,
        )
    else:
        yield ok("tasks.queue", _("No task waits for long."))
    if counts.failed:
        yield warning(
            "tasks.failed",
            _("Tasks that were given up in the last days: %(count)s."),
            _("The log says why; what they were for is found again by the clock."),
            count=counts.failed,
        )
