"""When a worker is asked to stop: by a signal, or because its parent is gone.

A task that lasts asks `is_asked()` now and then and leaves the rest to a later task; after GRACE seconds
it is broken off and handed to another worker.
"""

import signal
import time
from types import FrameType

# A machine that shuts down gives ten seconds; the rest is for handing back what is not finished.
GRACE = 8
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

_asked: list[float] = []


def listen() -> None:
    """Begin to heed the signals."""
    for name in SIGNALS:
        signal.signal(name, ask)


def forget() -> None:
    """As if nobody had asked; for tests, which run many workers in one process."""
    _asked.clear()


def ask(number: int = 0, frame: FrameType | None = None) -> None:
    _asked.append(time.monotonic())


def is_asked() -> bool:
    return bool(_asked)


def is_overdue() -> bool:
    return bool(_asked) and time.monotonic() - _asked[0] > GRACE
