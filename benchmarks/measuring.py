"""What the benchmarks have in common: figures beside their targets, a database of their own, a client.

Times are from request to answer; of several runs the median. On SQLite they are those of the processor, which does all
the work, so that other work on the machine counts little; on PostgreSQL, which works apart, those of the clock: there
the fastest run, which stands beside the median, says more while the machine is busy.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RUNS = 20


@dataclass(frozen=True)
class Figure:
    """One line of the table. `unit` is ms or bytes."""

    name: str
    value: float
    most: float | None = None
    fastest: float | None = None
    queries: int | None = None
    most_queries: int | None = None
    unit: str = "ms"

    @property
    def is_missed(self) -> bool:
        too_many = self.most_queries is not None and self.queries is not None and self.queries > self.most_queries
        return too_many or (self.most is not None and self.value > self.most)

    def __str__(self) -> str:
        value = f"{self.value:,.0f} {self.unit}"
        most = f"{self.most:,.0f}" if self.most is not None else "-"
        fastest = f"{self.fastest:,.0f}" if self.fastest is not None else ""
        queries = "" if self.queries is None else f"{self.queries}"
        queries += f" of {self.most_queries}" if self.most_queries is not None else ""
        mark = "MISSED" if self.is_missed else ""
        return f"{self.name:<62}{value:>14}{fastest:>9}{most:>9}{queries:>11}  {mark}".rstrip()


HEADING = f"{'':<62}{'median':>14}{'fastest':>9}{'target':>9}{'queries':>11}"


class Measuring:
    """Runs what it is given, prints a line for each, and remembers what was missed."""

    def __init__(self, only: str) -> None:
        self.only = only
        self.figures: list[Figure] = []

    def pages(self, name: str, client: Any, path: str, *, most: float, most_queries: int | None = None) -> None:
        if self.only not in name:
            return
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)  # noqa: S101 - an error page says nothing
        queries = count_queries(lambda: client.get(path))
        self.add(name, taken(lambda: client.get(path)), most=most, queries=queries, most_queries=most_queries)

    def add(self, name: str, times: list[float], **more: Any) -> None:
        self.say(Figure(name, statistics.median(times), fastest=min(times), **more))

    def say(self, figure: Figure) -> None:
        self.figures.append(figure)
        say(str(figure))


def taken(work: Callable[[], Any], runs: int = RUNS) -> list[float]:
    """Milliseconds of each run."""
    from django.db import connection  # noqa: PLC0415 - needs the set-up

    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    times = []
    for _run in range(runs):
        start = clock()
        work()
        times.append((clock() - start) * 1000)
    return times


def count_queries(work: Callable[[], Any]) -> int:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def client_of(user: Any) -> Any:
    from django.test import Client  # noqa: PLC0415

    client = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
    client.force_login(user)
    return client


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(module: str, parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], int]) -> int:
    """Run a benchmark in a folder of its own, or on a PostgreSQL of its own; 1 where a target is missed."""
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--only", default="", help="measure only what has this in its name")
    parser.add_argument("--folder", help="for the database on SQLite; it stays there for the next run")
    arguments = parser.parse_args()
    if arguments.postgres and "DATABASE_URL" not in os.environ:
        again = [sys.executable, "-m", "tests.postgres", "--", sys.executable, "-m", module, *sys.argv[1:]]
        return subprocess.call(again)  # noqa: S603 - this very program
    kept = nullcontext(arguments.folder) if arguments.folder else None
    with kept or tempfile.TemporaryDirectory(prefix="newsroom-benchmark-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "DATA_DIR": folder,
            "SECRET_KEY": "x" * 60,
            "SITE_URL": "http://127.0.0.1:8000",
        }
        os.environ.pop("DEBUG", None)
        if not arguments.postgres:
            os.environ.pop("DATABASE_URL", None)
        Path(folder, "media").mkdir(parents=True, exist_ok=True)
        import django  # noqa: PLC0415 - the environment comes first

        django.setup()
        from django.conf import settings  # noqa: PLC0415

        settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
        return run(arguments)


def tell_result(measuring: Measuring) -> int:
    missed = [figure.name for figure in measuring.figures if figure.is_missed]
    say(f"missed: {len(missed)} of {len(measuring.figures)}")
    return int(bool(missed))
