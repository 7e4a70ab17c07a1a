"""A little history of what the meters say: a row for each machine and hour, kept for a week."""

import logging
import math
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from newsroom.lib import meters
from newsroom.lib.hours import hour_of
from newsroom.lib.meters import BOUNDS, Readings
from newsroom.operating.local_disks import Disk, local_disks
from newsroom.operating.machines import told_beside
from tasks.models import Reading

logger = logging.getLogger(__name__)

HOUR = timedelta(hours=1)
KEPT = timedelta(days=7)


def machine() -> str:
    return meters.name_of_machine()


def noted() -> Path:
    """A file of this machine that is as old as its last reading."""
    return meters.folder() / "noted"


def note_reading(now: datetime | None = None) -> None:
    """Write down what the processes of this machine have counted, and how it stands (newsroom.operating.machines).

    The first time nobody knows when it was counted: it is written down for the hour before, to begin from.
    """
    now = now or timezone.now()
    meters.write()
    meters.put_together()
    total = meters.all_readings()
    with suppress(OSError):
        noted().touch()
    name, counted = machine(), total.as_json()
    former = Reading.objects.filter(machine=name, hour__lte=now).order_by("-hour").first()
    if former is None:
        former, _made = Reading.objects.get_or_create(
            machine=name, hour=hour_of(now) - HOUR, defaults={"counted": counted}
        )
    counted |= told_beside(former.counted, total, _disks(), now)
    Reading.objects.update_or_create(machine=name, hour=hour_of(now), defaults={"counted": counted})


def _disks() -> list[Disk]:
    try:
        return local_disks()
    except OSError as error:
        logger.warning("The disks could not be looked at: %s", type(error).__name__)
        return []


def forget_readings(now: datetime) -> int:
    deleted, _by_model = Reading.objects.filter(hour__lt=now - KEPT).delete()
    return deleted


def counted_by_hour(now: datetime, *, hours: int) -> dict[datetime, Readings]:
    """What all machines did in each of the last hours, the oldest first; hours without a word are empty.

    Of a machine's first row nobody knows what of it came in that hour.
    """
    first = hour_of(now) - (hours - 1) * HOUR
    found = {first + number * HOUR: Readings() for number in range(hours)}
    former: dict[str, Readings] = {}
    # One hour more, to begin from; two, where nobody read in that one.
    rows = Reading.objects.filter(hour__gte=first - 2 * HOUR, hour__lte=now).order_by("hour")
    for row in rows:
        total = meters.read_json(row.counted)
        if row.hour in found and row.machine in former:
            found[row.hour].take(total.since(former[row.machine]))
        former[row.machine] = total
    return found


@dataclass
class Speed:
    """Of a view, or of all. Seconds; None where nothing was counted."""

    name: str
    count: int
    half: float | None
    most: float | None  # nineteen of twenty took no longer
    failed: int = 0
    row: list[float] = field(default_factory=list, repr=False)


def total_of(readings: Iterable[Readings]) -> Readings:
    total = Readings()
    for each in readings:
        total.take(each)
    return total


def speeds(readings: Readings) -> list[Speed]:
    """By view, the slowest first."""
    failed: Counter[str] = Counter()
    for (name, labels), amount in readings.counts.items():
        told = dict(labels)
        if name == "newsroom_requests_total" and told["status"] == "5xx":
            failed[told["view"]] += int(amount)
    found = [
        speed(dict(labels)["view"], row, failed[dict(labels)["view"]])
        for (name, labels), row in readings.times.items()
        if name == "newsroom_request_seconds" and any(row[:-1])
    ]
    return sorted(found, key=lambda one: (-(one.most or 0), one.name))


def speed(name: str, row: list[float], failed: int = 0) -> Speed:
    return Speed(name, int(sum(row[:-1])), quantile(row, 0.5), quantile(row, 0.95), failed, row)


def all_of(readings: Readings) -> list[float]:
    """The times of all views together."""
    total = [0.0] * (len(BOUNDS) + 2)
    for (name, _labels), row in readings.times.items():
        if name == "newsroom_request_seconds":
            total = [a + b for a, b in zip(total, row, strict=True)]
    return total


def quantile(row: list[float], share: float) -> float | None:
    """Seconds, estimated within the bounds between which it lies; past the last bound, that one."""
    buckets = row[:-1]
    wanted, below = share * sum(buckets), 0.0
    if not wanted:
        return None
    for low, high, count in zip((0.0, *BOUNDS), (*BOUNDS, math.inf), buckets, strict=True):
        if below + count >= wanted:
            return low if math.isinf(high) else low + (high - low) * (wanted - below) / count
        below += count
    return BOUNDS[-1]
