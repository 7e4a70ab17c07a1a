"""How many tasks there are: what each engine can say of its own."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Counts:
    waiting: int
    running: int
    # Given up, of the last days that are kept.
    failed: int
    ended: int
    # Since when the one that waits longest could have been run; None when nothing that is due waits.
    oldest_due_at: datetime | None
