"""The cases of faults.py: each sends an issue, lets something go wrong, and says what became of it.

Imported only after the settings of a newsroom of its own were chosen (mailroom.set_up).
"""

import multiprocessing
import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Max, Sum
from django.utils import timezone

from audit.enums import Action
from audit.models import AuditEntry
from newsletter.enums import DeliveryState, IssueState
from newsletter.models import Delivery, Issue, RateBucket, Suppression
from newsletter.sending import lifecycle, recovering
from newsletter.sending.waking import wake_senders
from newsroom.lib.connections import end_connections
from tests.newsletter import mailroom
from tests.newsletter.killing import Outcome, compare, leave_unclaimed

Facts = dict[str, Any]
WORKERS = 2
ALTERED = ("-m", "tests.newsletter.altered_worker")
LONGEST = 60  # seconds for anything to happen, on a machine that is busy with something else
SLOW = 0.02  # seconds before each answer: time to do something while an issue is sent
FORK = multiprocessing.get_context("fork")


class Room:
    """Where the cases happen: two workers, and a mail server that is only there while a case says so."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.log = folder / "taken.log"
        self._program: tuple[str, ...] = ()
        self.workers: mailroom.Workers
        self._number = 0

    def clear(self) -> None:
        self.log.unlink(missing_ok=True)
        RateBucket.objects.all().delete()

    def employ(self, program: tuple[str, ...] = mailroom.WORKER) -> None:
        """Workers that run `program`, the same as before if they do."""
        if program == self._program:
            return
        self.dismiss()
        self.workers, self._program = mailroom.Workers(WORKERS, log=self.workers_log, program=program), program

    def dismiss(self) -> None:
        if self._program:
            self.workers.stop()
            self._program = ()

    @property
    def workers_log(self) -> Path:
        return self.folder / "workers.log"

    @contextmanager
    def sink(self, **faults: Any) -> Iterator[None]:
        with mailroom.running_sink(self.folder, port=self.port, **faults):
            yield

    def issue(self, count: int, *, policy: str = "resend") -> Issue:
        self._number += 1
        issue: Issue = mailroom.fill(count, policy=policy, name=f"نشرة {self._number}")
        return issue

    def sent(self, count: int, *, policy: str = "resend") -> Issue:
        """An issue that is on its way."""
        issue = self.issue(count, policy=policy)
        lifecycle.send_now(issue, by=None, expected_count=lifecycle.candidates_of(issue)[0])
        return issue

    def taken(self) -> int:
        return mailroom.lines(self.log)

    def wait_for(self, number: int) -> None:
        """Until the mail server has taken so many."""
        wait(lambda: self.taken() >= number, f"{number} mails")

    def times(self) -> list[float]:
        return [float(line.split()[-1]) for line in self.log.read_text().splitlines()]


def wait(condition: Callable[[], bool], name: str, *, seconds: float = LONGEST) -> None:
    if not mailroom.wait_until(condition, seconds=seconds, every=0.02):
        raise TimeoutError(name)


def wait_for_state(issue: Issue, *states: IssueState) -> None:
    def is_there() -> bool:
        issue.refresh_from_db()
        return issue.state in states

    wait(is_there, f"{states}; it is {issue.state}: {rows_of(issue)}")


def end(issue: Issue, room: Room, **facts: Any) -> Facts:
    """Wait for the end of an issue and look what became of it."""
    wait_for_state(issue, IssueState.FINISHED)
    return account(issue, room, **facts)


def account(
    issue: Issue, room: Room, *, left: Collection[str] = (), leavers: Collection[str] = (), **facts: Any
) -> Facts:
    outcome = compare(issue, Outcome(), log=room.log, left=left, leavers=leavers)
    tried = issue.deliveries.aggregate(most_attempts=Max("attempts"), tries=Sum("attempts"))
    counts = {"failed": issue.failed_count, "skipped": issue.skipped_count}
    held = issue.deliveries.filter(state=DeliveryState.CLAIMED).count()
    return asdict(outcome) | tried | counts | {"held": held, "reason": issue.paused_reason} | facts


def rows_of(issue: Issue) -> dict[int, int]:
    states = list(issue.deliveries.values_list("state", flat=True))
    return {state: states.count(state) for state in set(states)}


def addresses(issue: Issue, state: DeliveryState) -> set[str]:
    return set(issue.deliveries.filter(state=state).values_list("subscriber__email", flat=True))


def fork(deed: Callable[[], Any]) -> Any:
    """A process of its own that does it."""
    end_connections()
    process = FORK.Process(target=deed)
    process.start()
    return process


# Killed, halted, cut off from the database


def killed_while_preparing(room: Room) -> Facts:
    room.employ(ALTERED)
    states = []
    with room.sink():
        issue = room.sent(1_000)
        for number in (200, 500):
            wait(lambda n=number: issue.deliveries.count() >= n, "preparation")  # type: ignore[misc]
            room.workers.kill_all()
            issue.refresh_from_db()
            states.append(issue.state)
        return end(issue, room, states=states)


def locked_database(room: Room) -> Facts:
    """Longer than a sender may send without hearing from the database, so that it also has to stop and begin anew."""
    room.employ(ALTERED)
    with room.sink(slow=SLOW):
        issue = room.sent(1_000)
        room.wait_for(100)
        with database_lock():
            time.sleep(6)
        return end(issue, room)


@contextmanager
def database_lock() -> Iterator[None]:
    """Nobody else can write."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None, timeout=20)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    other = connection.copy()
    other.set_autocommit(False)
    with closing(other), other.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Delivery._meta.db_table} IN EXCLUSIVE MODE")
        yield
        other.rollback()


def killed_all_at_once(room: Room) -> Facts:
    room.employ()
    with room.sink(slow=SLOW):
        issue = room.sent(700)
        for number in (150, 400):
            room.wait_for(number)
            room.workers.kill_all()
        return end(issue, room)


def killed_while_recovering(room: Room) -> Facts:
    """Whoever reads the journal of the dead dies over it, again and again."""
    room.employ()
    held = []
    with room.sink(slow=SLOW):
        issue = room.sent(700)
        room.wait_for(150)
        room.workers.end_all()
        held.append(issue.deliveries.filter(state=DeliveryState.CLAIMED).count())
        for _death in range(4):
            process = fork(_recover_slowly)
            claimed = issue.deliveries.filter(state=DeliveryState.CLAIMED)
            wait(lambda: claimed.count() < held[-1], "recovery")  # noqa: B023 - used at once
            os.kill(process.pid, signal.SIGKILL)
            process.join()
            held.append(claimed.count())
        room.workers.start_again()
        return end(issue, room, held_by_the_dead=held)


def _recover_slowly() -> None:
    write = recovering.write

    def slowly(*args: Any, **kwargs: Any) -> str:
        state = write(*args, **kwargs)
        time.sleep(0.05)
        return state

    recovering.CHUNK, recovering.write = 5, slowly
    recovering.recover()


def halted_past_its_lease(room: Room) -> Facts:
    """All that is left is sent by the other worker before the halted one wakes: it must not send one more message."""
    room.employ()
    with room.sink(slow=SLOW):
        issue = room.sent(800)
        room.wait_for(100)
        room.workers.halt(0)
        held = issue.deliveries.filter(state=DeliveryState.CLAIMED).count()

        def is_finished() -> bool:
            wake_senders()  # as the clock does each minute
            issue.refresh_from_db()
            return issue.state == IssueState.FINISHED

        try:
            assert mailroom.wait_until(is_finished, seconds=LONGEST, every=0.5), rows_of(issue)
        finally:
            woken_at = time.time()
            room.workers.wake(0)
        time.sleep(2)
        late = sum(moment > woken_at for moment in room.times())
        return end(issue, room, held_when_halted=held, late=late)


def ended_connections(room: Room) -> Facts:
    """All connections to the database are ended, several times."""
    room.employ()
    ended = 0
    with room.sink(slow=SLOW):
        issue = room.sent(700)
        for number in (100, 250, 400) if connection.vendor == "postgresql" else ():
            room.wait_for(number)
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
                ended += cursor.fetchone()[0]
        return end(issue, room, ended=ended)


# What mail servers do


def through(room: Room, *, count: int = 400, policy: str = "resend", **faults: Any) -> Facts:
    room.employ()
    with room.sink(**faults):
        return end(room.sent(count, policy=policy), room)


def domain_that_says_not_now(room: Room) -> Facts:
    room.employ()
    issue = room.issue(400)
    domain = f"{issue.mailing_list_id}.mail0.example"
    with room.sink(refusing={domain: "451 4.7.1 Later"}):
        started = time.time()
        lifecycle.send_now(issue, by=None, expected_count=400)
        room.wait_for(320)
        seconds = time.time() - started
        time.sleep(3)  # time enough for a tight loop
        lifecycle.cancel(issue, by=None)
        wait(lambda: Issue.objects.filter(pk=issue.pk, finished_at__isnull=False).exists(), "the end")
        refused = set(issue.deliveries.filter(domain=domain).values_list("subscriber__email", flat=True))
        tries = issue.deliveries.filter(domain=domain).aggregate(tries=Sum("attempts"))["tries"]
        return account(issue, room, left=refused, seconds_of_others=seconds, tries_at_the_domain=tries)


def unknown_addresses(room: Room) -> Facts:
    room.employ()
    with room.sink(unknown=0.04):
        issue = room.sent(400)
        wait_for_state(issue, IssueState.FINISHED, IssueState.PAUSED)
        failed = addresses(issue, DeliveryState.FAILED)
        suppressed = Suppression.objects.filter(address_hash__in=_hashes(issue, failed)).count()
        tries = issue.deliveries.filter(state=DeliveryState.FAILED).aggregate(most=Max("attempts"))["most"]
        return account(issue, room, left=failed, suppressed=suppressed, tries_at_the_unknown=tries)


def _hashes(issue: Issue, emails: set[str]) -> list[bytes]:
    rows = issue.deliveries.filter(subscriber__email__in=emails)
    return list(rows.values_list("subscriber__address_hash", flat=True))


def wave_of_refusals(room: Room) -> Facts:
    room.employ()
    before = Suppression.objects.count()
    with room.sink(wave=[100, 1_000_000], slow=5 * SLOW):
        issue = room.sent(400)
        wait_for_state(issue, IssueState.PAUSED)
        wait(lambda: not issue.deliveries.filter(state=DeliveryState.CLAIMED).exists(), "the last outcomes")
        paused = {"paused_with": issue.paused_reason, "failed_then": issue.failed_count, "taken_then": room.taken()}
    with room.sink():
        lifecycle.resume(issue, by=None)
        return end(issue, room, **paused, suppressed=Suppression.objects.count() - before)


def server_that_goes_away(room: Room) -> Facts:
    """It is not there at first, comes, dies, and comes back."""
    room.employ()
    issue = room.sent(500)
    time.sleep(1.5)
    with room.sink(slow=SLOW):
        room.wait_for(150)
    time.sleep(3)
    with room.sink():
        return end(issue, room)


# What people and clocks do


def clocks_at_once(room: Room) -> Facts:
    """An issue is due, and four clocks find it."""
    room.employ()
    issue = room.issue(200)
    lifecycle.schedule(issue, by=None, at=timezone.now() + timedelta(seconds=0.5), expected_count=200)
    time.sleep(0.6)
    barrier = FORK.Barrier(4)

    def tick() -> None:
        Issue.objects.count()  # a connection of its own
        barrier.wait()
        wake_senders()

    with room.sink():
        clocks = [fork(tick) for _clock in range(4)]
        for clock in clocks:
            clock.join()
        exits = [clock.exitcode for clock in clocks]
        starts = AuditEntry.objects.filter(action=Action.SENT, subject_id=str(issue.pk)).count()
        return end(issue, room, starts=starts, exits=exits)


def pause_and_resume(room: Room) -> Facts:
    room.employ()
    with room.sink(slow=SLOW):
        issue = room.sent(1_000)
        room.wait_for(150)
        issue.refresh_from_db()
        lifecycle.pause(issue, reason="خطأ في العنوان")
        paused_at = time.time()
        time.sleep(3.5)
        late = sum(moment > paused_at + 2 for moment in room.times())
        taken = room.taken()
        held = issue.deliveries.filter(state=DeliveryState.CLAIMED).count()
        issue.refresh_from_db()
        sent = issue.sent_count
    with room.sink():
        lifecycle.resume(issue, by=None)
        return end(issue, room, late=late, taken_before=taken, sent_before=sent, held_while_paused=held)


def cancel(room: Room) -> Facts:
    room.employ()
    with room.sink(slow=SLOW):
        issue = room.sent(700)
        room.wait_for(150)
        issue.refresh_from_db()
        lifecycle.cancel(issue, by=None)
        cancelled_at = time.time()
        wait(lambda: Issue.objects.filter(pk=issue.pk, finished_at__isnull=False).exists(), "the end")
        time.sleep(2.5)
        late = sum(moment > cancelled_at + 2 for moment in room.times())
        skipped = addresses(issue, DeliveryState.SKIPPED)
        return account(issue, room, leavers=skipped, late=late)


def leaving_meanwhile(room: Room) -> Facts:
    room.employ()
    choice, left, leavers = random.Random(5), set(), set()  # noqa: S311 - the same each time
    with room.sink(slow=2 * SLOW):
        issue = room.sent(1_000)
        for number in (100, 200, 300):
            room.wait_for(number)
            for _person in range(3):
                address, is_unclaimed = leave_unclaimed(issue, choice)
                leavers |= address
                left |= address if is_unclaimed else set()
        return end(issue, room, left=left, leavers=leavers, number_left=len(left))


CASES: dict[str, Callable[[Room], Facts]] = {
    "killed while preparing": killed_while_preparing,
    "locked database": locked_database,
    "killed all at once": killed_all_at_once,
    "killed while recovering": killed_while_recovering,
    "halted past its lease": halted_past_its_lease,
    "ended connections": ended_connections,
    "silent": partial(through, policy="hold", silent=0.02),
    "reset": partial(through, reset=0.03),
    "cut": partial(through, cut=0.05),
    "421": partial(through, closing=20),
    "451": partial(through, busy=0.1),
    "domain that says not now": domain_that_says_not_now,
    "unknown addresses": unknown_addresses,
    "wave of refusals": wave_of_refusals,
    "server that goes away": server_that_goes_away,
    "clocks at once": clocks_at_once,
    "pause and resume": pause_and_resume,
    "cancel": cancel,
    "leaving meanwhile": leaving_meanwhile,
}
