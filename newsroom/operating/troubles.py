"""The rules: which figures need a person. What each means, and what to do about it, stands beside its name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from newsroom.lib.meters import sum_of
from newsroom.operating.figures import Figures
from newsroom.operating.machines import Machine, Tally, total_of_minute
from newsroom.operating.reading import HOUR, counted_by_hour, total_of
from tasks.models import Alert

FULL = 0.10  # of a disk that is free
SILENT = timedelta(minutes=5)  # a clock, or all workers
MOST_LAG = 30.0  # seconds
# Of one minute, of all machines: answers 5xx, and their share of what Django answered.
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


def place_of(name: str) -> str:
    """The machine that it is of; '' for what is of the site."""
    return name.partition("|")[2]


def about_of(name: str) -> str:
    """Which disk, which task, on which machine; '' where there is only one."""
    thing, _bar, place = name.partition("|")
    return " · ".join(part for part in (thing.partition(":")[2], place) if part)


def told(alert: Alert) -> dict[str, object]:
    """As mail and page say it."""
    kind = kind_of(alert.name)
    return {"alert": alert, "what": kind.what, "advice": kind.advice, "about": about_of(alert.name)}


def troubles_of(
    found: Figures, machines: Sequence[Machine], *, now: datetime, ticked_at: datetime | None
) -> list[Trouble]:
    """The clock looked last at `ticked_at`."""
    minute = total_of_minute(machines)
    return [
        *_of_disks(machines),
        *_of_tasks(found, now=now, ticked_at=ticked_at),
        *_of_mail(found, minute),
        *_of_copies(found),
        *_of_errors(minute),
        *_of_failures(now),
    ]


def _of_disks(machines: Sequence[Machine]) -> Iterator[Trouble]:
    for machine in machines:
        for disk in machine.disks:
            if disk.share < FULL:
                yield Trouble(f"disk:{disk.name}|{machine.name}", f"{disk.share * 100:.0f}%")


def _of_tasks(found: Figures, *, now: datetime, ticked_at: datetime | None) -> Iterator[Trouble]:
    if ticked_at and now - ticked_at > SILENT and not settings.LOOPBACK:  # whoever tries the site stops it at will
        yield Trouble("clock", _minutes(now - ticked_at))
    if found.tasks and not any(now - worker.seen_at <= SILENT for worker in found.tasks.workers):
        yield Trouble("workers", str(found.tasks.counts.waiting))


def _of_mail(found: Figures, minute: Tally) -> Iterator[Trouble]:
    late = found.mail.late if found.mail else 0
    if late or minute.unsent >= MOST_UNSENT:
        yield Trouble("mail", str(max(late, minute.unsent)))
    if found.mail and found.mail.stuck:
        yield Trouble("newsletter", str(found.mail.stuck))


def _of_copies(found: Figures) -> Iterator[Trouble]:
    """No backup at all is for `manage.py doctor` to say: somebody may make them another way."""
    if found.backup and not found.backup.is_ok:
        yield Trouble("backup", found.backup.damage or _hours(found.backup.age))
    for alias, lag in found.replicas.items():
        if lag is None or lag > MOST_LAG:
            yield Trouble(f"replica:{alias}", "" if lag is None else f"{lag:.0f} s")


def _of_errors(minute: Tally) -> Iterator[Trouble]:
    if minute.errors >= MOST_ERRORS and minute.errors > minute.answered * MOST_SHARE:
        yield Trouble("errors", f"{minute.errors}/{minute.answered}")


def _of_failures(now: datetime) -> Iterator[Trouble]:
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
