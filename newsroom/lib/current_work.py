"""What this thread is doing: a request or a task, by a number that stands in every line of the log about it."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

# What a proxy may send: long enough to be one of a kind, and nothing that a log would read otherwise.
_SHAPE = re.compile(r"[0-9A-Za-z_-]{8,64}", re.ASCII)


def new_id() -> str:
    return secrets.token_hex(16)


def is_id(text: str) -> bool:
    return bool(_SHAPE.fullmatch(text))


@dataclass(slots=True)
class Work:
    """`name`: of the view or the task; '' before it is known, or when a kept page was sent. Times in seconds."""

    id: str = field(default_factory=new_id)
    name: str = ""
    query_count: int = 0
    query_seconds: float = 0.0


_current: ContextVar[Work | None] = ContextVar("current_work", default=None)
current_work = _current.get


@contextmanager
def working_on(work: Work) -> Iterator[Work]:
    token = _current.set(work)
    try:
        yield work
    finally:
        _current.reset(token)
