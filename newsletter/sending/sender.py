"""The sender: one thread that speaks to the database, and several that speak to the mail server.

The database is never asked while a message leaves, and no transaction is open meanwhile (a mistake there would mail
everybody again). What the connections bring back is written in groups; until then the journal knows it.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from queue import Empty
from typing import TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from newsletter.enums import IssueState
from newsletter.mails.assembling import Assembler
from newsletter.models import Issue, SenderSlot
from newsletter.sending.claiming import claim
from newsletter.sending.desk import SendingDesk
from newsletter.sending.letters import Kind, Outcome
from newsletter.sending.pacing import Gate, close_domain, closed_domains
from newsletter.sending.pausing import Wave, pause
from newsletter.sending.recovering import claimed
from newsletter.sending.runs import Run, ticks
from newsletter.sending.settling import settle, write
from newsletter.sending.states import NotInState, state_of
from newsletter.sending.transports import Transport
from newsroom.lib.database_clock import database_now
from tasks import stopping

T = TypeVar("T")
logger = logging.getLogger(__name__)

# What is written in one transaction: so many outcomes, or those of so many seconds.
GROUP = 100
GROUP_SECONDS = 0.25
# How often somebody's pause is looked for while nothing is written.
WATCH_SECONDS = 0.5
# How often it is asked which mail domains are left alone.
CLOSED_SECONDS = 2.0
# Where there are limits a message leaves at its moment, so nothing may take long.
BREATH = 0.02
# Between two attempts to reach a database that is locked or gone.
DATABASE_REST = 0.2
# How long after the end of its lease a sender still tries to write down what it sent.
LAST_WORDS = 60


class Sender:
    """One run over one issue. Nothing of it outlives `work`."""

    def __init__(self, issue: Issue, *, run: Run, transport: Transport) -> None:
        self._issue = issue
        self._run = run
        self._transport = transport
        self._desk = SendingDesk(run, Assembler(issue, issue.compiled_mails.all()))
        self._gate = Gate(transport.name)
        self._closed: set[str] = set()
        self._wave = Wave()
        self._unwritten: list[Outcome] = []
        self.carried = 0
        self._in_hand = 0
        self._after = 0
        self._is_exhausted = False
        self._is_stopped = False
        self._until = time.monotonic() + settings.NEWSLETTER_SLICE_SECONDS
        self._renewed_at = self._written_at = self._watched_at = self._closed_at = 0.0

    def work(self) -> None:
        """Send until the time is over, nothing is left, or somebody says stop. Everything is settled afterwards."""
        threads = [
            threading.Thread(target=self._desk.carry, args=[self._transport], name=f"connection {number}", daemon=True)
            for number in range(settings.NEWSLETTER_CONNECTIONS)
        ]
        self._renew_lease()
        self._look_for_closed_domains()
        for thread in threads:
            thread.start()
        try:
            while self._goes_on() and any(thread.is_alive() for thread in threads):
                self._take_more()
                self._look_after(BREATH if self._gate.is_needed else GROUP_SECONDS)
            self._end(threads)
        finally:
            # After an error (a database that is gone for good) as well no thread may send for a run that is over.
            self._desk.stop()
            self._desk.close()
            for thread in threads:
                thread.join()

    @property
    def trouble(self) -> str:
        """Why the mail server could not be reached, if it could not."""
        return self._desk.trouble

    def _goes_on(self) -> bool:
        if self._is_stopped or self._desk.fault or stopping.is_asked() or time.monotonic() > self._until:
            return False
        return self._in_hand > 0 or not self._is_exhausted

    def _take_more(self) -> None:
        """Keep enough in hand that no connection waits; from the beginning again where the end was reached."""
        waiting = self._desk.waiting() + self._gate.waiting()
        if waiting <= settings.NEWSLETTER_BATCH // 2 and not self._is_exhausted:
            self._claim()
        if self._gate.is_needed:
            self._let_through(settings.NEWSLETTER_CONNECTIONS - self._desk.waiting())

    def _let_through(self, room: int) -> None:
        if room > 0:
            for letter in self._ask(lambda: self._gate.released(at_most=room)):
                self._desk.put(letter)

    def _claim(self) -> None:
        without = self._closed | self._gate.full_domains()
        found = self._ask(lambda: claim(self._issue, owner=self._run.id, after=self._after, without=without))
        if found.through is None:
            self._is_exhausted = self._after == 0
            self._after = 0
            return
        self._after = found.through
        self._in_hand += len(found.letters)
        for letter in found.letters:
            if self._gate.is_needed:
                self._gate.hold(letter)
            else:
                self._desk.put(letter)

    def _look_after(self, seconds: float) -> None:
        """Gather what comes back within `seconds`, write it down when it is enough, and hear of the world outside."""
        self._collect(seconds)
        if len(self._unwritten) >= GROUP or time.monotonic() - self._written_at >= GROUP_SECONDS:
            self._write()
        self._mind()

    def _collect(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        with suppress(Empty):
            while len(self._unwritten) < GROUP:
                outcome = self._desk.outcomes.get(timeout=max(0.0, until - time.monotonic()))
                self._unwritten.append(outcome)
                self._learn(outcome)

    def _mind(self) -> None:
        """Hold on to what is in hand; hear of a pause and of domains that are left alone."""
        self._renew_lease()
        now = time.monotonic()
        if now - self._watched_at > WATCH_SECONDS:
            self._heed(self._ask(lambda: state_of(self._issue.pk)))
        if now - self._closed_at > CLOSED_SECONDS:
            self._look_for_closed_domains()

    def _look_for_closed_domains(self) -> None:
        self._closed, self._closed_at = self._ask(closed_domains), time.monotonic()
        self._desk.resting = self._closed  # the same set, to which _learn adds

    def _write(self) -> None:
        outcomes, self._unwritten = self._unwritten, []
        self._written_at = time.monotonic()
        if not outcomes:
            return
        rows = [settle(outcome, self._issue) for outcome in outcomes]
        self._heed(self._ask(lambda: write(rows, owner=self._run.id, issue_id=self._issue.pk)))
        self._in_hand -= len(outcomes)

    def _learn(self, outcome: Outcome) -> None:
        """What one answer says about the others: at once, since many would leave before it is written."""
        self.carried += outcome.kind is not Kind.RETURNED
        if reason := self._wave.look_at(outcome):
            self._pause(reason)
        elif outcome.letter.domain not in self._closed and (domain := self._gate.heed(outcome)):
            seconds = self._gate.rest_of(domain)
            logger.warning("%s takes no mail now and is left alone for %d s", domain, seconds)
            self._closed.add(domain)
            self._ask(lambda: close_domain(domain, seconds=seconds))

    def _heed(self, state: str) -> None:
        self._watched_at = time.monotonic()
        if state != IssueState.SENDING:
            self._is_stopped = True
            self._desk.stop()

    def _pause(self, reason: str) -> None:
        self._is_stopped = True
        self._desk.stop()
        with suppress(NotInState):
            self._ask(lambda: pause(self._issue, reason=reason))

    def _renew_lease(self) -> None:
        """Hold on to everything for another while. Who comes too late holds nothing any more, and never sends again."""
        now = ticks()
        if now - self._renewed_at < settings.NEWSLETTER_LEASE_SECONDS / 3:
            return
        if self._renewed_at and not self._run.may_send():
            self._is_stopped = True
            self._desk.stop()
            return
        self._ask(self._write_lease)
        self._run.hold_until(now + settings.NEWSLETTER_LEASE_SECONDS)
        self._renewed_at = now

    def _write_lease(self) -> None:
        moment = database_now()
        until = moment + timedelta(seconds=settings.NEWSLETTER_LEASE_SECONDS)
        claimed().filter(owner=self._run.id).update(lease_until=until)
        SenderSlot.objects.filter(owner=self._run.id).update(beat_at=moment)

    def _end(self, threads: list[threading.Thread]) -> None:
        """Let the connections finish what they hold, give back the rest, and leave nothing in doubt."""
        for letter in [*self._gate.take_back(), *self._desk.take_back()]:
            self._unwritten.append(Outcome(letter, Kind.RETURNED))
        self._desk.close()
        while any(thread.is_alive() for thread in threads):
            self._collect(0.05)
            self._write()
            self._mind()
        for letter in self._desk.take_back():
            self._unwritten.append(Outcome(letter, Kind.RETURNED))
        while self._unwritten or not self._desk.outcomes.empty():
            self._collect(0)
            self._write()
        if self._desk.fault:
            self._pause(self._desk.fault)
        self._let_go()

    def _let_go(self) -> None:
        """What is still held belongs to a connection that broke down: the journal says the rest."""
        if self._ask(lambda: claimed().filter(owner=self._run.id).exists()):
            self._run.abandon()
        else:
            self._run.end()

    def _ask(self, question: Callable[[], T]) -> T:
        """Ask the database, again and again where it is locked or was restarted. Everything asked may be asked twice.

        Meanwhile the connections go on with what is in hand, until the fence.
        """
        while True:
            try:
                return question()
            except (OperationalError, InterfaceError) as error:
                if connection.in_atomic_block or ticks() > self._run.fence + LAST_WORDS:
                    raise
                logger.warning("The database does not answer (%s); the sender waits", type(error).__name__)
                connection.close()
                time.sleep(DATABASE_REST)
