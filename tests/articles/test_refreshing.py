"""What proxies in front are told after a change: which addresses, by which call, and what if one is silent."""

import threading
import time
from collections.abc import Iterator

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from articles import refreshing
from articles.middleware import copies
from articles.refreshing import Refresher, addresses_of, recall
from newsroom.lib import refresh_calls
from newsroom.lib.refresh_calls import fetch_anew
from newsroom.lib.scopes import FRONT, SITE, STORIES
from tests.factories import make_article, make_author, make_section, make_source
from tests.proxy.double import Double, double_at
from tests.site.serving import free_port

pytestmark = pytest.mark.django_db
TOKEN = "t" * 40


@pytest.fixture
def fetching(settings) -> Iterator[Double]:
    """A proxy that says that it fetched the page anew."""
    with double_at() as double:
        double.headers = {"X-Cache": "BYPASS"}
        tell(settings, double.port)
        yield double
    refresh_calls.couriers.cache_clear()


def tell(settings, *ports: int) -> None:
    settings.SITE_URL = "https://news.example"
    settings.CACHE_REFRESH_TOKEN = TOKEN
    settings.CACHE_REFRESH_URLS = [f"http://127.0.0.1:{port}" for port in ports]
    refresh_calls.couriers.cache_clear()


def test_story_leads_to_all_pages_that_show_it() -> None:
    section, author, source = make_section(), make_author(), make_source()
    story = make_article(section=section, authors=(author,), sources=(source,), tags=("حدائق",))
    tag = story.tags.get()
    found = addresses_of(story.changed_scopes())
    wanted = [story.get_absolute_url(), f"/lite{story.get_absolute_url()}", "/", "/lite/", "/sitemap-news.xml"]
    wanted += [row.get_absolute_url() for row in (section, tag, author, source)]
    wanted += [f"/lite{section.get_absolute_url()}"]
    for feed in ("rss.xml", "atom.xml", "feed.json"):
        wanted += [f"/feeds/{feed}", *(f"{row.get_absolute_url()}{feed}" for row in (section, tag, author))]
    assert sorted(found) == sorted(wanted)
    assert found[:2] == wanted[:2]


def test_draft_has_no_copies() -> None:
    assert addresses_of(make_article(published=False).changed_scopes()) == []


def test_many_changes_at_once_still_leave_room_for_the_home_page() -> None:
    scopes = [story.own_scope for story in (make_article() for _ in range(30))]
    found = addresses_of([*scopes, STORIES])
    assert len(found) <= refreshing.MOST_ADDRESSES
    assert "/" in found


@pytest.mark.parametrize("scope", [FRONT, SITE])
def test_what_stands_everywhere_is_told_for_the_home_page(scope: str) -> None:
    assert addresses_of([scope]) == ["/", "/lite/"]


def test_unknown_scopes_are_no_addresses() -> None:
    assert addresses_of(["clock", "articles.section:999999", "articles.section:x", "images.image:1"]) == []


def test_call_names_the_site_and_the_token_once_for_each_encoding(fetching: Double) -> None:
    assert fetch_anew(["/news/1/x/"], seconds=5)
    headers = [asked.headers for asked in fetching.asked]
    assert [each["accept-encoding"] for each in headers] == ["br", "gzip"]
    assert {(each["host"], each["x-cache-refresh"]) for each in headers} == {("news.example", TOKEN)}


@pytest.mark.parametrize(("status", "said"), [(200, "HIT"), (200, ""), (502, "BYPASS")])
def test_proxy_that_kept_its_copy_is_a_failure(fetching: Double, status: int, said: str, caplog) -> None:
    fetching.status, fetching.headers = status, {"X-Cache": said} if said else {}
    assert not fetch_anew(["/a/", "/b/"], seconds=5)
    assert fetching.paths() == ["/a/"]
    assert len(caplog.messages) == 1
    assert TOKEN not in caplog.text


def test_withdrawn_page_may_be_gone(fetching: Double) -> None:
    fetching.status = 410
    assert fetch_anew(["/a/"], seconds=5)


def test_silent_proxy_holds_up_neither_the_deed_nor_the_others(fetching: Double, settings, caplog) -> None:
    with double_at() as silent:
        silent.seconds = 3
        tell(settings, silent.port, fetching.port)
        began = time.monotonic()
        assert not fetch_anew(["/a/", "/b/"], seconds=0.5)
        assert time.monotonic() - began < 2
    assert fetching.paths() == ["/a/", "/a/", "/b/", "/b/"]
    assert str(silent.port) in caplog.text


def test_whoever_withdraws_is_told_when_a_proxy_is_gone(settings, caplog) -> None:
    tell(settings, free_port())
    request = RequestFactory().post("/admin/")
    request._messages = CookieStorage(request)

    def view(_request: HttpRequest) -> HttpResponse:
        recall(make_article().changed_scopes())
        return HttpResponse()

    copies(view)(request)
    assert [message.level_tag for message in get_messages(request)] == ["warning"]
    refresh_calls.couriers.cache_clear()


def test_nobody_is_told_anything_when_all_went_well(fetching: Double) -> None:
    request = RequestFactory().post("/admin/")
    request._messages = CookieStorage(request)

    def view(_request: HttpRequest) -> HttpResponse:
        recall([STORIES])
        return HttpResponse()

    copies(view)(request)
    assert list(get_messages(request)) == []
    assert "/" in fetching.paths()


def test_refresher_tells_each_page_of_a_deed_once(fetching: Double, monkeypatch) -> None:
    monkeypatch.setattr(refreshing, "addresses_of", lambda scopes: [f"/{scope}/" for scope in sorted(scopes)])
    refresher = Refresher()
    for scopes in (["a"], ["b"], ["a", "b"]):
        refresher.tell(scopes)
    assert refresher.wait(5)
    assert fetching.paths() == ["/a/", "/a/", "/b/", "/b/"]


def test_refresher_waits_where_it_is_told_to(fetching: Double, monkeypatch) -> None:
    monkeypatch.setattr(refreshing, "addresses_of", lambda scopes: [f"/{scope}/" for scope in sorted(scopes)])
    refresher = Refresher()
    refresher.tell(["later"], after=0.3)
    refresher.tell(["now"])
    assert not refresher.wait(0.1) or not fetching.paths()
    assert refresher.wait(5)
    assert fetching.paths() == ["/now/", "/now/", "/later/", "/later/"]


def test_refresher_forgets_what_is_too_much() -> None:
    refresher = Refresher()
    refresher._thread = threading.current_thread()  # so that none begins to work
    refresher.tell(map(str, range(2 * refreshing.MOST_WAITING)))
    assert len(refresher._waiting) == refreshing.MOST_WAITING
