"""What appears by itself was checked when it got its time; whatever changes it afterwards does not make it worse."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from articles import publishing
from articles.changes import open_changes, publish_changes
from articles.enums import ChangeKind, Strictness
from articles.front_desk import set_breaking
from articles.models import Article, AvoidedWord, CheckLevel
from articles.publishing import NotReady
from articles.restoring import restore_version
from articles.revisions import record
from tests.articles.desk import save
from tests.factories import BODY, make_article, make_image, make_site, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

BAD_BODY = f"<p>كلمة ممنوعة هنا.</p>{BODY}"


@pytest.fixture
def editor(client: Client) -> User:
    """Who may publish and may not do it against the house style."""
    make_site()
    AvoidedWord.objects.create(word="ممنوعة")
    CheckLevel.objects.create(check_name="avoided_words", strictness=Strictness.BLOCKS)
    user = make_user(Role.EDITOR)
    client.force_login(user)
    return user


def scheduled(by: User, **fields: Any) -> Article:
    article = make_article(published=False, **fields)
    record(article, by=by)
    return publishing.publish(article, by=by, at=timezone.now() + timedelta(hours=1))


def body_of(article: Article) -> str:
    return Article.objects.values_list("body", flat=True).get(pk=article.pk)


def test_a_scheduled_text_is_not_made_worse_in_its_form(client: Client, editor: User) -> None:
    article = scheduled(editor)
    answer = save(client, article, body=BAD_BODY)
    assert answer.context["errors"]
    assert "ممنوعة" not in body_of(article)


def test_scheduled_changes_are_not_made_worse_either(client: Client, editor: User) -> None:
    story = make_article()
    record(story, by=editor)
    copy = open_changes(story, by=editor)
    publish_changes(copy, by=editor, at=timezone.now() + timedelta(hours=1))
    answer = save(client, copy, body=BAD_BODY)
    assert answer.context["errors"]
    assert "ممنوعة" not in body_of(copy)


def test_what_a_chief_editor_let_through_may_be_worked_on(client: Client, editor: User) -> None:
    article = make_article(published=False, body=BAD_BODY)
    record(article, by=editor)
    chief = make_user(Role.CHIEF_EDITOR)
    publishing.publish(article, by=chief, at=timezone.now() + timedelta(hours=1), override="اسم علم")
    save(client, article, body=BAD_BODY + "<p>وفقرة أخرى.</p>")
    assert "وفقرة أخرى" in body_of(article)
    save(client, article, headline="كلمة ممنوعة في العنوان")
    article.refresh_from_db()
    assert "ممنوعة" not in article.headline


def test_what_waits_without_a_time_is_checked_when_it_gets_one(client: Client, editor: User) -> None:
    article = make_article(published=False)
    record(article, by=editor)
    publishing.approve(article, by=editor)
    save(client, article, body=BAD_BODY)
    assert "ممنوعة" in body_of(article)
    with pytest.raises(NotReady):
        publishing.publish(article, by=editor)


def test_the_text_of_a_withdrawal_that_is_scheduled_is_shown_to_nobody(client: Client, editor: User) -> None:
    story = make_article()
    record(story, by=editor)
    copy = open_changes(story, by=editor)
    moment = timezone.now() + timedelta(hours=1)
    publish_changes(copy, by=editor, at=moment, kind=ChangeKind.RETRACTION, note="لم تصح المعلومات.")
    save(client, copy, body=BAD_BODY)
    assert "ممنوعة" in body_of(copy)


def test_an_older_version_is_not_put_into_a_scheduled_text(editor: User) -> None:
    article = make_article(published=False, body=BAD_BODY)
    record(article, by=editor)
    bad = article.version
    Article.objects.filter(pk=article.pk).update(body=BODY)
    article.refresh_from_db()
    record(article, by=editor)
    publishing.publish(article, by=editor, at=timezone.now() + timedelta(hours=1))
    with pytest.raises(NotReady):
        restore_version(article, bad, by=editor)
    assert "ممنوعة" not in body_of(article)


def test_a_picture_without_a_credit_does_not_come_in_afterwards(client: Client, editor: User) -> None:
    article = scheduled(editor)
    save(client, article, lead_image=str(make_image(credit="").pk))
    article.refresh_from_db()
    assert article.lead_image is None


def test_the_breaking_bar_says_nothing_that_may_not_be_published(editor: User) -> None:
    story = make_article()
    record(story, by=editor)
    with pytest.raises(NotReady):
        set_breaking(story, timezone.now() + timedelta(hours=1), by=editor, text="عاجل: ممنوعة")
    story.refresh_from_db()
    assert (story.promo_headline, story.breaking_until) == ("", None)
