"""What a reporter sends by hand changes nothing that a reporter may not change."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from articles.admin.workflow import DEEDS
from articles.enums import Status
from articles.models import Article, Byline, Correction, RelatedLink
from tests.articles.desk import add_url, change_url, form_data, inline_row
from tests.factories import make_article, make_author, make_user, make_withdrawn

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
FORBIDDEN = [deed.name for deed in DEEDS if deed.name != "_submit"]


@pytest.fixture
def reporter(client: Client) -> User:
    user = make_user(Role.REPORTER)
    client.force_login(user)
    return user


def own_draft(reporter: User, **fields: Any) -> Article:
    return make_article(published=False, created_by=reporter, **fields)


def is_untouched(article: Article) -> bool:
    now = Article.objects.get(pk=article.pk)
    return (now.status, now.headline, now.published_at) == (
        article.status,
        article.headline,
        article.published_at,
    )


def test_machinery_in_the_form_is_ignored(client: Client, reporter: User) -> None:
    article, boss = own_draft(reporter), make_user(Role.CHIEF_EDITOR)
    forged = {
        "status": "approved",
        "published_at": "2020-01-01 10:00",
        "published_at_0": "2020-01-01",
        "published_at_1": "10:00",
        "updated_at": "2020-01-01 10:00",
        "created_by": boss.pk,
        "version": "99",
        "working_copy_of": "1",
        "import_ref": "x",
        "withdrawal_note": "x",
        "headline_key": "x",
    }
    data = form_data(client, change_url(article)) | forged | {"_continue": "1"}
    assert client.post(change_url(article), data).status_code == 302
    article.refresh_from_db()
    assert (article.status, article.published_at, article.updated_at) == (Status.DRAFT, None, None)
    assert (article.created_by, article.version) == (reporter, 1)
    assert (article.working_copy_of, article.import_ref, article.withdrawal_note) == (None, None, "")


@pytest.mark.parametrize("button", FORBIDDEN)
def test_no_button_of_the_editors_works(client: Client, reporter: User, button: str) -> None:
    article = own_draft(reporter)
    data = form_data(client, change_url(article)) | {
        button: "1",
        "headline": "عنوان مزور",
        "publish_at_0": "2020-01-01",
        "publish_at_1": "10:00",
        "correction_note": "x",
        "withdrawal_reason": "x",
    }
    assert client.post(change_url(article), data).status_code == 403
    assert is_untouched(article)
    assert not Article.objects.published().exists()


@pytest.mark.parametrize("button", FORBIDDEN)
def test_no_button_works_on_a_new_article(client: Client, reporter: User, button: str) -> None:
    data = form_data(client, add_url()) | {"headline": "خبر", "body": "<p>نص</p>", button: "1"}
    assert client.post(add_url(), data).status_code == 403
    assert not Article.objects.exists()


@pytest.mark.parametrize("button", [*FORBIDDEN, "_submit", "_continue", "_save", "_accept_date", "_restore"])
def test_nothing_works_on_what_one_may_not_edit(client: Client, reporter: User, button: str) -> None:
    own = own_draft(reporter)
    data = form_data(client, change_url(own)) | {"headline": "عنوان مزور", button: "1"}
    for article in (
        make_article(published=False),
        make_article(published=False, status=Status.IN_REVIEW, created_by=reporter),
        make_article(),
        make_article(created_by=reporter),
        make_withdrawn(created_by=reporter),
    ):
        assert client.post(change_url(article), data).status_code in {302, 403}
        assert is_untouched(article)


def test_the_list_takes_no_changes(client: Client, reporter: User) -> None:
    article = own_draft(reporter)
    forged = {
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "1",
        "form-0-id": article.pk,
        "form-0-status": "approved",
        "form-0-headline": "عنوان مزور",
        "_save": "1",
    }
    client.post(LIST, forged)
    assert is_untouched(article)


@pytest.mark.parametrize("action", ["delete_selected", "publish", "make_published", "approve"])
@pytest.mark.parametrize("role", [Role.REPORTER, Role.NEWSLETTER_EDITOR])
def test_the_list_runs_no_actions(client: Client, role: Role, action: str) -> None:
    user = make_user(role)
    client.force_login(user)
    article = make_article(published=False, created_by=user)
    client.post(LIST, {"action": action, "_selected_action": [article.pk], "index": "0", "post": "yes"})
    assert is_untouched(article)


def test_nothing_is_saved_as_new(client: Client, reporter: User) -> None:
    article = own_draft(reporter)
    data = form_data(client, change_url(article)) | {"_saveasnew": "1"}
    assert client.post(change_url(article), data).status_code == 400
    assert Article.objects.count() == 1


def test_rows_of_another_article_stay(client: Client, reporter: User) -> None:
    mine, other = own_draft(reporter), make_article(published=False, authors=(make_author(),))
    row = other.bylines.get()
    forged = inline_row("bylines", 0, id=row.pk, article=mine.pk, author=make_author().pk, role="writing", position="0")
    data = form_data(client, change_url(mine)) | forged | {"bylines-INITIAL_FORMS": "1", "_continue": "1"}
    client.post(change_url(mine), data)
    assert Byline.objects.get(pk=row.pk).author == row.author
    assert Byline.objects.get(pk=row.pk).article == other


def test_a_link_to_a_hidden_article_is_refused(client: Client, reporter: User) -> None:
    mine, hidden = own_draft(reporter), make_article("عنوان سري لم يُنشر", published=False)
    row = inline_row("related_links", target=hidden.pk, position="0")
    response = client.post(change_url(mine), form_data(client, change_url(mine)) | row | {"_continue": "1"})
    assert not RelatedLink.objects.exists()
    assert "عنوان سري لم يُنشر" not in response.content.decode()


def test_corrections_are_not_made_through_an_inline(client: Client, reporter: User) -> None:
    mine = own_draft(reporter)
    row = inline_row("corrections", kind="correction", note="x")
    counts = {"corrections-INITIAL_FORMS": "0"}
    client.post(change_url(mine), form_data(client, change_url(mine)) | row | counts | {"_continue": "1"})
    assert not Correction.objects.exists()


@pytest.mark.parametrize("extra", [{"_popup": "1"}, {"_to_field": "created_by__password"}, {"_to_field": "import_ref"}])
def test_popups_and_other_keys_open_nothing(client: Client, reporter: User, extra: dict[str, str]) -> None:
    article = make_article(published=False)
    response = client.post(change_url(article), {"headline": "x", **extra})
    assert response.status_code in {302, 400, 403}
    assert is_untouched(article)


@pytest.mark.parametrize("button", ["_publish", "_withdraw", "_approve"])
def test_an_address_alone_changes_nothing(client: Client, button: str) -> None:
    client.force_login(make_user(Role.EDITOR))
    for article in (make_article(published=False), make_article()):
        assert client.get(change_url(article), {button: "1", "withdrawal_reason": "x"}).status_code == 200
        assert is_untouched(article)


def test_a_post_without_its_token_is_refused(reporter: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_user(Role.EDITOR))
    article = make_article(published=False)
    for address in (change_url(article), add_url(), reverse("admin:articles_article_import")):
        assert strict.post(address, {"headline": "x", "_publish": "1", "text": "x"}).status_code == 403
    assert is_untouched(article)


def test_a_reporter_deletes_nothing(client: Client, reporter: User) -> None:
    for article in (own_draft(reporter), make_article(created_by=reporter), make_article()):
        address = reverse("admin:articles_article_delete", args=[article.pk])
        assert client.post(address, {"post": "yes"}).status_code == 403
        assert is_untouched(article)


def test_an_editor_deletes_no_published_article(client: Client) -> None:
    client.force_login(make_user(Role.EDITOR))
    live, gone, draft = make_article(), make_withdrawn(), make_article(published=False)
    codes = [
        client.post(reverse("admin:articles_article_delete", args=[article.pk]), {"post": "yes"}).status_code
        for article in (live, gone, draft)
    ]
    assert codes == [403, 403, 302]
    assert set(Article.objects.all()) == {live, gone}
