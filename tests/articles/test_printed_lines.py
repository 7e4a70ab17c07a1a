"""The printed lines below the rows of names and sources, while they are typed."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.models import User
from accounts.roles import Role
from articles.enums import Gender
from articles.models import Article, Byline
from tests.articles.desk import add_url, change_url, form_data, inline_row, save
from tests.articles.test_printed_credits import text_of
from tests.factories import make_article, make_author, make_site, make_source, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> User:
    make_site()
    editor = make_user(Role.EDITOR)
    client.force_login(editor)
    return editor


def line_url(article: Article | None = None) -> str:
    if article is None:
        return reverse("admin:articles_article_printed_line_new")
    return reverse("admin:articles_article_printed_line", args=[article.pk])


def typed(client: Client, article: Article | None, **fields: Any) -> dict[str, Any]:
    return form_data(client, change_url(article) if article else add_url()) | fields


def test_the_lines_are_those_of_the_form_and_nothing_is_written(client: Client, editor: User) -> None:
    first, second = make_author("أحمد سليم", gender=Gender.MALE), make_author("رنا حداد")
    source = make_source("رويترز", republishing_note="بموجب اتفاق.")
    article = make_article(published=False, authors=(first,))
    rows = inline_row("bylines", 1, author=second.pk, role="photography", position="2")
    rows |= inline_row("attributions", source=source.pk, position="1")
    answer = client.post(line_url(article), typed(client, article, **rows))
    lines = {name: text_of(html) for name, html in answer.json().items()}
    assert "كتب أحمد سليم، تصوير: رنا حداد" in lines["bylines"]
    assert "المصدر: رويترز" in lines["attributions"]
    assert "بموجب اتفاق." in lines["attributions"]
    assert (article.bylines.count(), article.attributions.count(), article.revisions.count()) == (1, 0, 0)


def test_the_order_typed_is_the_order_printed(client: Client, editor: User) -> None:
    people = tuple(make_author(name, gender=Gender.FEMALE) for name in ("سلمى", "هدى"))
    article = make_article(published=False, authors=people)
    data = typed(client, article, **{"bylines-0-position": "٢", "bylines-1-position": "1"})
    assert "كتبت هدى وسلمى" in text_of(client.post(line_url(article), data).json()["bylines"])


def test_a_new_article_has_its_lines_too(client: Client, editor: User) -> None:
    author = make_author("سلمى", gender=Gender.FEMALE)
    data = typed(client, None, **inline_row("bylines", author=author.pk, role="writing", position="1"))
    assert "كتبت سلمى" in text_of(client.post(line_url(), data).json()["bylines"])
    assert not Article.objects.exists()


def test_without_a_script_the_form_shows_what_is_stored(client: Client, editor: User) -> None:
    article = make_article(published=False, authors=(make_author("سلمى", gender=Gender.FEMALE),))
    assert "كتبت سلمى" in text_of(client.get(change_url(article)).content.decode())
    assert "فريق التحرير" in strip_tags(client.get(add_url()).content.decode())


def test_what_one_may_not_see_tells_nothing(client: Client, editor: User) -> None:
    secret = make_article(published=False, authors=(make_author("سلمى"),))
    data = typed(client, secret)
    client.force_login(make_user(Role.REPORTER))
    answer = client.post(line_url(secret), data)
    assert answer.status_code == 404
    assert "سلمى" not in answer.content.decode()
    client.force_login(make_user(Role.NEWSLETTER_EDITOR))
    assert client.post(line_url(), data).status_code == 403
    client.logout()
    assert client.post(line_url(secret), data).status_code == 302


def test_it_answers_only_to_a_form(client: Client, editor: User) -> None:
    assert client.get(line_url()).status_code == 405
    assert client.get(line_url(make_article(published=False))).status_code == 405


def test_an_empty_row_that_only_has_a_place_is_no_row(client: Client, editor: User) -> None:
    article = make_article(published=False)
    save(client, article, **inline_row("bylines", author="", role="writing", position="3"))
    assert article.bylines.count() == 0
    author = make_author()
    save(client, article, **inline_row("bylines", author=author.pk, role="writing", position="3"))
    assert article.bylines.get().position == 3


def test_a_stored_row_moves_by_its_place_alone(client: Client, editor: User) -> None:
    article = make_article(published=False, authors=(make_author("سلمى"), make_author("هدى")))
    save(client, article, **{"bylines-0-position": "2", "bylines-1-position": "1"})
    assert [row.author.name for row in Byline.objects.filter(article=article)] == ["هدى", "سلمى"]
