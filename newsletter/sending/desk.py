"""Where the sender and its connections meet, and the thread that each connection is."""

import logging
import re
import threading
from collections.abc import Collection
from queue import Empty, SimpleQueue

from newsletter.mails.assembling import Assembler
from newsletter.returns.recording import without_names
from newsletter.sending.journal import Entry, JournalBroken, Mark
from newsletter.sending.letters import Kind, Letter, NotPermitted, Outcome, Prepared, SetUpWrong, Unreachable
from newsletter.sending.runs import Run
from newsletter.sending.transports import Transport

logger = logging.getLogger(__name__)

# Seconds before a server that could not be reached is tried again; twice as long each time.
FIRST_REST = 0.5
LONGEST_REST = 30.0

# What may stand in an envelope; the recipient was looked at when it was claimed.
_SENDER = re.compile(r"[!-;=?-~]*")
_MARKS = {Kind.ACCEPTED: Mark.ACCEPTED, Kind.REFUSED: Mark.NOT_ACCEPTED, Kind.DEFERRED: Mark.NOT_ACCEPTED}


class SendingDesk:
    """Letters out, outcomes in. All but `put`, `take_back` and `close` is called by the connections' threads."""

    def __init__(self, run: Run, assembler: Assembler) -> None:
        self.outcomes: SimpleQueue[Outcome] = SimpleQueue()
        # Why nothing can be sent: at the moment, and ever like this.
        self.trouble = ""
        self.fault = ""
        # Mail domains that get nothing at the moment.
        self.resting: Collection[str] = ()
        self._letters: SimpleQueue[Letter | None] = SimpleQueue()
        self._stopped = threading.Event()
        self._run = run
        self._assembler = assembler

    def put(self, letter: Letter) -> None:
        self._letters.put(letter)

    def waiting(self) -> int:
        return self._letters.qsize()

    def take_back(self) -> list[Letter]:
        """Those that no connection has fetched."""
        letters: list[Letter] = []
        while True:
            try:
                letter = self._letters.get_nowait()
            except Empty:
                return letters
            if letter:
                letters.append(letter)

    def close(self) -> None:
        """No more letters come: connections end when they have carried what they hold."""
        self._letters.put(None)

    def stop(self) -> None:
        """Nothing more may leave."""
        self._stopped.set()

    def rest(self, seconds: float) -> None:
        self._stopped.wait(seconds)

    def fetch(self, *, waits: bool) -> Prepared | None:
        while True:
            try:
                letter = self._letters.get(waits)
            except Empty:
                return None
            if letter is None:
                self._letters.put(None)  # for the other connections
                return None
            if prepared := self._prepare(letter):
                return prepared

    def permit(self, letter: Letter) -> None:
        if not self.is_open():
            raise NotPermitted
        try:
            self._run.journal.write(Entry(Mark.INTENT, letter.delivery_id, letter.attempt))
        except JournalBroken as error:
            self._give_up(f"The journal of the sender cannot be written: {error}")
            raise NotPermitted from error

    def is_open(self) -> bool:
        return self._run.may_send() and not self._stopped.is_set()

    def report(self, outcome: Outcome) -> None:
        if mark := _MARKS.get(outcome.kind):
            letter = outcome.letter
            try:
                self._run.journal.write(Entry(mark, letter.delivery_id, letter.attempt, outcome.code or 0))
            except JournalBroken as error:
                self._give_up(f"The journal of the sender cannot be written: {error}")
        self.outcomes.put(outcome)

    def carry(self, transport: Transport) -> None:
        """The life of one connection: again and again, with rests between when the server cannot be reached."""
        failures = 0
        courier = transport.courier()
        while not self._stopped.is_set():
            try:
                if not courier.work(self):
                    return
                failures = 0
            except Unreachable as error:
                self.trouble = without_names(str(error))  # what ended a connection may have named a reader
                logger.warning("The mail server cannot be reached: %s", self.trouble)
                self.rest(min(LONGEST_REST, FIRST_REST * 2**failures))
                failures += 1
            except SetUpWrong as error:
                self._give_up(str(error))
            except NotPermitted:
                return
            except Exception:
                logger.exception("A connection of the sender ended")
                return

    def _give_up(self, reason: str) -> None:
        self.fault = self.fault or reason
        self.stop()

    def _prepare(self, letter: Letter) -> Prepared | None:
        """None when no message can be made for this one reader, which must not keep the others waiting, or when it is
        better not sent now."""
        if letter.domain in self.resting:
            self.report(Outcome(letter, Kind.RETURNED))
            return None
        try:
            sender = self._assembler.envelope_sender(letter.delivery_id)
            if not _SENDER.fullmatch(sender):
                raise ValueError("no envelope can hold the sender's address")
            return Prepared(letter, sender, self._assembler.message(letter.recipient))
        except Exception as error:
            logger.exception("No message could be made for delivery %s", letter.delivery_id)
            self.report(Outcome(letter, Kind.REFUSED, reply=f"no message could be made: {type(error).__name__}"))
            return None
