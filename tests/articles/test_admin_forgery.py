"""What a reporter sends by hand changes nothing that a reporter may not change."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from articles.admin.workflow import DEEDS
from articles.changes import open_changes
from articles.commenting import comment
from articles.enums import Status
from articles.models import Article, Attribution, Byline, Comment, Correction, RelatedLink, UnsavedText
from articles.revisions import record
from tests.articles.desk import add_url, change_url, form_data, inline_row
from tests.factories import make_article, make_author, make_source, make_user, make_withdrawn

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
# 409 gives back what was typed on a page of its own (articles.admin.kept), and saves nothing of it.
REFUSED = {302, 403, 404, 409}
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
    assert client.post(add_url(), data).status_code in REFUSED - {302}
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
        assert client.post(change_url(article), data).status_code in REFUSED
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


# Changes of a published story


def own_changes(reporter: User) -> Article:
    return open_changes(make_article("كما نُشر", created_by=reporter), by=reporter)


def test_machinery_in_the_form_of_changes_is_ignored(client: Client, reporter: User) -> None:
    copy, other = own_changes(reporter), make_article()
    forged = {
        "status": "approved",
        "publish_at_0": "2020-01-01",
        "publish_at_1": "10:00",
        "published_at": "2020-01-01 10:00",
        "working_copy_of": other.pk,
        "change_kind": "update",
        "schedule_error": "x",
        "assigned_to": reporter.pk,
        "story": other.pk,
    }
    data = form_data(client, change_url(copy)) | forged | {"headline": "صيغة جديدة", "_continue": "1"}
    assert client.post(change_url(copy), data).status_code == 302
    story, copy = copy.story, Article.objects.get(pk=copy.pk)
    story.refresh_from_db()
    assert (copy.status, copy.publish_at, copy.published_at) == (Status.DRAFT, None, None)
    assert (copy.working_copy_of, copy.change_kind, copy.schedule_error) == (story, "wording", "")
    assert (copy.headline, story.headline, copy.assigned_to) == ("صيغة جديدة", "كما نُشر", None)


@pytest.mark.parametrize("button", FORBIDDEN)
def test_no_button_of_the_editors_works_on_changes(client: Client, reporter: User, button: str) -> None:
    copy = own_changes(reporter)
    data = form_data(client, change_url(copy)) | {button: "1", "headline": "عنوان مزور"}
    assert client.post(change_url(copy), data).status_code in REFUSED
    assert is_untouched(copy)
    assert is_untouched(copy.story)


def test_a_reporter_publishes_no_changes(client: Client, reporter: User) -> None:
    copy = own_changes(reporter)
    address = reverse("admin:articles_article_publish", args=[copy.pk])
    order = {"moment": "now", "mode": "now", "kind": "wording", "version": copy.version}
    assert client.post(address, order).status_code == 403
    assert Article.objects.filter(pk=copy.pk).exists()


def test_the_changes_of_another_are_neither_saved_nor_discarded(client: Client, reporter: User) -> None:
    mine, others = own_changes(reporter), open_changes(make_article(), by=make_user(Role.EDITOR))
    data = form_data(client, change_url(mine)) | {"headline": "عنوان مزور", "_continue": "1"}
    assert client.post(change_url(others), data).status_code in REFUSED
    assert client.post(reverse("admin:articles_article_discard", args=[others.pk])).status_code in REFUSED
    assert is_untouched(others)


@pytest.mark.parametrize("of_story", [True, False])
def test_rows_of_another_article_stay_when_changes_are_saved(client: Client, reporter: User, of_story: bool) -> None:
    """The story's own rows are foreign to its working copy too."""
    copy = own_changes(reporter)
    other = copy.story if of_story else make_article(published=False)
    byline = Byline.objects.create(article=other, author=make_author(), role="writing")
    source = Attribution.objects.create(article=other, source=make_source())
    forged = {
        **inline_row("bylines", 0, id=byline.pk, article=copy.pk, author=make_author().pk, role="writing", DELETE="on"),
        **inline_row("attributions", 0, id=source.pk, article=copy.pk, source=make_source().pk, printed_as="مزور"),
        "bylines-INITIAL_FORMS": "1",
        "attributions-INITIAL_FORMS": "1",
    }
    client.post(change_url(copy), form_data(client, change_url(copy)) | forged | {"_continue": "1"})
    assert Byline.objects.get(pk=byline.pk).article == other
    assert (Attribution.objects.get().article, Attribution.objects.get().printed_as) == (other, "")


# Numbers of versions

HUGE = "9" * 30


@pytest.mark.parametrize("version", ["1", "", "0", "-1", "-5", "99", HUGE, "1.0", "١", "x", "1 ", None])
def test_no_number_of_a_version_writes_over_a_newer_text(client: Client, version: str | None) -> None:
    client.force_login(make_user(Role.EDITOR))
    article = make_article("أول", published=False)
    record(article, by=None)
    data = form_data(client, change_url(article))
    Article.objects.filter(pk=article.pk).update(headline="أحدث")
    article.refresh_from_db()
    record(article, by=make_user(Role.EDITOR))
    data |= {"headline": "عنوان مزور", "_continue": "1"}
    data = {name: value for name, value in data.items() if name != "version"}
    data |= {} if version is None else {"version": version}
    assert client.post(change_url(article), data).status_code == 409
    article.refresh_from_db()
    assert article.headline == "أحدث"


@pytest.mark.parametrize("version", ["1", "", "-1", "99", HUGE, "x"])
def test_no_number_of_a_version_publishes_what_was_not_shown(client: Client, version: str) -> None:
    client.force_login(make_user(Role.EDITOR))
    article = make_article(published=False)
    for _save in range(3):
        record(article, by=None)
    order = {"moment": "now", "mode": "now", "kind": "wording", "version": version}
    address = reverse("admin:articles_article_publish", args=[article.pk])
    assert client.post(address, order).status_code < 500
    assert not Article.objects.published().exists()


# Rows of one story through the address of another


def test_a_comment_is_not_closed_through_another_article(client: Client, reporter: User) -> None:
    mine, other = own_draft(reporter), make_article(published=False)
    row = comment(other, by=make_user(Role.EDITOR), text="سر المكتب")
    address = reverse("admin:articles_article_comment_resolve", args=[mine.pk, row.pk])
    for data in ({}, {"reopen": "1"}):
        response = client.post(address, data)
        assert response.status_code == 404
        assert "سر المكتب" not in response.content.decode()
    assert Comment.objects.get().resolved_at is None


def test_a_comment_is_addressed_to_nobody_who_may_not_read_it(client: Client, reporter: User) -> None:
    mine, stranger = own_draft(reporter), make_user(Role.REPORTER, email="stranger@news.example")
    address = reverse("admin:articles_article_comments", args=[mine.pk])
    for to in (stranger.pk, make_user().pk, "x", "-1", HUGE):
        assert client.post(address, {"comment-text": "سر", "comment-to": to}).status_code == 200
    assert not Comment.objects.exists()


def test_versions_are_reached_through_their_own_story_alone(client: Client, reporter: User) -> None:
    mine, other = own_draft(reporter), make_article("عنوان سري لم يُنشر", published=False)
    record(mine, by=reporter)
    for _save in range(4):
        revision = record(other, by=None)
    for number in (revision.version, revision.pk):
        for name in ("revision", "restore"):
            address = reverse(f"admin:articles_article_{name}", args=[mine.pk, number])
            assert client.get(address).status_code == 404
            assert client.post(address).status_code == 404
        page = client.get(reverse("admin:articles_article_compare", args=[mine.pk]), {"old": 1, "new": number})
        assert page.status_code == 302
    assert is_untouched(mine)


@pytest.mark.parametrize("button", ["_bring_back", "_discard_text"])
def test_the_unsaved_text_of_another_is_neither_read_nor_thrown_away(
    client: Client, reporter: User, button: str
) -> None:
    mine = own_draft(reporter)
    data = {"headline": ["سر لم يُحفظ"], "body": ["<p>سر لم يُحفظ</p>"]}
    for article in (mine, None):
        text = UnsavedText.objects.create(
            user=make_user(Role.EDITOR), article=article, window="0123456789", data=data, base_version=mine.version
        )
        form = form_data(client, change_url(mine)) | {button: text.pk}
        assert "سر لم يُحفظ" not in client.post(change_url(mine), form, follow=True).content.decode()
        for address in (
            reverse("admin:articles_article_unsaved", args=[mine.pk, text.pk]),
            reverse("admin:articles_article_unsaved_new", args=[text.pk]),
        ):
            assert client.get(address).status_code == 404
        assert UnsavedText.objects.get(pk=text.pk).data == data
    assert is_untouched(mine)


def test_a_save_forgets_no_text_of_another(client: Client, reporter: User) -> None:
    mine = own_draft(reporter)
    text = UnsavedText.objects.create(user=make_user(Role.EDITOR), article=mine, window="0123456789", data={})
    forged = {"window": text.window, "brought_back": text.window, "headline": "عنوان", "_continue": "1"}
    assert client.post(change_url(mine), form_data(client, change_url(mine)) | forged).status_code == 302
    assert UnsavedText.objects.filter(pk=text.pk).exists()


def test_an_autosave_is_kept_for_oneself_alone(client: Client, reporter: User) -> None:
    mine, hidden = own_draft(reporter), make_article(published=False)
    others = UnsavedText.objects.create(user=make_user(Role.EDITOR), article=mine, window="0123456789", data={})
    data = form_data(client, change_url(mine)) | {"headline": "جديد", "window": others.window, "_typed": "1"}
    client.post(reverse("admin:articles_article_autosave", args=[mine.pk]), data)
    own = UnsavedText.objects.exclude(pk=others.pk).get()
    assert (own.user, own.article) == (reporter, mine)
    others.refresh_from_db()
    assert others.data == {}
    answer = client.post(reverse("admin:articles_article_autosave", args=[hidden.pk]), data)
    assert answer.status_code in REFUSED
    assert not UnsavedText.objects.filter(article=hidden).exists()


@pytest.mark.parametrize("number", ["0", HUGE])
def test_numbers_that_name_nothing_find_nothing(client: Client, number: str) -> None:
    client.force_login(make_user(Role.CHIEF_EDITOR))
    article = make_article(published=False)
    record(article, by=None)
    base = "/admin/articles/article/"
    for address in (
        f"{article.pk}/revisions/{number}/",
        f"{article.pk}/revisions/{number}/restore/",
        f"{article.pk}/comments/{number}/resolve/",
        f"{article.pk}/unsaved/{number}/",
        f"add/unsaved/{number}/",
        f"{number}/publish/",
        f"{number}/history/",
        f"{number}/comments/",
        f"{number}/edit/",
        f"{number}/autosave/",
    ):
        assert client.post(base + address).status_code in {400, 404, 405}, address
        assert client.get(base + address).status_code in {404, 405}, address
    assert is_untouched(article)
