"""The figures in the text format of Prometheus (exposition format 0.0.4).

Names and what they mean are in docs/operations.md, which a test compares with this file.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from newsroom.lib.meters import BOUNDS, Key, Readings
from newsroom.lib.version import VERSION
from newsroom.operating.figures import Figures

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

COUNTED = {
    "newsroom_requests_total": "Requests that Django answered, by view, method and class of status.",
    "newsroom_queries_total": "Queries of these requests, by view.",
    "newsroom_query_seconds_total": "Seconds that the database took for them, by view.",
    "newsroom_slow_queries_total": "Queries that took longer than SLOW_QUERY_MS, by database.",
    "newsroom_page_cache_total": "Requests by what the cache of pages did: hit, miss, stale.",
    "newsroom_tasks_total": "Attempts at tasks, by task and outcome (done, failed).",
    "newsroom_mails_total": "Single mails by kind (desk, readers) and outcome; failed ones may have gone later.",
    "newsroom_newsletter_messages_total": "Messages of the newsletter by outcome (sent, failed, uncertain).",
    "newsroom_sign_in_failures_total": "Sign-ins that were refused.",
}
TIMED = {
    "newsroom_request_seconds": "Time until Django had the answer, by view.",
    "newsroom_task_seconds": "Time of an attempt at a task, by task.",
}
MEASURED = {
    "newsroom_build_info": "1, with the version of the code.",
    "newsroom_tasks_waiting": "Tasks that wait.",
    "newsroom_tasks_running": "Tasks that run.",
    "newsroom_tasks_given_up": "Tasks that were given up, of those still kept.",
    "newsroom_tasks_oldest_seconds": "How long the task that waits longest could have been run already.",
    "newsroom_workers": "Workers that were heard of in the last minutes.",
    "newsroom_clock_age_seconds": "Since the last tick of a clock; +Inf: there never was one.",
    "newsroom_newsletter_waiting": "Messages of issues on their way that are not sent.",
    "newsroom_newsletter_uncertain": "Those of which nobody knows whether they arrived.",
    "newsroom_newsletter_senders": "Senders at work.",
    "newsroom_newsletter_stuck": "Issues that were paused by the site itself.",
    "newsroom_newsletter_returns_day": "Reports about messages in the last day, by kind.",
    "newsroom_mails_late": "Mails promised to readers that nobody could send.",
    "newsroom_sign_ins_day": "Refused and locked out sign-ins of the last day, by what happened.",
    "newsroom_database_bytes": "Size of the database.",
    "newsroom_replica_lag_seconds": "How far a replica is behind; +Inf: it does not answer.",
    "newsroom_disk_free_bytes": "Room on a disk that the site writes to.",
    "newsroom_disk_bytes": "Its size.",
    "newsroom_backup_age_seconds": "Since the last finished backup; +Inf: there is none.",
    "newsroom_unknown": "Figures that could not be found out just now.",
}


@dataclass(frozen=True)
class Sample:
    name: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


def exposition(readings: Readings, found: Figures) -> str:
    lines = [
        *_counters(readings.counts),
        *_histograms(readings.times),
        *_gauges(measured(found)),
    ]
    return "\n".join(lines) + "\n"


def measured(found: Figures) -> Iterator[Sample]:
    yield Sample("newsroom_build_info", 1, (("version", VERSION),))
    yield Sample("newsroom_unknown", len(found.unknown))
    yield from _of_tasks(found)
    yield from _of_mail(found)
    for action, count in (found.sign_ins or {}).items():
        yield Sample("newsroom_sign_ins_day", count, (("what", action),))
    if found.database_size is not None:
        yield Sample("newsroom_database_bytes", found.database_size)
    for alias, lag in found.replicas.items():
        yield Sample("newsroom_replica_lag_seconds", math.inf if lag is None else lag, (("database", alias),))
    for disk in found.disks:
        yield Sample("newsroom_disk_free_bytes", disk.free, (("disk", disk.name),))
        yield Sample("newsroom_disk_bytes", disk.total, (("disk", disk.name),))
    yield Sample("newsroom_backup_age_seconds", found.backup.age.total_seconds() if found.backup else math.inf)


def _of_tasks(found: Figures) -> Iterator[Sample]:
    if (tasks := found.tasks) is None:
        return
    yield Sample("newsroom_tasks_waiting", tasks.counts.waiting)
    yield Sample("newsroom_tasks_running", tasks.counts.running)
    yield Sample("newsroom_tasks_given_up", tasks.counts.failed)
    oldest = tasks.counts.oldest_due_at
    yield Sample("newsroom_tasks_oldest_seconds", (found.at - oldest).total_seconds() if oldest else 0)
    yield Sample("newsroom_workers", len(tasks.workers))
    age = (found.at - tasks.ticked_at).total_seconds() if tasks.ticked_at else math.inf
    yield Sample("newsroom_clock_age_seconds", age)


def _of_mail(found: Figures) -> Iterator[Sample]:
    if (mail := found.mail) is None:
        return
    yield Sample("newsroom_newsletter_waiting", mail.waiting)
    yield Sample("newsroom_newsletter_uncertain", mail.uncertain)
    yield Sample("newsroom_newsletter_senders", mail.senders)
    yield Sample("newsroom_newsletter_stuck", mail.stuck)
    yield Sample("newsroom_mails_late", mail.late)
    for kind, count in mail.back.items():
        yield Sample("newsroom_newsletter_returns_day", count, (("kind", kind),))


def _gauges(samples: Iterable[Sample]) -> Iterator[str]:
    by_name: dict[str, list[Sample]] = {}
    for sample in samples:
        by_name.setdefault(sample.name, []).append(sample)
    for name, group in by_name.items():
        yield from _head(name, MEASURED[name], "gauge")
        yield from (_line(name, sample.labels, sample.value) for sample in group)


def _counters(counts: dict[Key, float]) -> Iterator[str]:
    for name, told in COUNTED.items():
        rows = sorted((labels, value) for (found, labels), value in counts.items() if found == name)
        if rows:
            yield from _head(name, told, "counter")
            yield from (_line(name, labels, value) for labels, value in rows)


def _histograms(times: dict[Key, list[float]]) -> Iterator[str]:
    for name, told in TIMED.items():
        rows = sorted((labels, row) for (found, labels), row in times.items() if found == name)
        if rows:
            yield from _head(name, told, "histogram")
        for labels, row in rows:
            *buckets, seconds = row
            for bound, count in zip((*BOUNDS, math.inf), accumulate(buckets), strict=True):
                yield _line(f"{name}_bucket", (*labels, ("le", _number(bound))), count)
            yield _line(f"{name}_sum", labels, seconds)
            yield _line(f"{name}_count", labels, sum(buckets))


def _head(name: str, told: str, kind: str) -> Iterator[str]:
    yield f"# HELP {name} {told}"
    yield f"# TYPE {name} {kind}"


def _line(name: str, labels: Iterable[tuple[str, str]], value: float) -> str:
    told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels)
    return f"{name}{{{told}}} {_number(value)}" if told else f"{name} {_number(value)}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    if math.isinf(value):
        return "+Inf"
    return str(int(value)) if value == int(value) else repr(float(value))
