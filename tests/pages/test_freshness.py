"""Last-Modified, ETag and 304: what a reader has is confirmed only while it is what he would get."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.http import http_date, parse_http_date

from articles import publishing
from articles.enums import SlotPlace, Status
from articles.models import FrontSlot
from pages import freshness
from tests.conftest import NOW
from tests.factories import make_article, make_section, make_site, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_page_says_the_midnight_of_the_site_where_nothing_happened_today(client: Client) -> None:
    make_site(time_zone="Asia/Damascus")
    make_article(at=NOW - timedelta(days=3))
    # Midnight in Damascus is 21:00 UTC; the second is rounded up.
    assert client.get("/")["Last-Modified"] == "Thu, 19 Nov 2026 21:00:01 GMT"


def test_known_etag_is_answered_with_304_and_no_body(client: Client) -> None:
    make_site()
    article = make_article()
    first = client.get(article.get_absolute_url())
    again = client.get(article.get_absolute_url(), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Content-Security-Policy"] == first["Content-Security-Policy"]


def test_known_time_is_answered_with_304(client: Client) -> None:
    make_site()
    article = make_article()
    first = client.get(article.get_absolute_url())
    again = client.get(article.get_absolute_url(), headers={"If-Modified-Since": first["Last-Modified"]})
    assert again.status_code == 304


def test_etag_decides_where_both_are_sent(client: Client) -> None:
    make_site()
    first = client.get("/")
    headers = {"If-None-Match": '"another"', "If-Modified-Since": http_date(NOW.timestamp())}
    assert client.get("/", headers=headers).status_code == 200
    assert first.status_code == 200


def test_withdrawal_is_seen_through_both(client: Client, clock) -> None:
    """The newest story that is left is older than what the reader has: its time would say that nothing changed."""
    make_site()
    make_article("خبر قديم", at=NOW - timedelta(days=2))
    article = make_article("خبر يُسحب")
    clock.shift(60)
    first = client.get("/")
    publishing.withdraw(article, by=make_user("chief_editor", is_superuser=True), note="خطأ في الخبر")
    clock.shift(60)
    for header, name in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        again = client.get("/", headers={header: first[name]})
        assert again.status_code == 200
        assert "خبر يُسحب" not in again.content.decode()


def test_scheduled_story_is_seen_though_nobody_does_anything(client: Client, clock) -> None:
    make_site()
    make_article("خبر قديم", at=NOW - timedelta(days=2))
    make_article("خبر مجدول", at=NOW + timedelta(minutes=5))
    first = client.get("/")
    clock.shift(6 * 60)
    again = client.get("/", headers={"If-Modified-Since": first["Last-Modified"]})
    assert again.status_code == 200
    assert "خبر مجدول" in again.content.decode()


def test_end_of_breaking_news_is_seen(client: Client, clock) -> None:
    make_site()
    make_article("خبر عاجل", at=NOW - timedelta(hours=2), breaking_until=NOW + timedelta(minutes=5))
    first = client.get("/")
    clock.shift(6 * 60)
    assert client.get("/", headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 200


def test_end_of_a_place_on_the_home_page_is_seen(client: Client, clock) -> None:
    make_site()
    article = make_article(at=NOW - timedelta(hours=2))
    FrontSlot.objects.create(article=article, place=SlotPlace.LEAD, ends_at=NOW + timedelta(minutes=5))
    first = client.get("/")
    clock.shift(6 * 60)
    assert client.get("/", headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 200


def test_change_of_the_last_seconds_is_not_vouched_for(client: Client, clock) -> None:
    """Two changes within one second would have one time."""
    make_site()
    article = make_article(status=Status.DRAFT, published=False)
    publishing.publish(article, by=make_user("chief_editor", is_superuser=True))
    assert "Last-Modified" not in client.get("/")
    clock.shift(freshness.SETTLED.total_seconds() + 1)
    assert parse_http_date(client.get("/")["Last-Modified"]) == int(NOW.timestamp()) + 1


def test_page_of_the_desk_has_neither(client: Client) -> None:
    make_site()
    client.force_login(make_user("editor", is_superuser=True))
    response = client.get("/admin/articles/article/")
    assert "ETag" not in response
    assert "Last-Modified" not in response


def test_it_costs_no_query(client: Client, django_assert_num_queries) -> None:
    make_site()
    section = make_section()
    make_article(section=section)
    with django_assert_num_queries(6):  # as tests/articles/test_views.py counts
        client.get("/")


def test_missing_page_has_no_time(client: Client) -> None:
    make_site()
    assert "Last-Modified" not in client.get("/news/999999/")


def test_list_of_the_most_read_is_known_by_its_etag_alone(client: Client) -> None:
    """It changes by the minute, and no deed tells of it."""
    make_site()
    response = client.get("/most-read/")
    assert "Last-Modified" not in response
    assert client.get("/most-read/", headers={"If-None-Match": response["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", ["/", "/archive/", "/nowhere/"])
def test_browser_asks_each_time(client: Client, path: str) -> None:
    """With a Last-Modified alone it would guess how long a page holds."""
    make_site()
    make_article()
    assert client.get(path)["Cache-Control"] == "no-cache"
