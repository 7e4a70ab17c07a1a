"""The calendar at a secret address: who has one, what it shows, and to whom it says nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from articles import calendar_feeds
from articles.calendar_feeds import delete_feed, make_feed, renew_feed
from articles.enums import Status
from articles.models import Article, CalendarFeed
from articles.planning import plan
from articles.publishing import NotAllowed, publish
from audit.models import AuditEntry
from tests.conftest import NOW
from tests.factories import make_article, make_section, make_site, make_source, make_user
from tests.lib.ical_reading import Properties, read_calendar

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

DAY = timedelta(days=1)
TODAY = date(2026, 11, 20)


@pytest.fixture
def editor() -> User:
    make_site(name="مدار اليوم")
    return make_user(Role.EDITOR)


def draft(**fields: Any) -> Article:
    return make_article(published=False, **fields)


def address(feed: CalendarFeed) -> str:
    return reverse("articles:calendar_feed", args=[feed.key])


def events_of(feed: CalendarFeed) -> list[Properties]:
    response = Client().get(address(feed))
    assert response.status_code == 200
    return read_calendar(response.content)[1]


def uids(feed: CalendarFeed) -> set[str]:
    return {event["UID"].partition("@")[0] for event in events_of(feed)}


def test_what_stands_in_it(editor: User) -> None:
    planned = draft(headline="قمة، ولقاء", planned_for=TODAY + DAY, assigned_to=editor)
    due = draft(deadline=NOW + DAY)
    scheduled = make_article(at=NOW + 2 * DAY)
    published = make_article(at=NOW - 2 * DAY)
    events = {event["UID"].partition("@")[0]: event for event in events_of(make_feed(by=editor))}
    assert events.keys() == {
        f"story-{planned.pk}", f"deadline-{due.pk}", f"story-{scheduled.pk}", f"story-{published.pk}",
    }  # fmt: skip
    plan_of = events[f"story-{planned.pk}"]
    assert plan_of["DTSTART;VALUE=DATE"] == "20261121"
    assert plan_of["STATUS"] == "TENTATIVE"
    assert "قمة، ولقاء" in plan_of["SUMMARY"]
    assert plan_of["URL"] == settings.SITE_URL + reverse("admin:articles_article_change", args=[planned.pk])
    assert events[f"story-{scheduled.pk}"]["DTSTART"] == "20261122T064000Z"
    assert events[f"story-{scheduled.pk}"]["STATUS"] == "CONFIRMED"


def test_a_latin_name_stands_in_it_without_markup(editor: User) -> None:
    draft(headline="شركة IBM تفتح مكتبا", planned_for=TODAY + DAY)
    (event,) = events_of(make_feed(by=editor))
    assert "شركة IBM تفتح مكتبا" in event["SUMMARY"]


def test_the_answer_is_for_calendar_programs_and_for_nobody_else(editor: User) -> None:
    response = Client().get(address(make_feed(by=editor)))
    calendar, _events = read_calendar(response.content)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert calendar["METHOD"] == "PUBLISH"
    assert "مدار اليوم" in calendar["X-WR-CALNAME"]
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies
    assert not response.has_header("ETag")
    assert not response.has_header("Last-Modified")


def test_a_story_keeps_its_name_from_plan_to_readers_and_its_number_grows(editor: User) -> None:
    article = draft(planned_for=TODAY + DAY, sources=(make_source(),), without_picture=True)
    Article.objects.filter(pk=article.pk).update(
        created_at=NOW - DAY, saved_at=NOW - DAY, body=f"<p>{'كلمة ' * 40}</p>"
    )
    article.refresh_from_db()
    feed = make_feed(by=editor)
    (before,) = events_of(feed)
    plan(article, by=editor, day=TODAY + 2 * DAY)
    (moved,) = events_of(feed)
    publish(article, by=editor, at=NOW + 3 * DAY)
    (scheduled,) = events_of(feed)
    assert before["UID"] == moved["UID"] == scheduled["UID"]
    assert int(before["SEQUENCE"]) < int(moved["SEQUENCE"]) <= int(scheduled["SEQUENCE"])
    assert scheduled["STATUS"] == "CONFIRMED"


def test_a_reporter_finds_only_what_he_may_see(editor: User) -> None:
    reporter = make_user(Role.REPORTER)
    mine = draft(planned_for=TODAY, created_by=reporter)
    draft(planned_for=TODAY, headline="خطة سرية")
    make_article(at=NOW + DAY, headline="جدول سري")
    feed = make_feed(by=reporter)
    assert uids(feed) == {f"story-{mine.pk}"}
    assert "سري" not in Client().get(address(feed)).content.decode()


def test_one_section(editor: User) -> None:
    sport = make_section("رياضة")
    game = draft(planned_for=TODAY, section=sport)
    draft(planned_for=TODAY, section=make_section())
    feed = make_feed(by=editor, section=sport)
    assert uids(feed) == {f"story-{game.pk}"}
    assert "رياضة" in read_calendar(Client().get(address(feed)).content)[0]["X-WR-CALNAME"]


def test_days_that_are_far_away_are_left_out(editor: User) -> None:
    near = [draft(planned_for=TODAY - 90 * DAY), draft(planned_for=TODAY + 180 * DAY)]
    draft(planned_for=TODAY - 91 * DAY)
    draft(planned_for=TODAY + 181 * DAY)
    assert uids(make_feed(by=editor)) == {f"story-{article.pk}" for article in near}


def test_of_very_many_what_is_to_be_done_and_the_newest_stay(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_feeds, "MOST_EVENTS", 3)
    planned = draft(planned_for=TODAY)
    stories = [make_article(at=NOW - number * DAY) for number in range(1, 5)]
    assert uids(make_feed(by=editor)) == {f"story-{one.pk}" for one in (planned, *stories[:2])}


def test_nobody_learns_whether_an_address_was_one(client: Client, editor: User) -> None:
    feed = make_feed(by=editor)
    unknown = client.get(reverse("articles:calendar_feed", args=["x" * 32]))
    old = address(feed)
    renew_feed(feed, by=editor)
    renewed = client.get(old)
    assert unknown.status_code == renewed.status_code == 404
    assert client.get(address(feed)).status_code == 200
    delete_feed(feed, by=editor)
    assert client.get(address(feed)).status_code == 404


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}, {"groups": []}])
def test_who_leaves_the_newsroom_sees_nothing_any_more(client: Client, editor: User, change: dict[str, Any]) -> None:
    feed = make_feed(by=editor)
    if "groups" in change:
        editor.groups.clear()
    else:
        User.objects.filter(pk=editor.pk).update(**change)
    assert client.get(address(feed)).status_code == 404


def test_only_get(client: Client, editor: User) -> None:
    feed = make_feed(by=editor)
    assert client.head(address(feed)).status_code == 200
    assert client.post(address(feed)).status_code == 405


def test_one_address_for_each_section_and_one_for_all(editor: User) -> None:
    sport = make_section()
    feeds = {make_feed(by=editor).pk, make_feed(by=editor).pk, make_feed(by=editor, section=sport).pk}
    assert len(feeds) == CalendarFeed.objects.count() == 2


def test_addresses_of_others_are_not_touched(client: Client, editor: User) -> None:
    feed = make_feed(by=editor)
    other = make_user(Role.CHIEF_EDITOR)
    for deed in (renew_feed, delete_feed):
        with pytest.raises(NotAllowed):
            deed(feed, by=other)
    client.force_login(other)
    page = reverse("desk:calendar_addresses")
    for button in ("_renew", "_delete"):
        assert client.post(page, {"feed": feed.pk, button: "1"}).status_code == 404
    assert CalendarFeed.objects.get().key == feed.key
    assert feed.key not in client.get(page).content.decode()


def test_the_page_makes_renews_and_deletes(client: Client, editor: User) -> None:
    client.force_login(editor)
    page = reverse("desk:calendar_addresses")
    client.post(page, {"_make": "1", "section": ""})
    feed = CalendarFeed.objects.get()
    shown = client.get(page)
    assert settings.SITE_URL + address(feed) in shown.content.decode()
    assert shown["Referrer-Policy"] == "same-origin"
    client.post(page, {"feed": feed.pk, "_renew": "1"})
    assert CalendarFeed.objects.get().key != feed.key
    client.post(page, {"feed": feed.pk, "_delete": "1"})
    assert not CalendarFeed.objects.exists()
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True))[-3:] == [
        "added", "address_renewed", "deleted",
    ]  # fmt: skip


@pytest.mark.parametrize("data", [{}, {"feed": "x"}, {"feed": "9" * 40}, {"_make": "1", "section": "7777"}])
def test_nonsense_makes_nothing(client: Client, editor: User, data: dict[str, str]) -> None:
    client.force_login(editor)
    assert client.post(reverse("desk:calendar_addresses"), data).status_code == 404
    assert not CalendarFeed.objects.exists()


def test_looking_makes_no_address(client: Client, editor: User) -> None:
    client.force_login(editor)
    client.get(reverse("desk:calendar_addresses"))
    assert not CalendarFeed.objects.exists()


def test_the_log_tells_no_address(editor: User) -> None:
    feed = renew_feed(make_feed(by=editor), by=editor)
    lines = [str(vars(line)) for line in AuditEntry.objects.all()]
    assert lines
    assert not any(feed.key in line for line in lines)


def test_a_withdrawn_story_is_taken_out(editor: User) -> None:
    make_article(at=NOW - DAY, status=Status.WITHDRAWN, withdrawn_at=NOW)
    assert events_of(make_feed(by=editor)) == []
