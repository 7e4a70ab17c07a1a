"""The first page of the desk and the filters that its counts lead to."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.roles import Role
from articles.changes import open_changes, publish_changes
from articles.commenting import MOST_ATTEMPTS, comment
from articles.dashboard import MOST_COUNTED, MOST_ROWS, Dashboard, Panel, dashboard_for
from articles.enums import ChangeKind, Status
from articles.models import Article, Comment, LinkCheck, PictureUse, PreviewLink, RelatedLink
from articles.revisions import record
from articles.work import Heap, is_date_passed, is_late, lying_on
from images.models import Image
from tests.conftest import NOW
from tests.factories import make_article, make_image, make_site, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HOUR = timedelta(hours=1)
TODAY = NOW.date()


@pytest.fixture
def editor() -> User:
    make_site()
    return make_user(Role.EDITOR)


@pytest.fixture
def reporter() -> User:
    return make_user(Role.REPORTER)


def draft(**fields: Any) -> Article:
    return make_article(published=False, **fields)


def changes_of(story: Article, by: User, **fields: Any) -> Article:
    record(story, by=by)
    copy = open_changes(story, by=by)
    Article.objects.filter(pk=copy.pk).update(**fields)
    copy.refresh_from_db()
    return copy


def on(heap: Heap, user: User) -> list[Article]:
    return list(lying_on(heap, user=user, now=timezone.now()))


def listed(client: Client, heap: Heap) -> list[Article]:
    """The rows of the list behind the count."""
    response = client.get(reverse("admin:articles_article_changelist"), {"work": heap.value})
    assert response.status_code == 200
    return list(response.context["cl"].result_list)


def panel(shown: Dashboard | None, heap: Heap) -> Panel:
    assert shown is not None
    return next(panel for panel in (*shown.panels, *shown.worries) if panel.name == heap.value)


def old(article: Article) -> Article:
    """Made yesterday: it was there before its time."""
    Article.objects.filter(pk=article.pk).update(created_at=NOW - timedelta(days=1))
    article.refresh_from_db()
    return article


def test_what_waits_for_review(client: Client, editor: User) -> None:
    waiting = draft(status=Status.IN_REVIEW)
    story = make_article()
    copy = changes_of(story, editor, status=Status.IN_REVIEW)
    draft()
    assert set(on(Heap.REVIEW, editor)) == {waiting, copy}
    client.force_login(editor)
    assert set(listed(client, Heap.REVIEW)) == {waiting, story}


def test_what_is_assigned_comes_by_its_deadline(editor: User) -> None:
    whenever = draft(assigned_to=editor)
    soon = draft(assigned_to=editor, deadline=NOW + HOUR)
    make_article(assigned_to=editor)
    draft(assigned_to=make_user(Role.EDITOR))
    assert on(Heap.ASSIGNED, editor) == [soon, whenever]


def test_what_appears_today(editor: User) -> None:
    tonight = make_article(at=NOW + 14 * HOUR)  # 23:40 in Damascus
    make_article(at=NOW + 15 * HOUR)  # tomorrow there
    changes = changes_of(make_article(at=NOW - 48 * HOUR), editor)
    publish_changes(changes, by=editor, at=NOW + HOUR)
    assert on(Heap.SCHEDULED_TODAY, editor) == [changes, tonight]


def test_what_appeared_today(editor: User) -> None:
    make_article(at=NOW - 10 * HOUR)  # yesterday, 23:40 in Damascus
    early = make_article(at=NOW - 9 * HOUR)
    assert on(Heap.PUBLISHED_TODAY, editor) == [early]


def test_a_deadline_is_missed_until_the_text_is_approved(editor: User) -> None:
    late = draft(deadline=NOW - HOUR)
    story = make_article(deadline=NOW - HOUR)
    copy = changes_of(story, editor, deadline=NOW - HOUR, status=Status.IN_REVIEW)
    draft(deadline=NOW + HOUR)
    draft(deadline=NOW - HOUR, status=Status.APPROVED)
    assert set(on(Heap.LATE, editor)) == {late, copy}
    rows = Article.objects.all()
    assert {row for row in rows if is_late(row, NOW)} == {late, copy}


def test_a_draft_whose_date_passed_is_no_backdated_one(editor: User) -> None:
    passed = old(draft(publish_at=NOW - HOUR))
    old(draft(publish_at=NOW + HOUR))
    draft(publish_at=NOW - timedelta(days=400))  # the date of an imported page
    assert on(Heap.DATE_PASSED, editor) == [passed]
    assert [row for row in Article.objects.all() if is_date_passed(row, NOW)] == [passed]


def test_changes_whose_minute_passed_tell_that_the_clock_stands_still(client: Client, editor: User) -> None:
    def scheduled(minutes: int, **fields: Any) -> Article:
        at = NOW - timedelta(minutes=minutes)
        return changes_of(make_article(), editor, status=Status.APPROVED, publish_at=at, **fields)

    forgotten, refused = scheduled(3), scheduled(1, schedule_error="المتن فارغ.")
    scheduled(1)
    assert set(on(Heap.STUCK, editor)) == {forgotten, refused}
    client.force_login(editor)
    page = client.get(reverse("admin:index")).content.decode()
    assert "المتن فارغ." in page
    assert "desk-worries" in page


def test_a_mail_that_was_given_up(editor: User) -> None:
    story = draft()
    comment(story, by=editor, text="رأي")
    assert on(Heap.MAIL_LOST, editor) == []
    Comment.objects.update(mailed_at=None, mail_attempts=MOST_ATTEMPTS)
    assert on(Heap.MAIL_LOST, editor) == [story]


def test_comments_lead_to_their_story(client: Client, editor: User, reporter: User) -> None:
    story = draft(created_by=reporter)
    row = comment(story, by=editor, text="من أين الرقم؟", to=reporter)
    shown = panel(dashboard_for(reporter), Heap.COMMENTS)
    assert (shown.count, [line.note for line in shown.rows]) == (1, ["من أين الرقم؟"])
    assert shown.rows[0].address.endswith(f"/comments/#comment-{row.pk}")
    client.force_login(reporter)
    assert listed(client, Heap.COMMENTS) == [story]


@pytest.mark.parametrize("heap", Heap)
def test_a_reporter_sees_nothing_of_others(client: Client, editor: User, reporter: User, heap: Heap) -> None:
    secret = old(draft(status=Status.IN_REVIEW, deadline=NOW - HOUR, publish_at=NOW - HOUR, assigned_to=editor))
    make_article("جدول سري", at=NOW + HOUR)
    story = make_article("خبر منشور", at=NOW - HOUR)
    copy = changes_of(story, editor, headline="تعديل سري", schedule_error="خطأ سري", status=Status.APPROVED)
    Article.objects.filter(pk=copy.pk).update(publish_at=NOW - HOUR)
    comment(secret, by=editor, text="رأي سري")
    Comment.objects.update(mailed_at=None, mail_attempts=MOST_ATTEMPTS)
    assert set(on(heap, reporter)) <= {story}
    client.force_login(reporter)
    assert set(listed(client, heap)) <= {story}
    page = client.get(reverse("admin:index")).content.decode()
    assert "سري" not in page
    assert str(secret) not in page


def test_nothing_is_shown_to_those_who_have_no_articles(client: Client) -> None:
    make_site()
    user = make_user(is_staff=True)
    assert dashboard_for(user) is None
    client.force_login(user)
    assert 'class="desk"' not in client.get(reverse("admin:index")).content.decode()


def test_buttons_are_for_those_who_may(client: Client, reporter: User) -> None:
    make_site()
    client.force_login(reporter)
    page = client.get(reverse("admin:index")).content.decode()
    assert f'href="{reverse("admin:articles_article_add")}"' in page
    assert f'href="{reverse("admin:articles_article_import")}"' in page
    client.force_login(make_user(Role.NEWSLETTER_EDITOR))
    page = client.get(reverse("admin:index")).content.decode()
    assert f'class="button" href="{reverse("admin:articles_article_add")}"' not in page


def test_a_heap_shows_its_first_rows_and_stops_counting(editor: User) -> None:
    for _number in range(MOST_ROWS + 1):
        draft(status=Status.IN_REVIEW)
    shown = panel(dashboard_for(editor), Heap.REVIEW)
    assert (len(shown.rows), shown.count, shown.is_counted) == (MOST_ROWS, MOST_ROWS + 1, True)
    template = draft(status=Status.IN_REVIEW)
    Article.objects.bulk_create(
        Article(headline=f"خبر {number}", slug=f"s{number}", section=template.section, status=Status.IN_REVIEW)
        for number in range(MOST_COUNTED)
    )
    assert panel(dashboard_for(editor), Heap.REVIEW).is_counted is False


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_much_lies_there(
    client: Client, editor: User, django_assert_max_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _number in range(count):
        old(draft(status=Status.IN_REVIEW, assigned_to=editor, deadline=NOW - HOUR, publish_at=NOW - HOUR))
        comment(make_article(), by=make_user(Role.EDITOR), text="رأي", to=editor)
    client.force_login(editor)
    client.get(reverse("admin:index"))
    with django_assert_max_num_queries(26):
        client.get(reverse("admin:index"))


@pytest.mark.parametrize("value", ["", "x", "late'"])
def test_a_filter_that_does_not_exist_filters_nothing(client: Client, editor: User, value: str) -> None:
    article = draft()
    client.force_login(editor)
    response = client.get(reverse("admin:articles_article_changelist"), {"work": value})
    assert article in response.context["cl"].result_list


def test_the_list_marks_what_is_overdue(client: Client, editor: User) -> None:
    old(draft(deadline=NOW - HOUR, publish_at=NOW - HOUR))
    draft(deadline=NOW + HOUR)
    client.force_login(editor)
    page = client.get(reverse("admin:articles_article_changelist")).content.decode()
    assert page.count('class="is-overdue"') == 2


def test_pictures_that_nobody_can_hear_or_name(client: Client, editor: User) -> None:
    mute, nameless, good = make_image(alt_text=""), make_image(credit=""), make_image()
    recent = make_article(lead_image=mute)
    planned = make_article(lead_image=nameless, at=NOW + HOUR)
    inside = make_article()
    PictureUse.objects.create(article=inside, image=mute)
    make_article(lead_image=good)
    make_article(lead_image=mute, at=NOW - timedelta(days=31))
    draft(lead_image=mute)
    assert set(on(Heap.PICTURES, editor)) == {recent, planned, inside}
    client.force_login(editor)
    assert set(listed(client, Heap.PICTURES)) == {recent, planned, inside}


def test_rights_that_end_within_two_weeks_in_stories_of_any_age(editor: User) -> None:
    def pictured(day: int, **fields: Any) -> Article:
        return make_article(lead_image=make_image(rights_until=TODAY + timedelta(days=day)), **fields)

    ended, ending = pictured(-1, at=NOW - timedelta(days=900)), pictured(14)
    inside = make_article()
    PictureUse.objects.create(article=inside, image=make_image(rights_until=TODAY))
    pictured(15)
    pictured(0, published=False)
    assert set(on(Heap.RIGHTS, editor)) == {ended, ending, inside}


def test_links_that_were_asked_and_lead_nowhere(editor: User) -> None:
    dead = "https://gone.example/a?b=1&c=2"
    LinkCheck.objects.create(address=dead, status_code=404, checked_at=NOW - HOUR)
    LinkCheck.objects.create(address="https://well.example/", status_code=200, checked_at=NOW - HOUR)
    inside = make_article(body='<p><a href="https://gone.example/a?b=1&amp;c=2">هنا</a></p>')
    below = make_article()
    RelatedLink.objects.create(article=below, url=dead, title="هناك")
    make_article(body='<p><a href="https://well.example/">هنا</a></p>')
    assert set(on(Heap.DEAD_LINKS, editor)) == {inside, below}


def test_corrections_that_wait(editor: User) -> None:
    copy = changes_of(make_article(), editor, change_kind=ChangeKind.CORRECTION)
    changes_of(make_article(), editor)
    assert on(Heap.CORRECTIONS, editor) == [copy]


def test_answers_to_previews_until_somebody_resolves_them(editor: User) -> None:
    story = draft()
    link = PreviewLink.objects.create(article=story, reader="المحامية", expires_at=NOW + HOUR)
    Comment.objects.create(article=story, text="موافقة", preview_link=link, guest_name="المحامية")
    assert on(Heap.ANSWERS, editor) == [story]
    Comment.objects.update(resolved_at=NOW)
    assert on(Heap.ANSWERS, editor) == []


def test_pictures_whose_files_were_not_made_are_for_those_who_keep_pictures(editor: User, reporter: User) -> None:
    late, _soon, done = (make_image() for _number in range(3))
    Image.objects.update(prepared_at=None)
    Image.objects.filter(pk__in=[late.pk, done.pk]).update(created_at=NOW - HOUR)
    Image.objects.filter(pk=done.pk).update(prepared_at=NOW)
    shown = dashboard_for(editor)
    assert shown
    assert [panel.count for panel in shown.worries if panel.name == "unprepared"] == [1]
    told = dashboard_for(reporter)
    assert told
    assert [panel for panel in told.worries if panel.name == "unprepared"] == []
