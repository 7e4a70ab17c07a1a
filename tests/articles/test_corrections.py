"""What readers are told of a mistake: every kind of change in every place, the list of all, what is withdrawn."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from time_machine import Traveller

from accounts.models import User
from accounts.roles import Role
from articles import publishing
from articles.changes import open_changes, publish_changes
from articles.enums import ChangeKind, CorrectionKind, Status
from articles.models import Article, Correction
from articles.revisions import record
from newsletter.mails.rendering import render_issue
from newsletter.reading_issues import page_items
from tests.articles.page_data import block
from tests.factories import make_article, make_issue, make_page, make_site, make_user

pytestmark = pytest.mark.django_db

NOTE = "ذكرت نسخة سابقة أن الحديقة تفتح عند السابعة، والصحيح أنها تفتح عند السادسة."
SHOWN = (ChangeKind.UPDATE, ChangeKind.CLARIFICATION, ChangeKind.CORRECTION)


@pytest.fixture
def editor(clock: Traveller) -> User:
    make_site(feeds_full_text=True)
    return make_user(Role.EDITOR)


def changed(story: Article, editor: User, **fields: Any) -> Article:
    copy = open_changes(story, by=editor)
    Article.objects.filter(pk=copy.pk).update(**fields)
    copy.refresh_from_db()
    record(copy, by=editor)
    return copy


def corrected(editor: User, kind: ChangeKind, **fields: Any) -> Article:
    """A story that was changed with a note."""
    story = make_article("موعد الحديقة", **fields)
    publish_changes(changed(story, editor, headline="موعد جديد"), by=editor, kind=kind, note=NOTE)
    story.refresh_from_db()
    return story


def retracted(editor: User, **fields: Any) -> Article:
    story = make_article("عنوان لا يُذكر", slug="name-in-the-address", **fields)
    publish_changes(changed(story, editor, kicker="نص"), by=editor, kind=ChangeKind.RETRACTION, note=NOTE)
    story.refresh_from_db()
    return story


@pytest.mark.parametrize("kind", SHOWN)
@pytest.mark.parametrize("before", ["", "/lite"])
def test_the_page_shows_the_note_with_its_kind_and_time(
    client: Client, editor: User, kind: ChangeKind, before: str
) -> None:
    story = corrected(editor, kind)
    page = client.get(before + story.get_absolute_url()).content.decode()
    assert NOTE in page
    assert f">{CorrectionKind(kind.value).label}</h2>" in page
    assert page.count('datetime="2026-11-20T09:40:00+03:00"') >= 2  # of the note and of the last update


@pytest.mark.parametrize("is_full_text", [True, False])
@pytest.mark.parametrize("kind", SHOWN)
def test_feeds_tell_the_note_and_the_time_under_the_same_guid(
    client: Client, editor: User, kind: ChangeKind, is_full_text: bool
) -> None:
    make_site(feeds_full_text=is_full_text)
    story = corrected(editor, kind)
    (item,) = client.get("/feeds/feed.json").json()["items"]
    assert item["id"].endswith(story.get_short_url())
    assert item["date_modified"] == "2026-11-20T09:40:00+03:00" != item["date_published"]
    assert NOTE in item.get("content_html", item.get("content_text"))
    for name in ("rss.xml", "atom.xml"):
        feed = client.get(f"/feeds/{name}").content.decode()
        assert NOTE in feed
        assert str(CorrectionKind(kind.value).label) in feed
        assert "updated>2026-11-20T09:40:00+03:00<" in feed


@pytest.mark.parametrize("kind", SHOWN)
def test_machines_learn_of_the_note(client: Client, editor: User, kind: ChangeKind) -> None:
    story = corrected(editor, kind, coverage_started_at=timezone.now() - timedelta(minutes=30))
    for row, type_ in ((story, "LiveBlogPosting"), (corrected(editor, kind), "NewsArticle")):
        data = block(client.get(row.get_absolute_url()).content.decode(), type_)
        (told,) = data["correction"]
        assert (told["text"], told["name"]) == (NOTE, str(CorrectionKind(kind.value).label))
        assert parse_datetime(told["datePublished"]) == timezone.now()
        assert parse_datetime(data["dateModified"]) == timezone.now()


@pytest.mark.parametrize("kind", SHOWN)
def test_a_mail_that_is_made_later_tells_the_note(editor: User, kind: ChangeKind) -> None:
    mail = render_issue(make_issue(articles=(corrected(editor, kind),)))
    assert NOTE in mail.text
    assert NOTE in mail.html


def test_a_better_wording_leaves_no_trace(client: Client, editor: User) -> None:
    story = make_article()
    publish_changes(changed(story, editor, headline="صياغة أفضل"), by=editor)
    story.refresh_from_db()
    assert (story.updated_at, story.corrections.count()) == (None, 0)
    assert "date_modified" not in client.get("/feeds/feed.json").json()["items"][0]


# The list of all


def listed(client: Client, query: str = "") -> str:
    response = client.get(f"/corrections/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_has_every_kind_the_newest_first(client: Client, editor: User, clock: Traveller) -> None:
    stories = []
    for kind in SHOWN:
        stories.append(corrected(editor, kind))
        clock.shift(60)
    page = listed(client)
    places = [page.index(story.get_absolute_url()) for story in stories]
    assert places == sorted(places, reverse=True)
    assert page.count(NOTE) == 3


@pytest.mark.parametrize("kind", SHOWN)
def test_the_list_is_filtered_by_kind(client: Client, editor: User, kind: ChangeKind) -> None:
    stories = {each: corrected(editor, each) for each in SHOWN}
    page = listed(client, f"?kind={kind}")
    assert [each for each in SHOWN if stories[each].get_absolute_url() in page] == [kind]
    assert 'content="noindex"' in page


@pytest.mark.parametrize("query", ["?kind=", "?kind=other", "?kind=wording", "?kind=correction&page=0", "?before=2"])
def test_a_list_that_does_not_exist_is_unknown(client: Client, editor: User, query: str) -> None:
    corrected(editor, ChangeKind.CORRECTION)
    assert client.get(f"/corrections/{query}").status_code == 404


def test_pages_of_a_filtered_list_stay_filtered(client: Client, editor: User) -> None:
    story = make_article()
    rows = [Correction(article=story, kind=CorrectionKind.UPDATE, note=f"ملاحظة {n}") for n in range(21)]
    Correction.objects.bulk_create(rows)
    (before,) = re.findall(
        r'href="/corrections/\?kind=update&amp;(before=[^"]+)">الأقدم', listed(client, "?kind=update")
    )
    assert 'href="/corrections/?kind=update">الأحدث' in listed(client, f"?kind=update&{before}")


def test_a_withdrawn_article_is_listed_with_its_reason_and_without_its_words(client: Client, editor: User) -> None:
    story = retracted(editor)
    page = listed(client)
    assert NOTE in page
    assert f'href="{story.get_short_url()}"' in page
    assert story.headline not in page
    assert story.slug not in page
    assert client.get(story.get_short_url()).status_code == 410


def test_other_notes_of_a_withdrawn_article_go_with_it(client: Client, editor: User) -> None:
    story = make_article()
    publishing.correct(story, by=editor, kind=CorrectionKind.CORRECTION, note="الصحيح ستة.")
    publishing.withdraw(story, by=editor, note=NOTE)
    page = listed(client)
    assert "الصحيح ستة." not in page
    assert NOTE in page


def test_the_list_takes_the_same_queries_for_more_notes(
    client: Client, editor: User, django_assert_max_num_queries: Any
) -> None:
    for _number in range(3):
        retracted(editor)
        corrected(editor, ChangeKind.CORRECTION)
    listed(client)
    with django_assert_max_num_queries(4):
        listed(client)


def test_the_list_is_found_among_the_pages_too(client: Client, editor: User) -> None:
    answer = client.get("/p/corrections/")
    assert (answer.status_code, answer["Location"]) == (302, "/corrections/")
    make_page("سياسة التصحيح", slug="corrections")
    assert "سياسة التصحيح" in client.get("/p/corrections/").content.decode()
    assert client.get("/p/nothing/").status_code == 404


# Withdrawn


def test_every_address_of_a_withdrawn_article_answers_410_with_reason_and_time(client: Client, editor: User) -> None:
    story = retracted(editor, coverage_started_at=timezone.now())
    paths = [
        story.get_absolute_url(),
        f"/news/{story.pk}/",
        f"/news/{story.pk}/an-older-name/",
        story.get_short_url(),
        f"/lite/news/{story.pk}/",
        f"/lite/news/{story.pk}/an-older-name/",
        f"/news/{story.pk}/updates/?after=0",
    ]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 410, path
        page = answer.content.decode()
        assert NOTE in page, path
        assert "٩:٤٠" in page, path
        assert story.headline not in page, path


def test_lists_and_feeds_drop_a_withdrawn_article(client: Client, editor: User) -> None:
    story, other = retracted(editor), make_article("خبر باق")
    paths = ["/", story.section.get_absolute_url(), "/feeds/rss.xml", "/feeds/atom.xml", "/sitemap-news.xml", "/lite/"]
    for path in paths:
        page = client.get(path).content.decode()
        assert story.headline not in page, path
        assert story.get_absolute_url() not in page, path
    assert other.headline in client.get("/").content.decode()


def test_a_sent_issue_tells_the_reason_in_place_of_the_article(client: Client, editor: User) -> None:
    story = make_article("عنوان لا يُذكر")
    issue = make_issue(articles=(story,))
    issue.items.update(url="https://news.example/n/1", headline=story.headline)
    publishing.withdraw(story, by=editor, note=NOTE)
    (item,) = page_items(issue)
    assert (item.article, item.reason) == (None, NOTE)


def test_withdrawing_by_whatever_button_is_one_deed(editor: User) -> None:
    by_button, by_note = make_article(), make_article()
    publishing.withdraw(by_button, by=editor, note=NOTE)
    told = publishing.correct(by_note, by=editor, kind=CorrectionKind.RETRACTION, note=NOTE)
    for story in (by_button, by_note):
        story.refresh_from_db()
        assert (story.status, story.withdrawal_note) == (Status.WITHDRAWN, NOTE)
        assert story.withdrawn_at == timezone.now()
        (row,) = story.corrections.all()
        assert (row.kind, row.note, row.at) == (CorrectionKind.RETRACTION, NOTE, story.withdrawn_at)
    assert told.article == by_note
