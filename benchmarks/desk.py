"""How fast the desk is with 100,000 articles and 1,000,000 lines of the log.

Run it from the repository: `python -m benchmarks.desk` (SQLite) and `python -m benchmarks.desk --postgres`. It works
in a folder of its own and removes it. Its status is 1 where a target is missed. `--articles` and `--entries` make it
smaller, `--only word` measures only what has that word in its name, `--folder` keeps the database.
"""

import argparse
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

from benchmarks.measuring import (
    HEADING,
    RUNS,
    Figure,
    Measuring,
    client_of,
    count_queries,
    main,
    say,
    taken,
    tell_result,
)

FORM_MS, FORM_QUERIES, LIST_MS, REVISION_BYTES = 250, 25, 300, 25_000
LIST = "/admin/articles/article/"
LOG = "/admin/audit/auditentry/"
CALENDAR, PRODUCTION, CALENDAR_MS = "/admin/articles/calendar/", "/admin/articles/production/", 200
FEED_MS = 500  # two thousand events


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
        measuring.pages(f"list, {role}, page 100", client, LIST + "?p=100", most=LIST_MS)
        measure_filters(measuring, client, f"list, {role}", LIST)


def measure_calendar(measuring: Measuring, world: Any) -> None:
    from django.urls import reverse  # noqa: PLC0415

    from articles.calendar_feeds import make_feed  # noqa: PLC0415

    section = world.story.section_id
    for role, user in (("editor", world.editor), ("reporter", world.reporter)):
        client = client_of(user)
        for query in ("", "?view=week", "?view=agenda", "?view=day", f"?section={section}", "?date=2025-06-01"):
            measuring.pages(f"calendar, {role} {query}", client, CALENDAR + query, most=CALENDAR_MS)
        feed = reverse("articles:calendar_feed", args=[make_feed(by=user).key])
        measuring.pages(f"calendar for programs, {role}", client_of(user), feed, most=FEED_MS)
    client = client_of(world.editor)
    for query in ("?days=7", "?days=30", "?days=90", f"?days=90&section={section}"):
        measuring.pages(f"production {query}", client, PRODUCTION + query, most=CALENDAR_MS)


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


def run(arguments: argparse.Namespace) -> int:
    from benchmarks.desk_data import World  # noqa: PLC0415 - the environment comes first

    start = time.perf_counter()
    world = World.found() or World.made(articles=arguments.articles, entries=arguments.entries)
    say(
        f"{arguments.articles:,} articles, {arguments.entries:,} lines: there after {time.perf_counter() - start:.0f} s"
    )
    say(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    say(HEADING)
    measuring = Measuring(arguments.only)
    for measure in (measure_forms, measure_lists, measure_calendar, measure_log, measure_revisions):
        measure(measuring, world)
    return tell_result(measuring)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--entries", type=int, default=1_000_000)
    sys.exit(main("benchmarks.desk", options, run))
