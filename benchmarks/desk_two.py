"""How fast the live parts of the article form are, and what stands beside a story, in an archive of 10,000 articles.

Run it from the repository: `python -m benchmarks.desk_two` (SQLite) and `python -m benchmarks.desk_two --postgres`.
`--articles` makes another size, `--only word` measures only what has that word in its name, `--folder` keeps the
database. Of the same issue: `benchmarks.library`, `benchmarks.uploads`, and the calendar in `benchmarks.desk`.
"""

import argparse
import os
import sys
from typing import Any

from benchmarks.measuring import HEADING, Measuring, client_of, count_queries, main, say, taken, tell_result

SUGGEST_MS, PREVIEW_MS, CHECK_MS, BESIDE_MS = 60, 200, 200, 20
WORDS = 1_500


def run(arguments: argparse.Namespace) -> int:
    from benchmarks.search_data import made  # noqa: PLC0415 - the environment comes first

    made(arguments.articles)
    make_tags()
    say(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    say(HEADING)
    measuring = Measuring(arguments.only)
    measure_live(measuring)
    measure_beside(measuring)
    return tell_result(measuring)


def make_tags() -> None:
    """One of each word of the last headlines, on every article one of them."""
    from articles.models import Article, Tag, TaggedArticle  # noqa: PLC0415
    from newsroom.lib.arabic import fold  # noqa: PLC0415

    if Tag.objects.exists():
        return
    headlines = Article.objects.order_by("-pk").values_list("headline", flat=True)[:3_000]
    names = {fold(word): word for headline in headlines for word in headline.split()}
    Tag.objects.bulk_create(Tag(name=name, slug=f"t{number}") for number, name in enumerate(names.values()))
    tags = list(Tag.objects.order_by("pk").values_list("pk", flat=True))
    keys = Article.objects.order_by("pk").values_list("pk", flat=True)
    rows = (TaggedArticle(content_object_id=key, tag_id=tags[key % len(tags)]) for key in keys)
    TaggedArticle.objects.bulk_create(rows, batch_size=2_000)


def measure_live(measuring: Measuring) -> None:
    from accounts.models import User  # noqa: PLC0415
    from articles.models import Article  # noqa: PLC0415

    chief = User.objects.filter(username="b").first() or User.objects.create_superuser("b", "b@example.org", "b" * 20)
    client = client_of(chief)
    some = list(Article.objects.order_by("-pk")[:5])
    words = " ".join(one.body for one in some).split()[:WORDS]
    data = {"headline": some[0].headline, "section": some[0].section_id, "body": " ".join(words)}
    for what, most in (("suggest", SUGGEST_MS), ("check", CHECK_MS), ("preview", PREVIEW_MS)):
        add(measuring, f"{what}, {WORDS:,} words", lambda w=what: send(client, w, data), most)


def send(client: Any, what: str, data: dict[str, Any]) -> None:
    answer = client.post(f"/admin/articles/article/add/{what}/", data)
    assert answer.status_code == 200, answer.status_code  # noqa: S101 - an error says nothing


def measure_beside(measuring: Measuring) -> None:
    from articles.beside import more_to_read  # noqa: PLC0415
    from articles.models import Article  # noqa: PLC0415

    story = Article.objects.for_page().latest("pk")
    add(measuring, "what stands beside a story", lambda: more_to_read(story, []), BESIDE_MS)


def add(measuring: Measuring, name: str, work: Any, most: float) -> None:
    if measuring.only in name:
        work()
        measuring.add(name, taken(work), most=most, queries=count_queries(work))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    sys.exit(main("benchmarks.desk_two", parser, run))
