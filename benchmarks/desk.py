"""How fast the desk is with 100,000 articles and 1,000,000 lines of the log.

Times are from request to answer; of several runs the median. On SQLite they are those of the processor, which does all
the work, so that other work on the machine counts little; on PostgreSQL, which works apart, those of the clock: there
the fastest run, which stands beside the median, says more while the machine is busy.

Run it from the repository: `python -m benchmarks.desk` (SQLite) and `python -m benchmarks.desk --postgres`. It works
in a folder of its own and removes it. Its status is 1 where a target is missed. `--articles` and `--entries` make it
smaller, `--only word` measures only what has that word in its name, `--folder` keeps the database.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

RUNS = 20
FORM_MS, FORM_QUERIES, LIST_MS, REVISION_BYTES = 250, 25, 300, 25_000
LIST = "/admin/articles/article/"
LOG = "/admin/audit/auditentry/"


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


def measure_forms(measuring: Measuring, world: Any) -> None:
    editor = client_of(world.editor)
    for name, article in (
        ("draft of 20 KB, 30 revisions, imported", world.draft),
        ("working copy of 20 KB, 30 revisions", world.copy),
        ("published story of 20 KB, 30 revisions", world.story),
    ):
        path = f"{LIST}{article.pk}/change/"
        measuring.pages(f"form: {name}", editor, path, most=FORM_MS, most_queries=FORM_QUERIES)
    draft, copy = f"{LIST}{world.draft.pk}", f"{LIST}{world.copy.pk}"
    measuring.pages("form: new article", editor, f"{LIST}add/", most=FORM_MS, most_queries=FORM_QUERIES)
    measuring.pages("publish page of the draft", editor, f"{draft}/publish/", most=FORM_MS)
    measuring.pages("publish page of the changes", editor, f"{copy}/publish/", most=FORM_MS)
    measuring.pages("history, 30 revisions", editor, f"{draft}/history/", most=LIST_MS)
    measuring.pages("comments", editor, f"{draft}/comments/", most=LIST_MS)
    measure_saving(measuring, editor, world)


def measure_saving(measuring: Measuring, client: Any, world: Any) -> None:
    """Each run saves a newer form; only the sending is measured."""
    from tests.articles.desk import form_data  # noqa: PLC0415

    for name, article in (("draft", world.draft), ("working copy", world.copy)):
        if measuring.only not in "saving, autosave":
            return
        path = f"{LIST}{article.pk}/change/"
        times, queries = [], 0
        for run in range(RUNS):
            data = form_data(client, path) | {"headline": f"عنوان {run}", "_continue": "1"}
            answers: list[Any] = []
            send = saving(client, path, data, answers)
            if run:
                times += taken(send, 1)
            else:
                queries = count_queries(send)
            assert answers[0].status_code == 302, answers[0].status_code  # noqa: S101
        measuring.add(f"saving the {name} of 20 KB", times, most=FORM_MS, queries=queries)
    data = form_data(client, path) | {"window": "0" * 32, "_typed": "1", "_here": "1", "headline": "غير محفوظ"}
    beat = saving(client, f"{LIST}{world.copy.pk}/autosave/", data, answers := [])
    queries = count_queries(beat)
    assert answers[-1].json()["kept"]  # noqa: S101
    measuring.add("autosave beat of 20 KB", taken(beat), most=FORM_MS, queries=queries)


def saving(client: Any, path: str, data: Any, answers: list[Any]) -> Callable[[], None]:
    return lambda: answers.append(client.post(path, data))


def measure_lists(measuring: Measuring, world: Any) -> None:
    for role, user in (("editor", world.editor), ("reporter", world.reporter)):
        client = client_of(user)
        measuring.pages(f"dashboard, {role}", client, "/admin/", most=LIST_MS)
        measuring.pages(f"list, {role}", client, LIST, most=LIST_MS)
        for name, query in (
            ("page 100", "?p=100"),
            ("search: in 1 of 5", "?q=المدينة"),
            ("search: in 1 of 10,000", "?q=كلمة نادرة"),
            ("search: nothing", "?q=لا يوجد هذا"),
        ):
            measuring.pages(f"list, {role}, {name}", client, LIST + query, most=LIST_MS)
        measure_filters(measuring, client, f"list, {role}", LIST)


def measure_filters(measuring: Measuring, client: Any, name: str, path: str) -> None:
    """Of each filter the slowest choice, found with three runs each."""
    slowest: dict[str, tuple[float, str]] = {}
    for query in filters_on(client.get(path).content.decode()):
        key = re.split("[=&]", query.lstrip("?"))[0]
        client.get(path + query)
        slowest[key] = max(slowest.get(key, (0, "")), (min(taken(lambda q=query: client.get(path + q), 3)), query))
    for key, (_time, query) in slowest.items():
        measuring.pages(f"{name}, slowest of {key}: {query}", client, path + query, most=LIST_MS)


def filters_on(page: str) -> Iterator[str]:
    """The addresses of the filters; of one filter at most twenty."""
    counts: dict[str, int] = {}
    _before, _sep, sidebar = page.partition('id="changelist-filter"')
    for query in re.findall(r'href="(\?[^"]+)"', sidebar):
        query = unescape(query)
        key = query.split("=")[0]
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= 20:
            yield query


def measure_log(measuring: Measuring, world: Any) -> None:
    client = client_of(world.chief)
    for name, query in (
        ("", ""),
        (", page 100", "?p=99"),
        (", one deed", "?action=published"),
        (", a rare deed", "?action=withdrawn"),
        (", one person", f"?actor={world.reporter.pk}"),
        (", one kind", "?subject_type=articles.article"),
        (", between two days", "?since=2026-01-01&until=2026-02-01"),
        (", person and deed", f"?actor={world.reporter.pk}&action=withdrawn"),
        (", search: often", "?q=المدينة"),
        (", search: nothing", "?q=لا يوجد هذا"),
    ):
        measuring.pages(f"log{name}", client, LOG + query, most=LIST_MS)


def measure_revisions(measuring: Measuring, world: Any) -> None:
    """What a revision of an article of 17 KB adds to the database, indexes included: of 200 more, the share of one."""
    from django.db import connection  # noqa: PLC0415

    from articles.revisions import record  # noqa: PLC0415
    from benchmarks.desk_data import dense_text  # noqa: PLC0415

    if measuring.only not in "a revision of an article":
        return
    article = world.draft
    article.refresh_from_db()
    article.body = dense_text(17_000)
    article.save(update_fields=["body"])
    size = len(article.body.encode())
    before = bytes_of_revisions(connection)
    for _number in range(200):
        record(article, by=world.editor)
    grown = (bytes_of_revisions(connection) - before) / 200
    measuring.say(Figure(f"a revision of an article of {size:,} bytes", grown, REVISION_BYTES, unit="bytes"))


def bytes_of_revisions(connection: Any) -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_total_relation_size('articles_revision')")
            return int(cursor.fetchone()[0])
        # No table of sizes in every SQLite: the file grows by pages, and a folder of its own holds nothing else.
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute("PRAGMA freelist_count")
        free = cursor.fetchone()[0]
        cursor.execute("PRAGMA page_size")
        return int((pages - free) * cursor.fetchone()[0])


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def run(arguments: argparse.Namespace) -> int:
    from django.conf import settings  # noqa: PLC0415 - the environment comes first

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    from benchmarks.desk_data import World  # noqa: PLC0415

    start = time.perf_counter()
    world = World.found() or World.made(articles=arguments.articles, entries=arguments.entries)
    say(
        f"{arguments.articles:,} articles, {arguments.entries:,} lines: there after {time.perf_counter() - start:.0f} s"
    )
    say(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    say(HEADING)
    measuring = Measuring(arguments.only)
    for measure in (measure_forms, measure_lists, measure_log, measure_revisions):
        measure(measuring, world)
    missed = [figure.name for figure in measuring.figures if figure.is_missed]
    say(f"missed: {len(missed)} of {len(measuring.figures)}")
    return int(bool(missed))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--only", default="")
    parser.add_argument("--folder", help="for the database on SQLite; it stays there for the next run")
    arguments = parser.parse_args()
    if arguments.postgres and "DATABASE_URL" not in os.environ:
        again = [sys.executable, "-m", "tests.postgres", "--", sys.executable, "-m", "benchmarks.desk", *sys.argv[1:]]
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
        return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
