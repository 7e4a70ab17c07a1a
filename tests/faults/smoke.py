"""Asks a version of the site for its pages and publishes a story at its desk, once for each line on standard input.

Run with that version in PYTHONPATH: nothing here is of another. Answers with the statuses by what was asked.
"""

import json
import sys

import django

django.setup()

from django.test import Client  # noqa: E402 - needs the set-up

from accounts.models import User  # noqa: E402
from articles.models import Article  # noqa: E402
from tests.articles.desk import add_url, form_data, publish  # noqa: E402
from tests.factories import BODY  # noqa: E402

HEADLINE = "خبر من نسخة أخرى"


def read(client: Client) -> dict[str, int]:
    story = Article.objects.published().order_by("-published_at", "-pk")[0]
    paths = ("/", story.get_absolute_url(), story.section.get_absolute_url(), "/admin/", "/admin/articles/article/")
    return {path: client.get(path).status_code for path in paths}


def write(client: Client, section: int) -> dict[str, int]:
    """The form of a new story, the page that publishes it, and the page that readers get."""
    given = {"headline": HEADLINE, "body": BODY, "section": section, "without_picture": "on", "_continue": "1"}
    saved = client.post(add_url(), form_data(client, add_url()) | given)
    story = Article.objects.filter(headline=HEADLINE).latest("pk")
    published = publish(client, story, override="من نسخة أخرى")
    address = Article.objects.published().get(pk=story.pk).get_absolute_url()
    return {
        "story saved": 200 if saved.status_code == 302 else saved.status_code,
        "story published": published.status_code,
        "story": Client(headers={"host": "127.0.0.1"}).get(address).status_code,
    }


def main() -> None:
    chief = User.objects.create_superuser(f"smoke{User.objects.count()}", password="of another version")
    section = Article.objects.published()[0].section_id
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(chief)
    for _line in sys.stdin:
        sys.stdout.write(json.dumps(read(client) | write(client, section)) + "\n")
        sys.stdout.flush()


main()
