"""How fast the search is, and the indexing, over an archive of ten years.

Run it from the repository: `python -m benchmarks.search` (SQLite) and `python -m benchmarks.search --postgres`, with
`--articles 10000`, `100000` (as it is) or, on PostgreSQL, `1000000`, which takes half an hour to fill. Its status is 1
where a target is missed. benchmarks/measuring.py says how times are taken.
"""

import argparse
import os
import sys
import time
from itertools import count
from typing import Any
from urllib.parse import urlencode

from benchmarks.measuring import HEADING, Measuring, main, say, taken, tell_result

PAGE_MS, PAGE_MS_OF_A_MILLION, PAGE_QUERIES, INDEX_MS, LIST_MS = 50, 150, 8, 3, 300
# What is looked for, with the share of the articles that hold it (benchmarks.search_data).
SEARCHES = {
    "in 3 of 10": {"q": "الحكومة"},
    "in 1 of 100": {"q": "الزيتون"},
    "in 1 of 10,000": {"q": "الخسوف"},
    "nothing": {"q": "قسطنطينية"},
    "two that are in 3 of 10": {"q": "الحكومة الأسعار"},
    "one often, one rarely": {"q": "الحكومة الخسوف"},
    "two that never met": {"q": "الخسوف المتحف الزيتون"},
    "old news that nobody writes of now": {"q": "الزلزال"},
    "a phrase of frequent words": {"q": '"مجلس المدينة"'},
    "a phrase that nobody wrote": {"q": '"الأسعار الحكومة الوزارة"'},
    "without a frequent word": {"q": "الوزارة -الحكومة"},
    "a beginning": {"q": "انتخ*"},
    "a beginning of many words": {"q": "مح*"},
    "in one section": {"q": "الحكومة", "section": "s3"},
    "in one month": {"q": "الوزارة", "period": "month"},
    "newest first": {"q": "الوزارة", "sort": "newest"},
    "page 40": {"q": "الحكومة", "page": "40"},
}


def run(arguments: argparse.Namespace) -> int:
    from benchmarks.search_data import made  # noqa: PLC0415 - the environment comes first

    start = time.perf_counter()
    made(arguments.articles)
    say(f"{arguments.articles:,} articles: there after {time.perf_counter() - start:.0f} s")
    say(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    say(HEADING)
    measuring = Measuring(arguments.only)
    most = PAGE_MS_OF_A_MILLION if arguments.articles > 100_000 else PAGE_MS
    measure_pages(measuring, most)
    measure_indexing(measuring)
    measure_desk(measuring)
    return tell_result(measuring)


def measure_pages(measuring: Measuring, most: int) -> None:
    from django.test import Client  # noqa: PLC0415

    client = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
    for name, parameters in SEARCHES.items():
        path = f"/search/?{urlencode(parameters)}"
        measuring.pages(f"search: {name}", client, path, most=most, most_queries=PAGE_QUERIES)
    for typed in ("ال", "الحك", "الخسوف"):
        path = f"/search/suggest/?{urlencode({'q': typed})}"
        measuring.pages(f"suggestions: {typed}", client, path, most=most, most_queries=PAGE_QUERIES)


def measure_indexing(measuring: Measuring) -> None:
    """One article alone, as at a save, and as one of many."""
    from django.db import transaction  # noqa: PLC0415

    from articles.models import Article  # noqa: PLC0415
    from articles.search.indexing import index  # noqa: PLC0415
    from articles.search.vocabulary import current_analyser  # noqa: PLC0415

    if measuring.only not in "indexing":
        return
    analyser = current_analyser()
    ids = list(Article.objects.order_by("-pk").values_list("pk", flat=True)[:4000])
    numbers = count()

    def one() -> None:
        with transaction.atomic():
            index([ids[next(numbers)]], analyser=analyser)

    measuring.add("indexing one article of 340 words, in a transaction of its own", taken(one), most=None)
    batches = (ids[start : start + 200] for start in range(1000, 4000, 200))
    times = taken(lambda: index(next(batches), analyser=analyser), 10)
    measuring.add("indexing an article among 200", [time / 200 for time in times], most=INDEX_MS)


def measure_desk(measuring: Measuring) -> None:
    from benchmarks.measuring import client_of  # noqa: PLC0415
    from tests.factories import make_user  # noqa: PLC0415

    client: Any = client_of(make_user("editor", username=f"editor{time.time_ns()}", is_superuser=True))
    for name, typed in (("in 3 of 10", "الحكومة"), ("in 1 of 10,000", "الخسوف"), ("nothing", "قسطنطينية")):
        path = f"/admin/articles/article/?{urlencode({'q': typed})}"
        measuring.pages(f"list of the desk: {name}", client, path, most=LIST_MS)
    path = "/admin/autocomplete/?" + urlencode(
        {"app_label": "articles", "model_name": "relatedlink", "field_name": "target", "term": "الحكو"}
    )
    measuring.pages("autocomplete of a related article", client, path, most=LIST_MS)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--articles", type=int, default=100_000)
    sys.exit(main("benchmarks.search", options, run))
