from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from articles import covering, publishing
from articles.changes import open_changes
from articles.models import Article, LiveUpdate
from tests.articles.desk import change_url, form_data, messages_of
from tests.factories import make_article, make_site, make_source, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> User:
    make_site()
    editor = make_user(Role.EDITOR)
    client.force_login(editor)
    return editor


@pytest.fixture
def story(editor: User) -> Article:
    return covering.start_coverage(make_article(sources=(make_source(),)), by=editor)


def coverage_url(article: Article) -> str:
    return reverse("admin:articles_article_coverage", args=[article.pk])


def update_url(update: LiveUpdate) -> str:
    return reverse("admin:articles_article_update", args=[update.article_id, update.pk])


def post(client: Client, article: Article, **words: Any) -> Any:
    """Open the page, type, press the button."""
    return client.post(coverage_url(article), form_data(client, coverage_url(article)) | words, follow=True)


def test_an_editor_begins_ends_and_reopens_a_coverage(client: Client, editor: User) -> None:
    story = make_article()
    assert f'href="{coverage_url(story)}"' in client.get(change_url(story)).content.decode()
    for button, is_live in (("_start", True), ("_end", False), ("_reopen", True)):
        response = client.post(coverage_url(story), {button: "1"}, follow=True)
        assert response.redirect_chain == [(coverage_url(story), 302)]
        assert len(messages_of(response)) == 1
        story.refresh_from_db()
        assert story.is_live is is_live


def test_the_quick_form_posts_an_update(client: Client, story: Article, editor: User) -> None:
    body = "وصل الوفد.\r\n\r\nالتفاصيل: https://example.org/a"
    response = post(client, story, headline="وصول الوفد", body=body, is_key="on")
    update = story.live_updates.get()
    assert (update.headline, update.is_key, update.by) == ("وصول الوفد", True, editor)
    assert update.body.startswith('<p>وصل الوفد.</p>\n<p>التفاصيل: <a href="https://example.org/a"')
    assert "وصول الوفد" in response.content.decode()
    assert form_data(client, coverage_url(story))["headline"] == ""


def test_a_form_that_is_sent_twice_posts_once(client: Client, story: Article) -> None:
    data = form_data(client, coverage_url(story)) | {"headline": "وصول الوفد"}
    for _sending in range(2):
        assert client.post(coverage_url(story), data).status_code == 302
    assert story.live_updates.count() == 1
    # Back in the browser, other words: they are asked about, not lost and not put over the first.
    response = client.post(coverage_url(story), data | {"headline": "مغادرة الوفد"})
    assert response.status_code == 409
    assert 'value="مغادرة الوفد"' in response.content.decode()
    assert story.live_updates.count() == 1
    again = {"headline": "مغادرة الوفد", "window": response.context["window"]}
    assert client.post(coverage_url(story), again).status_code == 302
    assert story.live_updates.count() == 2


def test_what_is_refused_comes_back_with_a_sentence(client: Client, story: Article, editor: User) -> None:
    response = post(client, story, body="نص بلا عنوان", is_key="on")
    assert response.status_code == 409
    assert "نص بلا عنوان</textarea>" in response.content.decode()
    assert list(response.context["form"].errors) == ["headline"]
    data = form_data(client, coverage_url(story)) | {"headline": "وصول الوفد"}
    covering.end_coverage(story, by=editor)
    response = client.post(coverage_url(story), data)
    assert response.status_code == 409
    assert 'value="وصول الوفد"' in response.content.decode()
    assert not story.live_updates.exists()


def test_words_that_are_sent_after_the_session_ended_are_given_back(client: Client, story: Article) -> None:
    data = form_data(client, coverage_url(story)) | {"headline": "وصول الوفد", "body": "وصل قبل قليل."}
    client.logout()
    response = client.post(coverage_url(story), data)
    assert response.status_code == 401
    html = response.content.decode()
    assert 'name="headline" value="وصول الوفد"' in html
    assert 'name="body" value="وصل قبل قليل."' in html
    assert f'name="window" value="{data["window"]}"' in html


def test_an_update_is_changed_and_its_former_words_are_read_at_the_desk(client: Client, story: Article) -> None:
    post(client, story, headline="وصول الوفد", body="وصل قبل قليل.")
    update = story.live_updates.get()
    data = form_data(client, update_url(update))
    assert data["body"] == "<p>وصل قبل قليل.</p>"
    response = client.post(update_url(update), data | {"headline": "وصل الوفد", "body": "<p>وصل.</p>"}, follow=True)
    update.refresh_from_db()
    assert (update.headline, update.body) == ("وصل الوفد", "<p>وصل.</p>")
    html = response.content.decode()
    assert "وصول الوفد" in html
    assert "وصل قبل قليل." in html


def test_two_who_change_the_same_update_lose_nothing(client: Client, story: Article, editor: User) -> None:
    update = covering.post_update(story, by=editor, headline="وصول الوفد")
    data = form_data(client, update_url(update))
    covering.change_update(update, by=make_user(Role.EDITOR), headline="وصل الوفد", body="", is_key=False)
    response = client.post(update_url(update), data | {"headline": "الوفد يصل"})
    assert response.status_code == 409
    html = response.content.decode()
    assert 'value="الوفد يصل"' in html
    assert "وصل الوفد" in html
    again = form_data(client, update_url(update)) | {"headline": "الوفد يصل"}
    assert client.post(update_url(update), again).status_code == 302
    update.refresh_from_db()
    assert [old["headline"] for old in update.former] == ["وصول الوفد", "وصل الوفد"]


def test_an_update_is_withdrawn_and_brought_back(client: Client, story: Article, editor: User) -> None:
    update = covering.post_update(story, by=editor, headline="وصول الوفد")
    for button, is_withdrawn in (("_withdraw", True), ("_bring_back", False)):
        response = client.post(update_url(update), {button: "1"}, follow=True)
        assert "وصول الوفد" in response.content.decode()
        update.refresh_from_db()
        assert update.is_withdrawn is is_withdrawn
        assert (f'name="{button}"' in response.content.decode()) is False


def test_an_update_is_found_under_its_own_story_alone(client: Client, story: Article, editor: User) -> None:
    update = covering.post_update(story, by=editor, headline="وصول الوفد")
    other = covering.start_coverage(make_article(), by=editor)
    address = reverse("admin:articles_article_update", args=[other.pk, update.pk])
    assert client.get(address).status_code == 404
    assert client.post(address, {"_withdraw": "1"}).status_code == 404
    assert client.get(reverse("admin:articles_article_update", args=[story.pk, 999])).status_code == 404


def test_a_withdrawn_story_shows_its_updates_to_the_desk_and_takes_none(
    client: Client, story: Article, editor: User
) -> None:
    covering.post_update(story, by=editor, headline="وصول الوفد")
    publishing.withdraw(story, by=editor, note="لم يكتمل التحقق.")
    html = client.get(coverage_url(story)).content.decode()
    assert "وصول الوفد" in html
    assert 'name="headline"' not in html
    response = client.post(coverage_url(story), {"headline": "خبر آخر"})
    assert 'value="خبر آخر"' in response.content.decode()
    assert story.live_updates.count() == 1


def test_what_was_never_public_has_no_coverage(client: Client, story: Article, editor: User) -> None:
    draft = make_article(published=False)
    assert client.get(coverage_url(draft))["Location"] == change_url(draft)
    assert coverage_url(draft) not in client.get(change_url(draft)).content.decode()
    copy = open_changes(story, by=editor)
    assert client.get(coverage_url(copy))["Location"] == coverage_url(story)


def test_a_reporter_is_refused_also_for_his_own_story(client: Client) -> None:
    make_site()
    reporter = make_user(Role.REPORTER)
    client.force_login(reporter)
    story = make_article(created_by=reporter, coverage_started_at=timezone.now())
    update = LiveUpdate.objects.create(article=story, headline="وصول الوفد")
    assert coverage_url(story) not in client.get(change_url(story)).content.decode()
    for address in (coverage_url(story), update_url(update)):
        assert client.get(address).status_code == 403
        assert client.post(address, {"headline": "خبر", "_withdraw": "1"}).status_code == 403
    update.refresh_from_db()
    assert not update.is_withdrawn


def test_a_long_coverage_is_listed_in_the_same_number_of_queries(
    client: Client, story: Article, editor: User, django_assert_max_num_queries: Any
) -> None:
    people = [editor, make_user(Role.EDITOR), make_user(Role.EDITOR)]
    LiveUpdate.objects.bulk_create(
        LiveUpdate(article=story, headline=f"خبر {number}", by=people[number % 3]) for number in range(60)
    )
    client.get(coverage_url(story))
    with django_assert_max_num_queries(12):
        html = client.get(coverage_url(story)).content.decode()
    assert "?page=2" in html
    assert _("Older") in html
