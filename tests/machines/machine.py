"""A web machine without a web server: asks its own application and changes stories, by lines of JSON on standard input.

Run in the environment of that machine: `python -m tests.machines.machine`.
"""

import json
import os
import sys
import time
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from accounts.models import User  # noqa: E402
from articles.models import Article  # noqa: E402
from articles.publishing import withdraw  # noqa: E402
from articles.search.indexing import index_article  # noqa: E402
from newsroom.lib.replicas import replicas  # noqa: E402
from newsroom.page_cache import kept_in_front_of  # noqa: E402
from tests.factories import make_article, make_section, make_site, make_user  # noqa: E402
from tests.wsgi import environ_of  # noqa: E402

application = kept_in_front_of(WSGIHandler())


def prepare() -> dict[str, Any]:
    """A newspaper of some stories: their keys and addresses."""
    call_command("migrate", verbosity=0, interactive=False)
    make_site()
    make_user(username="chief", is_superuser=True, is_staff=True)
    section = make_section("المدينة")
    stories = [make_article(f"الخبر رقم {number}", section=section) for number in range(12)]
    return {"stories": [[story.pk, story.get_absolute_url()] for story in stories]}


def ask(path: str, query: str = "", method: str = "GET", **headers: str) -> dict[str, Any]:
    environ = environ_of(path, query, method, **headers)
    told: list[Any] = []
    parts = application(environ, lambda *answer: told.append(answer))
    try:
        body = b"".join(parts)
    finally:
        if close := getattr(parts, "close", None):
            close()
    return {"status": int(told[-1][0][:3]), "headers": dict(told[-1][1]), "text": body.decode(errors="replace")}


def rename(story: int, headline: str) -> dict[str, Any]:
    """Past the desk, which would take longer: what counts is that a row that pages show is saved."""
    article = Article.objects.get(pk=story)
    article.headline = headline
    article.save(update_fields=["headline"])
    index_article(article)
    return {}


def take_away(story: int) -> dict[str, Any]:
    withdraw(Article.objects.get(pk=story), by=User.objects.get(username="chief"), note="خطأ في الخبر")
    return {}


def picks() -> dict[str, Any]:
    """What the next visitors would read."""
    return {"picked": [replicas.pick() for _ in range(4)], "lags": [each.lag for each in replicas.each.values()]}


def main() -> None:
    deeds = {"prepare": prepare, "ask": ask, "rename": rename, "take_away": take_away, "picks": picks}
    for line in sys.stdin:
        told = json.loads(line)
        began = time.monotonic()
        answer = deeds[told.pop("deed")](**told)
        connections["default"].close_if_unusable_or_obsolete()
        print(json.dumps({**answer, "seconds": time.monotonic() - began}), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
