"""What travels between the sender and its connections."""

from enum import Enum
from typing import NamedTuple, Protocol

from newsletter.mails.slots import Recipient


class Letter(NamedTuple):
    """A delivery in the hands of this sender. `attempt` counts from 1; `address` is where it goes, in ASCII."""

    recipient: Recipient
    address: str
    domain: str
    attempt: int

    @property
    def delivery_id(self) -> int:
        return self.recipient.delivery_id


class Kind(Enum):
    ACCEPTED = "accepted"
    REFUSED = "refused"  # for good (5xx)
    DEFERRED = "deferred"  # not now (4xx), or surely not taken
    UNKNOWN = "unknown"  # it left whole and no answer came
    RETURNED = "returned"  # not tried at all


class Outcome(NamedTuple):
    """What became of a letter. `is_about_us`: the answer was to our own name, not to the reader's."""

    letter: Letter
    kind: Kind
    code: int | None = None
    enhanced_code: str = ""
    reply: str = ""
    is_about_us: bool = False

    @property
    def delivery_id(self) -> int:
        return self.letter.delivery_id


class Prepared(NamedTuple):
    letter: Letter
    sender: str
    message: bytes


class NotPermitted(Exception):
    """The sender was told to stop, or may not send any more: nothing of the message may leave."""


class Unreachable(Exception):
    """The mail server cannot be spoken to at the moment; nothing was sent."""


class SetUpWrong(Exception):
    """The mail server will never take our mail like this (password, TLS, permission): a person has to look."""


class Desk(Protocol):
    """Where a connection fetches letters and brings back what became of them."""

    def fetch(self, *, waits: bool) -> Prepared | None:
        """The next one. None: nothing at the moment, or, when it waited, the end."""

    def permit(self, letter: Letter) -> None:
        """Called right before the message leaves. Raises NotPermitted."""

    def is_open(self) -> bool:
        """Whether messages may leave at all at this moment."""

    def report(self, outcome: Outcome) -> None: ...


class Courier(Protocol):
    """One connection."""

    def work(self, desk: Desk) -> bool:
        """Carry letters over one connection until none is left, or it has carried enough. False: the desk is closed.

        Raises Unreachable, SetUpWrong or NotPermitted. Each letter that was fetched has been reported by then.
        """
