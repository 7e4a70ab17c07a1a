"""Run by benchmarks.pages.inside: the addresses that readers ask for, a session of the desk, queries a page."""

import json
import os
import sys
from collections.abc import Iterable
from urllib.parse import urlencode

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
django.setup()

from django.conf import settings  # noqa: E402 - needs the set-up
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.models import User  # noqa: E402
from articles.filling.texts import entries  # noqa: E402
from articles.models import Article, Author, Section, Tag  # noqa: E402
from articles.pagination import PER_PAGE, cursor_of  # noqa: E402
from benchmarks.pages.processes import parent_of  # noqa: E402
from pages.models import SiteSettings  # noqa: E402

ARTICLES, DEEP_PAGE, WORDS = 1_000, 5_000, 40


def paths() -> dict[str, list[str]]:
    sections = list(Section.objects.filter(articles__isnull=False).distinct())
    return {
        "home": ["/"],
        "article": [article.get_absolute_url() for article in some_articles()],
        "section": [section.get_absolute_url() for section in sections],
        "deep": [path for section in sections if (path := deep_page(section))],
        "tag": [tag.get_absolute_url() for tag in Tag.objects.filter(tagged_articles__isnull=False).distinct()[:300]],
        "author": [one.get_absolute_url() for one in Author.objects.filter(bylines__isnull=False).distinct()[:40]],
        "archive": ["/archive/", *months()],
        "search": [f"/search/?{urlencode({'q': name})}" for name in last_names()],
        "feed": ["/feeds/rss.xml"],
        "admin": ["/admin/articles/article/"],
    }


def some_articles() -> Iterable[Article]:
    """Spread over the whole archive, the same ones every time."""
    ids = Article.objects.published().order_by("pk").values_list("pk", flat=True)
    first, last = ids[0], ids.reverse()[0]
    wanted = [first + (last - first) * number // ARTICLES for number in range(ARTICLES)]
    return Article.objects.published().filter(pk__in=wanted).only("pk", "slug")


def deep_page(section: Section) -> str:
    """Page 5,000, or the last one of a section that has fewer."""
    rows = Article.objects.published().in_section(section).newest_first().values_list("published_at", "pk")
    rows_before = min((DEEP_PAGE - 1) * PER_PAGE, rows.count() - PER_PAGE)
    if rows_before < PER_PAGE:
        return ""
    moment, key = rows[rows_before - 1]
    return f"{section.get_absolute_url()}?before={cursor_of(moment, key)}"


def months() -> list[str]:
    newest = Article.objects.published().newest_first().values_list("published_at", flat=True)[0]
    return [f"/archive/{newest.year - 1}/{month:02}/" for month in range(1, 13)]


def last_names() -> list[str]:
    """Each in about one article of a hundred."""
    return entries("people")[1].split()[:WORDS]


def session_cookie() -> str:
    client = Client()
    client.force_login(User.objects.filter(is_superuser=True).order_by("pk")[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def queries(path: str, cookie: str) -> int:
    """Of a second request in the same process, which knows what a process keeps. Raises AssertionError."""
    client = Client(SERVER_NAME=settings.SITE_HOST)
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)  # noqa: S101 - an error page says nothing
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


def postmaster() -> int:
    """The process of the database server that has started ours. It must run on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return parent_of(cursor.fetchone()[0])


def main() -> None:
    SiteSettings.objects.update(feeds_full_text=True)
    found, cookie = paths(), session_cookie()
    counted = {name: queries(some[0], cookie if name == "admin" else "") for name, some in found.items() if some}
    told = {"paths": found, "cookie": cookie, "queries": counted, "postmaster": postmaster()}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
