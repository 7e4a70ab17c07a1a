"""The page of an article's preview links, and what guests said beside its comments."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from articles.changes import open_changes
from articles.models import Article, Comment, PreviewLink
from articles.preview_links import answer, path_of, revoke, share
from articles.revisions import record
from tests.articles.desk import change_url, messages_of
from tests.factories import make_article, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def editor(client: Client) -> User:
    user = make_user(Role.EDITOR, first_name="سامر")
    client.force_login(user)
    return user


@pytest.fixture
def draft(editor: User) -> Article:
    article = make_article("نص للمراجعة", published=False)
    record(article, by=editor)
    article.refresh_from_db()
    return article


def links_url(article: Article) -> str:
    return reverse("admin:articles_article_links", args=[article.pk])


def revoke_url(article: Article, link: PreviewLink) -> str:
    return reverse("admin:articles_article_link_revoke", args=[article.pk, link.pk])


def test_a_link_is_made_and_shown_with_its_address(client: Client, draft: Article) -> None:
    page = client.post(links_url(draft), {"reader": "المحامية", "hours": "72"}, follow=True)
    link = PreviewLink.objects.get()
    assert len(messages_of(page)) == 1
    assert path_of(link) in page.content.decode()
    assert link.expires_at - link.created_at == timedelta(days=3)


@pytest.mark.parametrize("data", [{"reader": "", "hours": "24"}, {"reader": "س", "hours": "1000"}, {"reader": "س"}])
def test_a_form_with_faults_makes_none(client: Client, draft: Article, data: dict[str, str]) -> None:
    page = client.post(links_url(draft), data)
    assert page.status_code == 400
    assert 'class="errorlist"' in page.content.decode()
    assert not PreviewLink.objects.exists()


def test_links_that_are_over_have_no_address(
    client: Client, draft: Article, editor: User, clock: time_machine.Traveller
) -> None:
    expired = share(draft, by=editor, reader="الأولى", hours=1)
    revoked = revoke(share(draft, by=editor, reader="الثاني"), by=editor)
    clock.shift(timedelta(hours=2))
    text = client.get(links_url(draft)).content.decode()
    assert "الأولى" in text
    assert "الثاني" in text
    assert path_of(expired) not in text
    assert path_of(revoked) not in text


def test_revoking_takes_a_press(client: Client, draft: Article, editor: User) -> None:
    link = share(draft, by=editor, reader="س")
    assert client.get(revoke_url(draft, link)).status_code == 405
    client.post(revoke_url(draft, link))
    link.refresh_from_db()
    assert link.revoked_at is not None


def test_a_link_is_revoked_from_its_own_article(client: Client, draft: Article, editor: User) -> None:
    other = share(make_article(published=False), by=editor, reader="س")
    assert client.post(revoke_url(draft, other)).status_code == 404
    other.refresh_from_db()
    assert other.revoked_at is None


def test_another_reporter_finds_nothing(client: Client, draft: Article, editor: User) -> None:
    link = share(draft, by=editor, reader="س")
    client.force_login(make_user(Role.REPORTER))
    for answered in (client.get(links_url(draft)), client.post(revoke_url(draft, link))):
        assert answered.status_code == 404
        assert "نص للمراجعة" not in answered.content.decode()


def test_of_a_published_story_of_another_a_reporter_makes_none(client: Client) -> None:
    client.force_login(make_user(Role.REPORTER))
    story = make_article()
    assert client.get(links_url(story)).status_code == 403
    assert client.post(links_url(story), {"reader": "س", "hours": "24"}).status_code == 403
    assert not PreviewLink.objects.exists()


def test_the_form_leads_to_the_links(client: Client, draft: Article) -> None:
    assert links_url(draft) in client.get(change_url(draft)).content.decode()


# What guests said


def saw(client: Client, article: Article) -> list[str]:
    comments = client.get(change_url(article)).context["discussion"].open
    return [comment.saw for comment in comments]


def test_an_approval_stands_with_its_version(client: Client, draft: Article, editor: User) -> None:
    link = share(draft, by=editor, reader="المحامية")
    answer(link, text="", is_approval=True, seen_version=1)
    text = client.get(change_url(draft)).content.decode()
    assert "المحامية" in text
    assert "comment-guest" in text
    assert "is-approval" in text
    (sentence,) = saw(client, draft)
    assert "1" in sentence or "١" in sentence


def test_an_approval_says_that_the_text_has_changed_since(client: Client, draft: Article, editor: User) -> None:
    answer(share(draft, by=editor, reader="س"), text="", is_approval=True, seen_version=1)
    before = saw(client, draft)
    record(draft, by=editor)  # a version in which nothing of the text is other
    same = saw(client, draft)
    Article.objects.filter(pk=draft.pk).update(headline="عنوان آخر")
    draft.refresh_from_db()
    record(draft, by=editor)
    assert same == before
    assert saw(client, draft) != before


def test_it_is_the_text_of_the_changes_that_counts(client: Client, editor: User) -> None:
    story = make_article("خبر منشور")
    record(story, by=editor)
    story.refresh_from_db()
    copy = open_changes(story, by=editor)
    Article.objects.filter(pk=copy.pk).update(headline="خبر معدّل")
    copy.refresh_from_db()
    record(copy, by=editor)
    copy.refresh_from_db()
    answer(share(copy, by=editor, reader="س"), text="", is_approval=True, seen_version=copy.version)
    before = saw(client, copy)
    Article.objects.filter(pk=copy.pk).update(headline="خبر معدّل مرة أخرى")
    assert saw(client, copy) != before


def test_colleagues_saw_no_version(client: Client, draft: Article, editor: User) -> None:
    Comment.objects.create(article=draft, by=editor, text="تعليق")
    assert saw(client, draft) == [""]


def test_a_page_of_comments_takes_as_many_queries_with_three_answers(
    client: Client, draft: Article, editor: User, django_assert_max_num_queries: Any
) -> None:
    url = reverse("admin:articles_article_comments", args=[draft.pk])
    link = share(draft, by=editor, reader="س")
    answer(link, text="واحدة", is_approval=False, seen_version=1)
    client.get(url)
    with django_assert_max_num_queries(40) as one:
        client.get(url)
    for number in range(2):
        answer(link, text=f"ملاحظة {number}", is_approval=False, seen_version=1)
    with django_assert_max_num_queries(len(one)):
        page = client.get(url)
    assert page.status_code == 200
