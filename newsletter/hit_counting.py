"""Counts opens and clicks without making a reader wait, as articles.counting counts reads.

What came together in the memory of a process is written by a thread about every ten seconds. Where an issue counts
without names, all there is of a reader is one more in a sum by the hour; where it notes by name, the first open and the
first click on each link become a DeliveryEvent. No address of a network and no name of a program is ever written.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from django.db import Error, connection, transaction
from django.utils import timezone

from newsletter.enums import EventKind, Tracking
from newsletter.hits import Hit
from newsletter.models import Delivery, DeliveryEvent, Issue
from newsroom.lib.hours import hour_of
from newsroom.lib.timed_flush import TimedFlush

logger = logging.getLogger(__name__)

PROVIDER = "site"
OPENED = 0  # HitCount.number of the mail itself
# HitCount.number of opens by programs: no issue has so many links.
MACHINE_OPENED = 32_767

FLUSH_SECONDS = 10
# What waits while the database does not answer; a few MB.
MOST_WAITING = 20_000
# Rows of one statement: five values each, of which SQLite took 999 for a long time.
BATCH = 150
# Nobody reads so fast: who opens or follows within that time after the mail left is a scanner on the way.
MACHINE_SECONDS = timedelta(seconds=10)

_ADD = """
    INSERT INTO newsletter_hitcount (issue_id, variant, number, hour, count) VALUES {rows}
    ON CONFLICT (issue_id, variant, number, hour) DO UPDATE SET count = newsletter_hitcount.count + excluded.count
"""


class Sum(NamedTuple):
    issue_id: int
    variant: str
    number: int
    hour: datetime


class HitBuffer:
    """The opens and clicks that this process holds and the database does not know yet."""

    def __init__(self, most: int = MOST_WAITING) -> None:
        self._most = most
        self._sums: Counter[Sum] = Counter()
        self._named: dict[Hit, datetime] = {}
        self._lock = threading.Lock()  # of the three above; never held while the database works
        self._writing = threading.Lock()
        # Started by a process that serves readers (newsroom.wsgi).
        self.timed = TimedFlush(self.flush, seconds=FLUSH_SECONDS)

    def __len__(self) -> int:
        return len(self._sums) + len(self._named)

    def add(self, hit: Hit, *, is_machine: bool = False) -> None:
        """No query. While the buffer is full, only what is in it already is counted."""
        now = timezone.now()
        number = MACHINE_OPENED if is_machine else hit.number
        total = Sum(hit.issue_id, hit.variant, number, hour_of(now))
        with self._lock:
            is_named = hit.delivery_id is not None and not is_machine
            has_room = len(self) < self._most
            if is_named and has_room:
                self._named.setdefault(hit, now)
            elif not is_named and (has_room or total in self._sums):
                self._sums[total] += 1
        self.timed.begin()

    def flush(self) -> int:
        """Write everything and return how many were counted. What the database refuses is kept for the next time."""
        with self._writing:
            with self._lock:
                named, self._named = self._named, {}
                sums, self._sums = self._sums, Counter()
            try:
                with transaction.atomic():
                    return write(sums, named)
            except Error as error:
                logger.warning("The opens and clicks of the last seconds could not be written and are kept: %s", error)
                with self._lock:
                    self._sums.update(sums)
                    self._named = named | self._named
                return 0


def write(sums: Mapping[Sum, int], named: Mapping[Hit, datetime]) -> int:
    """Add to the rows, in the transaction of the caller; returns how many were counted.

    An issue that counts nothing counts nothing, whatever was asked for. Raises django.db.Error.
    """
    trackings = _trackings({total.issue_id for total in sums} | {hit.issue_id for hit in named})
    found: Counter[Sum] = Counter({total: count for total, count in sums.items() if total.issue_id in trackings})
    by_name = {hit: at for hit, at in named.items() if trackings.get(hit.issue_id) == Tracking.INDIVIDUAL}
    for hit, at in named.items():
        if trackings.get(hit.issue_id) == Tracking.AGGREGATE:
            found[_sum_of(hit, at)] += 1
    found.update(_note_first(by_name))
    _add_to_rows(found)
    return sum(found.values())


def _trackings(issue_ids: Iterable[int]) -> dict[int, str]:
    counted = Issue.objects.filter(pk__in=issue_ids).exclude(tracking=Tracking.OFF)
    return dict(counted.values_list("pk", "tracking"))


def _note_first(hits: Mapping[Hit, datetime]) -> Counter[Sum]:
    """Write an event for each that is the first of its delivery, and return those as sums."""
    deliveries = Delivery.objects.in_bulk([hit.delivery_id for hit in hits])
    events, sums = {}, {}
    machines: Counter[Sum] = Counter()
    for hit, at in hits.items():
        delivery = deliveries.get(hit.delivery_id or 0)
        if delivery is None or delivery.issue_id != hit.issue_id:
            continue
        if delivery.sent_at and at - delivery.sent_at < MACHINE_SECONDS:
            if hit.number == OPENED:
                machines[_sum_of(hit._replace(number=MACHINE_OPENED), at)] += 1
            continue
        event = _event(hit, delivery, at)
        events[event.provider_event_id] = event
        sums[event.provider_event_id] = _sum_of(hit, at)
    known = DeliveryEvent.objects.filter(provider=PROVIDER, provider_event_id__in=list(events))
    new = events.keys() - set(known.values_list("provider_event_id", flat=True))
    DeliveryEvent.objects.bulk_create([events[name] for name in sorted(new)], batch_size=BATCH, ignore_conflicts=True)
    return machines + Counter(sums[name] for name in new)


def _event(hit: Hit, delivery: Delivery, at: datetime) -> DeliveryEvent:
    is_open = hit.number == OPENED
    return DeliveryEvent(
        provider=PROVIDER,
        provider_event_id=f"o{delivery.pk}" if is_open else f"c{delivery.pk}.{hit.number}",
        kind=EventKind.OPENED if is_open else EventKind.CLICKED,
        delivery=delivery,
        domain=delivery.domain,
        at=at,
        number=None if is_open else hit.number,
    )


def _sum_of(hit: Hit, at: datetime) -> Sum:
    return Sum(hit.issue_id, hit.variant, hit.number, hour_of(at))


def _add_to_rows(sums: Mapping[Sum, int]) -> None:
    """In one statement for each BATCH, and in one order: two processes that lock rows crosswise would wait for ever."""
    stored: Callable[[datetime], Any] = connection.ops.adapt_datetimefield_value
    waiting = iter(sorted(sums.items()))
    while batch := list(islice(waiting, BATCH)):
        values = [value for (*key, hour), count in batch for value in (*key, stored(hour), count)]
        with connection.cursor() as cursor:
            cursor.execute(_ADD.format(rows=", ".join(["(%s, %s, %s, %s, %s)"] * len(batch))), values)


buffer = HitBuffer()
