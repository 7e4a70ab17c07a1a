"""A little history of what the meters say: a row for each machine and hour, kept for a week."""

import math
import socket
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from newsroom.lib import meters
from newsroom.lib.meters import BOUNDS, Readings
from tasks.models import Reading

HOUR = timedelta(hours=1)
KEPT = timedelta(days=7)


def machine() -> str:
    return socket.gethostname()[:255]


def hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def note_reading(now: datetime | None = None) -> Readings:
    """Write down what the processes of this machine have counted. Returns what came since the last time."""
    now = now or timezone.now()
    meters.write()
    meters.put_together()
    total = meters.all_readings()
    latest = Reading.objects.filter(machine=machine(), hour__lte=now).order_by("-hour").first()
    Reading.objects.update_or_create(machine=machine(), hour=hour_of(now), defaults={"counted": total.as_json()})
    return total.since(meters.read_json(latest.counted)) if latest else Readings()


def forget_readings(now: datetime) -> int:
    deleted, _by_model = Reading.objects.filter(hour__lt=now - KEPT).delete()
    return deleted


def counted_by_hour(now: datetime, *, hours: int) -> dict[datetime, Readings]:
    """What all machines did in each of the last hours, the oldest first; hours without a word are empty."""
    first = hour_of(now) - (hours - 1) * HOUR
    found = {first + number * HOUR: Readings() for number in range(hours)}
    former: dict[str, Readings] = {}
    # One hour more, to begin from; two, where nobody read in that one.
    rows = Reading.objects.filter(hour__gte=first - 2 * HOUR, hour__lte=now).order_by("hour")
    for row in rows:
        total = meters.read_json(row.counted)
        if row.hour in found and row.machine in former:
            found[row.hour].take(total.since(former[row.machine]))
        elif row.hour in found and not _was_there_before(row):
            found[row.hour].take(total)
        former[row.machine] = total
    return found


def _was_there_before(row: Reading) -> bool:
    """Whether its totals are older than our hours: then nobody knows what of them came in the first one."""
    return Reading.objects.filter(machine=row.machine, hour__lt=row.hour).exists()


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


def sum_of(readings: Readings, name: str, **labels: str) -> int:
    """Of the series of that name which have these labels."""
    asked = set(labels.items())
    found = (amount for (each, told), amount in readings.counts.items() if each == name and asked <= set(told))
    return int(sum(found))
