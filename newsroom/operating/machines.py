"""How each machine stands now: what it did in its last minute, and its disks, as it wrote them beside its totals.

A mark is a few totals and their moment. Reading one uses nothing up, so any number of clocks and scrapes find the same
minute; and a machine that only serves is judged by the clock of another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from newsroom.lib.hours import hour_of
from newsroom.lib.meters import Readings, sum_of
from newsroom.operating.local_disks import Disk
from tasks.models import Reading

MINUTE = timedelta(minutes=1)
# A minute lies between two marks that are about one apart: machines write one every minute, some of them more.
LEAST_APART, MOST_APART = timedelta(seconds=45), timedelta(minutes=3)
# What was not heard of for so long, nothing is known of.
SILENT = timedelta(minutes=5)

Told = Mapping[str, Any]  # of a row: tasks.models.Reading.counted


class Tally(NamedTuple):
    """Answers of Django, those of them that were 5xx, and single mails that no server took."""

    answered: int = 0
    errors: int = 0
    unsent: int = 0


@dataclass(frozen=True)
class Mark:
    at: datetime
    tally: Tally


@dataclass(frozen=True)
class Machine:
    name: str
    minute: Tally = Tally()
    disks: Sequence[Disk] = field(default_factory=list)


def told_beside(former: Told, total: Readings, disks: Sequence[Disk], now: datetime) -> dict[str, Any]:
    """What a machine writes beside `total`; `former` is what it wrote last."""
    recent = [mark for mark in _marks(former) if now - MOST_APART <= mark.at < now]
    return {
        "marks": [[mark.at.isoformat(), *mark.tally] for mark in (*recent, Mark(now, _tally(total)))],
        "disks": [astuple(disk) for disk in disks],
    }


def machines_now(now: datetime) -> list[Machine]:
    """Those that were heard of in the last minutes."""
    rows = Reading.objects.filter(hour__gte=hour_of(now) - timedelta(hours=1), hour__lte=now).order_by("hour")
    newest = {row.machine: row.counted for row in rows}
    return [_machine(name, told, now) for name, told in newest.items() if _is_heard(told, now)]


def total_of_minute(machines: Sequence[Machine]) -> Tally:
    return Tally(*map(sum, zip(*(machine.minute for machine in machines), strict=True)))


def _machine(name: str, told: Told, now: datetime) -> Machine:
    return Machine(name, _last_minute(_marks(told), now), [Disk(*disk) for disk in told.get("disks", ())])


def _is_heard(told: Told, now: datetime) -> bool:
    return any(mark.at > now - SILENT for mark in _marks(told))


def _last_minute(marks: Sequence[Mark], now: datetime) -> Tally:
    """Nothing where nothing is known of it: of a machine's first minute, after its files were lost, and when what it
    wrote last was there for the look before."""
    if not marks or marks[-1].at <= now - MINUTE:
        return Tally()
    last = marks[-1]
    before = next((mark for mark in reversed(marks) if mark.at <= last.at - LEAST_APART), last)
    grown = Tally(*(new - old for new, old in zip(last.tally, before.tally, strict=True)))
    return grown if min(grown) >= 0 else Tally()


def _marks(told: Told) -> list[Mark]:
    """In the order of their moments. A row of an older version of the code has none."""
    found = [Mark(datetime.fromisoformat(at), Tally(*totals)) for at, *totals in told.get("marks", ())]
    return sorted(found, key=lambda mark: mark.at)


def _tally(total: Readings) -> Tally:
    return Tally(
        sum_of(total, "newsroom_requests_total"),
        sum_of(total, "newsroom_requests_total", status="5xx"),
        sum_of(total, "newsroom_mails_total", outcome="failed"),
    )
