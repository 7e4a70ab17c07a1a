"""Does deeds of the desk, one for each line of JSON on standard input, and answers with a line when each has returned.

Run in the environment of the server: `python -m tests.proxy.desk`.
"""

import json
import os
import sys
import time
from typing import Any

import django

# The environment comes first, models can be read only after it.
os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import User  # noqa: E402
from articles.changes import open_changes, publish_changes  # noqa: E402
from articles.enums import ChangeKind  # noqa: E402
from articles.models import Article, Section  # noqa: E402
from articles.preview_links import path_of, share  # noqa: E402
from articles.publishing import publish, withdraw  # noqa: E402
from articles.refreshing import is_left  # noqa: E402
from articles.revisions import snapshot, write  # noqa: E402
from tests.factories import (  # noqa: E402
    make_article,
    make_author,
    make_image,
    make_section,
    make_site,
    make_source,
    make_user,
)

STORIES = 6


def prepare() -> dict[str, Any]:
    """A small newspaper: `paths` by name, `stories` are those that a test may change, `cookie` is an editor's."""
    call_command("migrate", verbosity=0, interactive=False)
    make_site()
    chief = make_user(username="chief", is_superuser=True, is_staff=True)
    section, author, source, picture = make_section("المدينة"), make_author(), make_source(), make_image()
    more = {"section": section, "authors": (author,), "sources": (source,), "tags": ("حدائق",)}
    stories = [make_article(lead_image=picture, **more) for _ in range(STORIES)]
    draft = make_article(published=False, created_by=chief, **more)
    client = Client()
    client.force_login(chief)
    paths = {
        "section": section.get_absolute_url(),
        "author": author.get_absolute_url(),
        "source": source.get_absolute_url(),
        "article": stories[0].get_absolute_url(),
        "picture": picture.file.url,
        "draft": draft.get_absolute_url(),
        "preview": path_of(share(draft, by=chief, reader="قارئ")),
    }
    numbers = {story.pk: story.get_absolute_url() for story in stories}
    return {"paths": paths, "stories": numbers, "cookie": client.cookies[settings.SESSION_COOKIE_NAME].value}


def correct(pk: int, headline: str) -> dict[str, Any]:
    """Give a published story another headline."""
    copy = open_changes(Article.objects.get(pk=pk), by=chief())
    Article.objects.filter(pk=copy.pk).update(headline=headline)
    copy.refresh_from_db()
    publish_changes(copy, by=chief(), kind=ChangeKind.UPDATE, note="تغيّر العنوان.", override="تجربة")
    return {}


def take_back(pk: int) -> dict[str, Any]:
    is_left.set(False)
    withdraw(Article.objects.get(pk=pk), by=chief(), note="نُشر خطأ.")
    return {"is_left": is_left.get()}


def write_another(pk: int, headline: str) -> dict[str, Any]:
    """Publish a new story that is like another."""
    data = snapshot(Article.objects.get(pk=pk)) | {"headline": headline, "slug": ""}
    story = Article.objects.create(headline=headline, section=Section.objects.all()[0], created_by=chief())
    write(story, data)
    publish(story, by=chief(), override="تجربة")
    return {"pk": story.pk, "path": Article.objects.get(pk=story.pk).get_absolute_url()}


def chief() -> User:
    return User.objects.get(username="chief")


DEEDS = {"prepare": prepare, "correct": correct, "take_back": take_back, "write_another": write_another}

for line in sys.stdin:
    asked = json.loads(line)
    began = time.monotonic()
    told = DEEDS[asked.pop("deed")](**asked)
    print(json.dumps(told | {"seconds": time.monotonic() - began}), flush=True)  # noqa: T201
