"""How the tasks stand: for whoever looks after the machine."""

from dataclasses import dataclass
from datetime import datetime

from tasks.counting import Counts
from tasks.engine import engine
from tasks.models import Schedule, Worker


@dataclass(frozen=True)
class Standing:
    counts: Counts
    # Those that were heard of lately; `seen_at` says when.
    workers: list[Worker]
    # None: no clock ever ticked.
    ticked_at: datetime | None


def standing() -> Standing:
    """Six queries at most."""
    steps = list(Schedule.objects.order_by("name"))
    ticked_at = next((step.done_at for step in steps if step.name == "tick"), None)
    return Standing(engine.counts(), list(Worker.objects.order_by("machine", "started_at")), ticked_at)
