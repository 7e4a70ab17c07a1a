"""Changes of a published story at the desk: the list, the way in, the way out."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from articles import publishing
from articles.admin import article as article_admin
from articles.changes import open_changes
from articles.models import Article
from tests.articles.desk import change_url, form_data, save
from tests.factories import make_article, make_indexed, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"


@pytest.fixture
def editor(client: Client) -> User:
    user = make_user(Role.EDITOR)
    client.force_login(user)
    return user


def edit_url(article: Article) -> str:
    return reverse("admin:articles_article_edit", args=[article.pk])


def discard_url(article: Article) -> str:
    return reverse("admin:articles_article_discard", args=[article.pk])


def changes_of(story: Article) -> Article | None:
    return Article.objects.filter(working_copy_of=story).first()


def test_editing_a_published_article_opens_its_working_copy(client: Client, editor: User) -> None:
    story = make_article("كما نُشر")
    response = client.post(edit_url(story), follow=True)
    copy = changes_of(story)
    assert copy is not None
    assert response.redirect_chain[-1][0] == change_url(copy)
    save(client, copy, headline="صيغة جديدة", tags="ثقافة، مدينة")
    story.refresh_from_db()
    copy.refresh_from_db()
    assert (story.headline, story.tags.count()) == ("كما نُشر", 0)
    assert (copy.headline, copy.tags.count()) == ("صيغة جديدة", 2)


def test_an_address_alone_opens_nothing(client: Client, editor: User) -> None:
    story = make_article()
    assert client.get(edit_url(story)).status_code == 302
    copy = open_changes(make_article(), by=editor)
    assert client.get(discard_url(copy)).status_code == 200
    assert list(Article.objects.working_copies()) == [copy]


def test_the_page_of_a_published_article_has_no_field_to_write_in(client: Client, editor: User) -> None:
    story = make_article()
    fields = set(form_data(client, change_url(story)))
    assert not fields & {"headline", "body", "tags", "publish_at_0", "section"}
    assert not any(name.endswith("-author") for name in fields)


def test_the_list_shows_one_row_a_story_and_says_that_it_has_changes(client: Client, editor: User) -> None:
    story = make_article("افتتاح المكتبة")
    copy = open_changes(story, by=editor)
    save(client, copy, headline="افتتاح المكتبة الكبرى")
    page = client.get(LIST)
    assert [row.pk for row in page.context["cl"].result_list] == [story.pk]
    text = page.content.decode()
    assert 'class="with-changes"' in text
    assert change_url(copy) in text
    assert "الكبرى" not in text


def test_the_list_says_where_the_changes_stand(client: Client, editor: User) -> None:
    copy = open_changes(make_article(), by=editor)
    publishing.approve(copy, by=editor)
    shown = client.get(LIST).context["cl"].result_list[0].shown_changes
    assert shown.status == "approved"


@pytest.mark.parametrize("stage", ["published", "in_review"])
def test_a_published_story_is_found_by_the_state_of_its_changes_too(client: Client, editor: User, stage: str) -> None:
    story = make_article()
    make_article(published=False)
    copy = open_changes(story, by=editor)
    Article.objects.filter(pk=copy.pk).update(status="in_review")
    rows = client.get(LIST, {"stage": stage}).context["cl"].result_list
    assert [row.pk for row in rows] == [story.pk]


def test_the_last_saved_changes_bring_their_story_to_the_top(client: Client, editor: User) -> None:
    story = make_article()
    newer = make_article()
    save(client, open_changes(story, by=editor), kicker="جديد")
    assert [row.pk for row in client.get(LIST).context["cl"].result_list] == [story.pk, newer.pk]


def test_the_list_costs_the_same_with_one_story_and_with_three(client: Client, editor: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        return len(captured)

    open_changes(make_article(), by=editor)
    one = queries()
    for _ in range(2):
        open_changes(make_article(), by=editor)
    assert queries() == one


def test_a_reporter_learns_nothing_of_changes_to_the_story_of_another(client: Client) -> None:
    story = make_article("كما نُشر")
    copy = open_changes(story, by=make_user(Role.EDITOR))
    Article.objects.filter(pk=copy.pk).update(headline="سرٌّ لم يُنشر")
    client.force_login(make_user(Role.REPORTER))
    for address in (LIST, change_url(story)):
        page = client.get(address).content.decode()
        assert "سرٌّ" not in page
        assert "with-changes" not in page
        assert "changes-note" not in page
    for address in (change_url(copy), discard_url(copy)):
        assert "سرٌّ" not in client.get(address, follow=True).content.decode()
        assert client.post(address).status_code in {302, 403, 404}
    assert client.post(edit_url(story)).status_code == 403
    assert changes_of(story) == copy


@pytest.mark.parametrize("is_own", [True, False])
def test_the_state_of_changes_is_found_by_whoever_may_know_of_them(client: Client, is_own: bool) -> None:
    reporter, editor = make_user(Role.REPORTER), make_user(Role.EDITOR)
    story = make_article("كما نُشر", created_by=reporter if is_own else None)
    publishing.submit(open_changes(story, by=editor), by=editor)
    client.force_login(reporter)
    found = list(client.get(f"{LIST}?stage=in_review").context["cl"].result_list)
    assert found == ([story] if is_own else [])


def test_a_form_whose_changes_go_while_it_waits_for_them_comes_back(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading the row and locking it: with PostgreSQL the lock is waited for until they are published."""
    copy = open_changes(make_article("كما نُشر"), by=editor)
    data = form_data(client, change_url(copy)) | {"headline": "جملة لا تضيع", "_continue": "1"}

    def publish_first(pk: int) -> Article:
        Article.objects.filter(pk=copy.pk).delete()
        return publishing.lock(pk)

    monkeypatch.setattr(article_admin, "lock", publish_first)
    response = client.post(change_url(copy), data)
    assert response.status_code == 409
    assert "جملة لا تضيع" in response.content.decode()


def test_a_working_copy_is_no_article_to_relate_to(client: Client, editor: User) -> None:
    story = make_indexed("افتتاح المكتبة")
    open_changes(story, by=editor)
    query = {"app_label": "articles", "model_name": "relatedlink", "field_name": "target", "term": "المكتبة"}
    found = client.get(reverse("admin:autocomplete"), query).json()["results"]
    assert [row["id"] for row in found] == [str(story.pk)]


def test_discarding_asks_and_leaves_the_story_alone(client: Client, editor: User) -> None:
    story = make_article("كما نُشر")
    copy = open_changes(story, by=editor)
    save(client, copy, headline="صيغة مهملة")
    assert changes_of(story) is not None
    response = client.post(discard_url(copy), follow=True)
    assert response.redirect_chain[-1][0] == change_url(story)
    assert changes_of(story) is None
    story.refresh_from_db()
    assert story.headline == "كما نُشر"


def test_discarding_does_not_pass_over_what_was_saved_meanwhile(client: Client, editor: User) -> None:
    copy = open_changes(make_article("كما نُشر"), by=editor)
    page = form_data(client, discard_url(copy))
    save(client, copy, headline="ما كتبته زميلة")
    client.post(discard_url(copy), page)
    assert Article.objects.get(pk=copy.pk).headline == "ما كتبته زميلة"
    client.post(discard_url(copy), form_data(client, discard_url(copy)))
    assert not Article.objects.filter(pk=copy.pk).exists()


def test_changes_are_not_deleted_like_a_draft(client: Client) -> None:
    client.force_login(make_user(Role.CHIEF_EDITOR))
    copy = open_changes(make_article(), by=make_user(Role.EDITOR))
    assert client.post(reverse("admin:articles_article_delete", args=[copy.pk]), {"post": "yes"}).status_code == 403
    assert Article.objects.filter(pk=copy.pk).exists()


def test_only_a_published_article_is_edited_apart(client: Client, editor: User) -> None:
    draft = make_article(published=False)
    client.post(edit_url(draft), follow=True)
    assert not Article.objects.working_copies().exists()
