"""The rules: which figures need a person. What each means, and what to do about it, stands beside its name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from newsroom.lib.meters import Readings
from newsroom.operating.figures import Figures
from newsroom.operating.reading import HOUR, counted_by_hour, machine, sum_of, total_of

FULL = 0.10  # of a disk that is free
SILENT = timedelta(minutes=5)  # a clock, or all workers
MOST_LAG = 30.0  # seconds
# Of one minute: answers 5xx, and their share of what Django answered.
MOST_ERRORS, MOST_SHARE = 10, 0.02
# Attempts at one task that failed within this hour and the one before.
MOST_FAILURES = 3
# Mails of a minute that no server took.
MOST_UNSENT = 3


@dataclass(frozen=True)
class Trouble:
    """`name` is "kind", "kind:of what" or one of these followed by "|machine". `value` is for people: 7 %."""

    name: str
    value: str = ""


@dataclass(frozen=True)
class Kind:
    what: str | Promise
    advice: str | Promise


KINDS = {
    "disk": Kind(
        _("A disk is nearly full"),
        _("Remove old backups and logs from it, or give it more room. When it is full, nothing can be saved."),
    ),
    "workers": Kind(
        _("No worker runs tasks"),
        _("Start manage.py worker, or the service that runs it. Mails, pictures and newsletters wait until then."),
    ),
    "clock": Kind(
        _("The clock stood still"),
        _("What was due was published late. Look in the log why manage.py worker --with-clock did not run."),
    ),
    "backup": Kind(
        _("There is no recent backup"),
        _("Run manage.py backup and look why the one of the night failed."),
    ),
    "mail": Kind(
        _("Mails are not sent"),
        _("Look at the mail server and at EMAIL_URL; manage.py doctor tries it. What waits is sent when it is back."),
    ),
    "newsletter": Kind(
        _("An issue of the newsletter was stopped"),
        _("Open it in the desk: its page says why it was stopped, and has the button to go on."),
    ),
    "replica": Kind(
        _("A copy of the database is behind"),
        _("Readers are answered by the primary database meanwhile. Look at the load of the replica and its network."),
    ),
    "task": Kind(
        _("A task fails again and again"),
        _("Look for its name in the log; what it should have done is tried again by the clock."),
    ),
    "errors": Kind(
        _("Readers get error pages"),
        _("Look in the log for the last errors; when they began with a new version, go back to the old one."),
    ),
}


def kind_of(name: str) -> Kind:
    return KINDS[name.partition("|")[0].partition(":")[0]]


def about_of(name: str) -> str:
    """Which disk, which task, on which machine; '' where there is only one."""
    thing, _bar, place = name.partition("|")
    return " · ".join(part for part in (thing.partition(":")[2], place) if part)


def troubles_of(found: Figures, counted: Readings, *, now: datetime, ticked_at: datetime | None) -> list[Trouble]:
    """`counted`: what this machine did since the clock looked last, which was at `ticked_at`."""
    return [
        *_of_disks(found),
        *_of_tasks(found, now=now, ticked_at=ticked_at),
        *_of_mail(found, counted),
        *_of_copies(found),
        *_of_failures(counted, now),
    ]


def _of_disks(found: Figures) -> Iterator[Trouble]:
    for disk in found.disks:
        if disk.share < FULL:
            yield Trouble(f"disk:{disk.name}|{machine()}", f"{disk.share * 100:.0f}%")


def _of_tasks(found: Figures, *, now: datetime, ticked_at: datetime | None) -> Iterator[Trouble]:
    if ticked_at and now - ticked_at > SILENT and not settings.LOOPBACK:  # whoever tries the site stops it at will
        yield Trouble("clock", _minutes(now - ticked_at))
    if found.tasks and not any(now - worker.seen_at <= SILENT for worker in found.tasks.workers):
        yield Trouble("workers", str(found.tasks.counts.waiting))


def _of_mail(found: Figures, counted: Readings) -> Iterator[Trouble]:
    failed = sum_of(counted, "newsroom_mails_total", outcome="failed")
    late = found.mail.late if found.mail else 0
    if late or failed >= MOST_UNSENT:
        yield Trouble("mail", str(max(late, failed)))
    if found.mail and found.mail.stuck:
        yield Trouble("newsletter", str(found.mail.stuck))


def _of_copies(found: Figures) -> Iterator[Trouble]:
    """No backup at all is for `manage.py doctor` to say: somebody may make them another way."""
    if found.backup and not found.backup.is_ok:
        yield Trouble("backup", _hours(found.backup.age))
    for alias, lag in found.replicas.items():
        if lag is None or lag > MOST_LAG:
            yield Trouble(f"replica:{alias}", "" if lag is None else f"{lag:.0f} s")


def _of_failures(counted: Readings, now: datetime) -> Iterator[Trouble]:
    answered = sum_of(counted, "newsroom_requests_total")
    errors = sum_of(counted, "newsroom_requests_total", status="5xx")
    if errors >= MOST_ERRORS and errors > answered * MOST_SHARE:
        yield Trouble("errors", f"{errors}/{answered}")
    recent = total_of(counted_by_hour(now, hours=2).values())
    tasks = {dict(labels)["task"] for name, labels in recent.counts if name == "newsroom_tasks_total"}
    for task in sorted(tasks):
        failed = sum_of(recent, "newsroom_tasks_total", task=task, outcome="failed")
        if failed >= MOST_FAILURES:
            yield Trouble(f"task:{task}", str(failed))


def _minutes(age: timedelta) -> str:
    return f"{age // timedelta(minutes=1)} min"


def _hours(age: timedelta) -> str:
    return f"{age // HOUR} h"
