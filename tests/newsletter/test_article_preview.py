"""The mail among the previews of an article's form."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from articles.models import Article
from newsletter.models import Issue, IssueItem
from tests.articles.desk import add_url, change_url, form_data
from tests.factories import make_article, make_image, make_mailing_list, make_site, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def mail_url(article: Article | None) -> str:
    if article is None:
        return reverse("admin:newsletter_article_preview_new")
    return reverse("admin:newsletter_article_preview", args=[article.pk])


def preview(client: Client, article: Article | None, query: str = "", **changes: Any) -> Any:
    data = form_data(client, change_url(article) if article else add_url()) | changes
    return client.post(mail_url(article) + query, data)


@pytest.fixture
def editor_client(client: Client) -> Client:
    make_site()
    client.force_login(make_user(Role.EDITOR))
    return client


def test_the_mail_of_what_is_typed(editor_client: Client) -> None:
    make_mailing_list("نشرة الصباح")
    article = make_article("العنوان المحفوظ", published=False, lead_image=make_image())
    page = preview(editor_client, article, headline="العنوان المكتوب", standfirst="مقدمة مكتوبة")
    text = page.content.decode()
    assert page.status_code == 200
    assert all(words in text for words in ("العنوان المكتوب", "مقدمة مكتوبة", "نشرة الصباح"))
    assert not Issue.objects.exists()
    assert not IssueItem.objects.exists()
    assert mail.outbox == []


def test_of_a_new_article_too(editor_client: Client) -> None:
    assert "خبر جديد" in preview(editor_client, None, headline="خبر جديد").content.decode()
    assert not Article.objects.exists()


def test_breaking_news_look_like_it(editor_client: Client) -> None:
    article = make_article(published=False)
    until = {"breaking_until_0": "2026-11-21", "breaking_until_1": "10:00"}
    assert 'class="alert"' in preview(editor_client, article, **until).content.decode()
    assert 'class="alert"' not in preview(editor_client, article).content.decode()


def test_the_mail_is_sealed(editor_client: Client) -> None:
    page = preview(editor_client, make_article(published=False), headline="<script>alert(1)</script>")
    assert page["Content-Security-Policy"].startswith("sandbox allow-same-origin; default-src 'none'")
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in page["Cache-Control"]
    assert "<script" not in page.content.decode()


def test_by_night(editor_client: Client) -> None:
    article = make_article(published=False)
    assert "@media all" in preview(editor_client, article, "?scheme=dark").content.decode()
    assert "@media not all" in preview(editor_client, article, "?scheme=light").content.decode()


def test_who_may_not_preview_the_article_gets_no_mail_of_it(client: Client) -> None:
    secret = make_article("سر لم يُنشر", published=False)
    client.force_login(make_user(Role.REPORTER))
    assert client.post(mail_url(secret), {"headline": "س"}).status_code == 404
    assert client.post(mail_url(make_article()), {"headline": "س"}).status_code == 403
    client.force_login(make_user(Role.NEWSLETTER_EDITOR))
    assert client.post(mail_url(None), {"headline": "س"}).status_code == 403


def test_looking_takes_a_form(editor_client: Client) -> None:
    assert editor_client.get(mail_url(make_article(published=False))).status_code == 405
