"""What a clock has to do: wake up every minute, do what is due, and leave nothing behind.

Rows say what is due, so a tick that was missed is made up for by the next one, and several at once do no harm.
"""

import logging
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone

from articles import changes, commenting, listing, most_read, revisions, unsaved
from articles.search import indexing
from images import preparing
from newsletter import digesting, importing
from newsletter.delivering import send_pending_confirmations
from newsletter.forgetting import forget_networks, forget_requests_without_mail, forget_unconfirmed
from newsletter.returns import housekeeping, mailboxes, webhooks
from newsletter.sending import waking
from newsroom.operating import alerts, reading
from pages import neighbours, public_time
from pages.current import current_site, forget_site
from tasks import scheduling, stopping
from tasks.engine import engine

logger = logging.getLogger(__name__)

MINUTE = 60  # seconds
# How soon after the end of its parent the clock stops.
LOOK_AROUND = 1  # seconds
SEARCH_SECONDS = 20

# What was done, in words of the log: {"published": 2}. None: nothing worth a word.
Done = dict[str, int] | None


@dataclass
class Report:
    """What one tick did, and the steps that failed."""

    done: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = ", ".join(f"{count} {name}" for name, count in self.done.items() if count) or "nothing was due"
        return f"{counts}; failed: {', '.join(self.failed)}" if self.failed else counts


def note_what_came_out() -> Done:
    """No word in the log: whoever serves readers does it, too."""
    public_time.keep_up()
    return None


def publish_changes() -> Done:
    return {"changes published": changes.publish_due_changes()}


def mail_comments() -> Done:
    sent = commenting.send_waiting_mail()
    return {"comments mailed": sent["sent"], "comments not mailed": sent["failed"]}


def mail_confirmations() -> Done:
    went_out = list(send_pending_confirmations())
    return {"confirmations mailed": sum(went_out), "confirmations not mailed": len(went_out) - sum(went_out)}


def revive_tasks() -> Done:
    return {"tasks revived": engine.revive()}


def prune_tasks() -> Done:
    return {"old tasks pruned": engine.prune()}


def forget_unsaved() -> Done:
    return {"unsaved texts forgotten": unsaved.forget_old(timezone.now())}


def forget_requests() -> Done:
    forget_requests_without_mail()
    forget_networks()
    return {"unconfirmed readers forgotten": forget_unconfirmed()}


def prune_revisions() -> Done:
    return {"old versions pruned": revisions.prune(kept_days=current_site().settings.revisions_kept_days)}


def prune_notices() -> Done:
    """No word in the log: each of them was only to be seen for some minutes."""
    neighbours.prune()
    return None


def clear_sessions() -> Done:
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return None


def read_reports() -> Done:
    """What came back about mails and a task that was lost should have read; then the mailbox, which may be slow."""
    new = webhooks.read_waiting()
    return {"reports read": new + mailboxes.look().total()}


def make_digests() -> Done:
    return {"digests made": digesting.make_due_digests(timezone.now())}


def wake_senders() -> Done:
    return waking.wake_senders()


def wake_imports() -> Done:
    return {"imports woken": importing.wake_imports(timezone.now())}


def forget_imports() -> Done:
    return {"imports forgotten": importing.forget_imports(timezone.now())}


def forget_returns() -> Done:
    return housekeeping.forget()


def prepare_pictures() -> Done:
    return {"pictures prepared anew": preparing.prepare_waiting(timezone.now())}


def rank_reads() -> Done:
    most_read.rank()
    return None


def fold_reads() -> Done:
    return {"hours of reads put together": most_read.fold()}


def fold_counts() -> Done:
    """No word in the log: it follows from what was published."""
    listing.fold()
    return None


def recount_lists() -> Done:
    """What was published, deleted or dated past every deed."""
    return {"counts mended": listing.recount()}


def renew_search() -> Done:
    """What another analyser has made. A part of the minute, so that nothing else waits for a large archive."""
    return {"articles indexed again": sum(indexing.reindex(seconds=SEARCH_SECONDS))}


def complete_search() -> Done:
    """Articles that came in past every deed."""
    return {"articles indexed": sum(indexing.complete(seconds=SEARCH_SECONDS))}


def forget_operation() -> Done:
    now = timezone.now()
    return {"readings forgotten": reading.forget_readings(now), "alerts forgotten": alerts.forget_alerts(now)}


def watch_operation() -> Done:
    """By clocks alone: whoever ticks by hand looks already."""
    return alerts.watch(timezone.now())


EVERY_MINUTE = (
    note_what_came_out,
    publish_changes,
    rank_reads,
    fold_counts,
    mail_comments,
    mail_confirmations,
    make_digests,
    wake_senders,
    wake_imports,
    revive_tasks,
    prepare_pictures,
    renew_search,
    read_reports,
    prune_notices,
)
EVERY_DAY = (
    complete_search,
    forget_unsaved,
    forget_requests,
    prune_revisions,
    fold_reads,
    recount_lists,
    clear_sessions,
    prune_tasks,
    forget_imports,
    forget_returns,
    forget_operation,
)


def tick(*, daily: bool = False) -> Report:
    """Do what is due, each step apart: one that fails stops no other. `daily`: also what is done once a day, now."""
    report = Report()
    for step in (*EVERY_MINUTE, *EVERY_DAY) if daily else EVERY_MINUTE:
        _run(step, report)
    forget_site()
    return report


def scheduled_tick() -> Report:
    """The same as a clock does it: what is done once a day is done by one of all clocks, until it succeeds."""
    now = timezone.now()
    report = tick()
    for step in EVERY_DAY:
        if scheduling.claim(step.__name__, period=now.date().isoformat(), now=now):
            _run_once(step, report, now=now)
    _run(watch_operation, report)
    scheduling.note("tick", now=now)
    forget_site()
    return report


def _run(step: Callable[[], Done], report: Report) -> bool:
    forget_site()  # long asleep: the settings may have changed
    try:
        done = step()
    except Exception:
        logger.exception("The step %s of the tick failed", step.__name__)
        report.failed.append(step.__name__)
        return False
    report.done |= done or {}
    return True


def _run_once(step: Callable[[], Done], report: Report, *, now: datetime) -> None:
    if _run(step, report):
        scheduling.done(step.__name__, period=now.date().isoformat(), now=now)
    else:
        scheduling.failed(step.__name__, now=now)


class Clock:
    """Ticks at every full minute until its parent is gone or somebody stops it.

    A step that is running is finished: a deed is a transaction, a mail is sent or not.
    """

    def __init__(self, parent: int) -> None:
        self.parent = parent

    def run(self) -> None:
        stopping.listen()
        for _moment in self._minutes():
            close_old_connections()  # the database may have gone and come back
            try:
                report = scheduled_tick()
            except (DatabaseError, InterfaceError):
                logger.exception("The tick failed")
                continue
            if report.failed or any(report.done.values()):
                logger.info("Tick: %s", report)

    def _minutes(self) -> Iterator[datetime]:
        """The first one at once: it makes up for what was missed while nothing ran."""
        while self._goes_on():
            yield timezone.now()
            until = (time.time() // MINUTE + 1) * MINUTE
            # More than a minute is left when somebody turned the clock of the machine back.
            while self._goes_on() and 0 < (left := until - time.time()) <= MINUTE:
                time.sleep(min(left, LOOK_AROUND))

    def _goes_on(self) -> bool:
        return not stopping.is_asked() and os.getppid() == self.parent


def run_forever(*, parent: int | None = None) -> None:
    """`parent` is the process that asked for it, in case that it is gone before this line is reached."""
    Clock(parent or os.getppid()).run()
