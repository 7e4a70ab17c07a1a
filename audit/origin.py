"""Where the request that is being answered came from. Empty outside of a request: on the command line, in a task."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """The address of whoever asked, normalised, and what the browser says it is. Both may be empty."""

    address: str = ""
    user_agent: str = ""


NOWHERE = Origin()
current: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)
