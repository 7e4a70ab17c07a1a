"""What looks at a text while it is written tells nothing to who may not write it or know what the desk knows of it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from articles.changes import open_changes
from articles.models import Article
from articles.revisions import record
from tests.factories import make_article, make_site, make_user

pytestmark = pytest.mark.django_db

SECRET = "سر لم ينشر بعد"
LIVE = [
    "articles_article_preview", "articles_article_check", "articles_article_mend", "articles_article_printed_line",
    "articles_article_suggest", "newsletter_article_preview",
]  # fmt: skip


def ask(client: Client, name: str, article: Article) -> Any:
    return client.post(reverse(f"admin:{name}", args=[article.pk]), {"headline": "عنوان", "body": "<p>متن</p>"})


def tells_nothing(answer: Any, *statuses: int) -> bool:
    return answer.status_code in statuses and "سر" not in answer.content.decode()


@pytest.fixture
def reporter(client: Client) -> User:
    make_site()
    user = make_user(Role.REPORTER)
    client.force_login(user)
    return user


@pytest.mark.parametrize("name", LIVE)
def test_the_draft_of_a_colleague_is_not_there(client: Client, reporter: User, name: str) -> None:
    draft = make_article(SECRET, published=False, created_by=make_user(Role.REPORTER))
    assert tells_nothing(ask(client, name, draft), 404)


@pytest.mark.parametrize("name", LIVE)
def test_nor_are_the_changes_of_a_story_that_everybody_reads(client: Client, reporter: User, name: str) -> None:
    editor = make_user(Role.EDITOR)
    story = make_article("عنوان منشور")
    record(story, by=editor)
    copy = open_changes(story, by=editor)
    Article.objects.filter(pk=copy.pk).update(headline=SECRET)
    assert tells_nothing(ask(client, name, copy), 404)
    assert tells_nothing(ask(client, name, story), 403)


@pytest.mark.parametrize("name", [f"{name}_new" for name in LIVE])
def test_who_writes_no_articles_tries_none(client: Client, name: str) -> None:
    make_site()
    client.force_login(make_user(Role.NEWSLETTER_EDITOR))
    assert client.post(reverse(f"admin:{name}"), {"headline": "عنوان"}).status_code == 403


@pytest.mark.parametrize("name", LIVE)
def test_a_link_to_a_hidden_article_says_nothing_of_it(client: Client, reporter: User, name: str) -> None:
    hidden = make_article(SECRET, published=False, created_by=make_user(Role.REPORTER))
    own = make_article(published=False, created_by=reporter)
    data = {
        "headline": "عنوان", "body": "<p>متن</p>", "related_links-TOTAL_FORMS": "1",
        "related_links-INITIAL_FORMS": "0", "related_links-0-target": str(hidden.pk),
        "related_links-0-title": "", "related_links-0-url": "", "related_links-0-position": "0",
    }  # fmt: skip
    answer = client.post(reverse(f"admin:{name}", args=[own.pk]), data)
    assert tells_nothing(answer, 200)
