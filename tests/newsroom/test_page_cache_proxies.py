"""What the page cache lets a proxy in front keep (newsroom.page_cache, docs/proxy.md)."""

import pytest

from newsroom import page_cache
from newsroom.kept_answer import PUBLIC
from newsroom.lib.generations import bump
from newsroom.page_cache import GONE, PageCache
from tests.newsroom.test_page_cache import Django, ask

TOKEN = "t" * 40


@pytest.fixture
def django(monkeypatch: pytest.MonkeyPatch, settings) -> Django:
    monkeypatch.setattr(page_cache.clock, "look", lambda: None)
    settings.CACHE_REFRESH_TOKEN = TOKEN
    return Django()


@pytest.fixture
def site(django: Django) -> PageCache:
    return PageCache(django, 1_000_000)


def test_page_that_holds_may_be_kept(site: PageCache) -> None:
    assert [ask(site)["Cache-Control"] for _time in range(2)] == [PUBLIC, PUBLIC]


def test_page_that_changed_while_it_was_made_is_kept_by_nobody(site: PageCache, django: Django) -> None:
    def text() -> str:
        bump("stories")
        return "before"

    django.text = text
    answer = ask(site)
    assert (answer.status, answer["Cache-Control"]) == (200, "no-cache")


def test_young_page_that_changed_since_is_kept_by_nobody(site: PageCache, django: Django) -> None:
    ask(site)
    bump("stories")
    answer = ask(site)
    assert django.calls == 1
    assert answer["Cache-Control"] == "no-cache"
    assert ask(site, HTTP_X_CACHE_REFRESH=TOKEN)["Cache-Control"] == PUBLIC


@pytest.mark.parametrize("status", ["410 Gone", "404 Not Found", "301 Moved Permanently", "302 Found"])
def test_what_took_the_place_of_a_page_is_kept_by_whom_we_call(site: PageCache, django: Django, status: str) -> None:
    django.status = status
    assert ask(site, HTTP_X_CACHE_REFRESH=TOKEN)["Cache-Control"] == GONE
    assert ask(site)["Cache-Control"] == "no-cache"
    assert ask(site, HTTP_X_CACHE_REFRESH="x" * 40)["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("status", ["500 Internal Server Error", "503 Service Unavailable", "403 Forbidden"])
def test_errors_are_kept_by_nobody(site: PageCache, django: Django, status: str) -> None:
    django.status = status
    assert ask(site, HTTP_X_CACHE_REFRESH=TOKEN)["Cache-Control"] == "no-cache"
