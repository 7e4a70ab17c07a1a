"""A form that is sent twice does its work once, and the second sending ends on a page that says what is stored."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from articles import changes
from articles.models import Article
from articles.revisions import record
from tests.articles.desk import add_url, change_url, form_data, inline_row, messages_of, publish_url, save
from tests.factories import make_article, make_author, make_section, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def samer(client: Client) -> User:
    user = make_user(Role.EDITOR, username="samer")
    client.force_login(user)
    return user


def new_article(client: Client, **fields: Any) -> dict[str, Any]:
    author = make_author()
    row = inline_row("bylines", author=str(author.pk), role="writing", position="0")
    return form_data(client, add_url()) | row | {"headline": "حديقة جديدة", "_continue": "1"} | fields


def test_a_new_article_is_made_once(client: Client, samer: User) -> None:
    data = new_article(client)
    for _number in range(2):
        answer = client.post(add_url(), data, follow=True)
    article = Article.objects.get()
    assert answer.redirect_chain[-1][0] == change_url(article)
    assert article.bylines.count() == 1


def test_what_was_typed_before_sending_again_is_saved_too(client: Client, samer: User) -> None:
    data = new_article(client)
    client.post(add_url(), data)
    client.post(add_url(), data | {"headline": "حديقة أجدد"})
    article = Article.objects.get()
    assert (article.headline, article.version, article.bylines.count()) == ("حديقة أجدد", 2, 1)


def test_a_second_sending_writes_over_nobody(client: Client, samer: User) -> None:
    data = new_article(client)
    client.post(add_url(), data)
    other = Client()
    other.force_login(make_user(Role.EDITOR))
    save(other, Article.objects.get(), headline="عنوان سارة")
    answer = client.post(add_url(), data | {"headline": "عنوان سامر"})
    assert answer.status_code == 409
    assert f'action="{change_url(Article.objects.get())}"' in answer.content.decode()
    assert Article.objects.get().headline == "عنوان سارة"


def test_another_window_and_another_person_make_their_own(client: Client, samer: User) -> None:
    data = new_article(client)
    client.post(add_url(), data)
    client.post(add_url(), new_article(client))
    other = Client()
    other.force_login(make_user(Role.EDITOR))
    other.post(add_url(), new_article(other) | {"window": data["window"]})
    assert Article.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_get_one_form_make_one_article() -> None:
    make_section()
    user = make_user(Role.EDITOR)
    clients = [Client() for _number in range(4)]
    for client in clients:
        client.force_login(user)
    data = new_article(clients[0])

    def post(client: Client) -> int:
        try:
            return int(client.post(add_url(), data).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        assert set(pool.map(post, clients)) == {302}
    assert Article.objects.get().bylines.count() == 1


def test_who_may_not_send_it_again_is_told_that_it_was_accepted(client: Client) -> None:
    reporter = make_user(Role.REPORTER)
    client.force_login(reporter)
    data = new_article(client, body="<p>نص.</p>") | {"_submit": "1"}
    client.post(add_url(), data)
    answer = client.post(add_url(), data, follow=True)
    assert answer.redirect_chain[-1][0] == change_url(Article.objects.get())
    assert len(messages_of(answer)) == 2


def test_changes_are_published_once(client: Client, samer: User) -> None:
    story = make_article()
    record(story, by=samer)
    copy = changes.open_changes(story, by=samer)
    record(copy, by=samer)
    data = form_data(client, publish_url(copy)) | {"kind": "wording"}
    for _number in range(2):
        answer = client.post(publish_url(copy), data, follow=True)
        assert answer.redirect_chain[-1][0] == change_url(story)
    assert client.post(publish_url(copy), data | {"story": "999999"}).status_code == 404
    assert story.revisions.filter(action="changes").count() == 1


def test_what_was_saved_meanwhile_is_not_deleted_unseen(client: Client, samer: User) -> None:
    article = make_article(published=False, created_by=samer)
    record(article, by=samer)
    address = reverse("admin:articles_article_delete", args=[article.pk])
    data = form_data(client, address)
    save(client, article, headline="عنوان أحدث")
    assert client.post(address, data, follow=True).redirect_chain[-1][0] == change_url(article)
    assert Article.objects.exists()
    client.post(address, form_data(client, address))
    assert not Article.objects.exists()
