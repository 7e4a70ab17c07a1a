"""What readers get while no page can be made: what there was, unless it was taken away."""

import time
from collections.abc import Callable

import pytest
from pytest_django import Settings

from newsroom import page_cache
from newsroom.lib.generations import bump
from newsroom.lib.keeping import depends_on
from newsroom.lib.room import NO_ROOM
from newsroom.lib.surrogate_keys import LONGEST, key_of, keys_of_change, keys_of_page
from newsroom.page_cache import STALE, PageCache
from pages import neighbours
from tests.newsroom.test_page_cache import BIG, Django, ask

TOKEN = "t" * 40


@pytest.fixture
def django(monkeypatch: pytest.MonkeyPatch) -> Django:
    monkeypatch.setattr(page_cache.clock, "look", lambda: None)
    monkeypatch.setattr(page_cache, "YOUNG", 0.0)
    return Django()


@pytest.fixture
def site(django: Django) -> PageCache:
    return PageCache(django, 1_000_000)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that have gone by since the test began."""
    gone, real = [0.0], time.monotonic
    monkeypatch.setattr(page_cache.time, "monotonic", lambda: real() + gone[0])
    return gone


def break_down(django: Django) -> None:
    django.status, django.text = "503 Service Unavailable", "later"


def test_an_old_page_says_how_old_it_is_and_is_kept_by_nobody_for_long(
    site: PageCache, django: Django, later: list[float]
) -> None:
    ask(site)
    break_down(django)
    later[0] = 300
    answer = ask(site)
    assert (answer.status, answer.body.decode()) == (200, BIG)
    assert answer["Cache-Control"] == STALE
    assert answer["Age"] == "300"
    assert "Warning" not in answer.headers


def test_nobody_tries_again_for_a_moment(site: PageCache, django: Django, later: list[float]) -> None:
    for path in ("/", "/archive/"):
        ask(site, path)
    break_down(django)
    bump("stories")
    answers = [ask(site, path) for path in ("/", "/archive/", "/", "/archive/")]
    assert [answer.status for answer in answers] == [200] * 4
    assert django.calls == 3
    later[0] = page_cache.PAUSE + 0.1
    ask(site)
    assert django.calls == 4


def test_a_page_that_was_never_made_is_an_error_and_one_that_breaks_alone_stops_no_other(
    site: PageCache, django: Django
) -> None:
    ask(site)
    django.status = "500 Internal Server Error"
    bump("stories")
    assert [ask(site, "/archive/").status, ask(site).status] == [500, 200]
    django.status = "200 OK"
    ask(site)
    assert django.calls == 4


def test_what_was_recalled_is_not_shown_during_an_outage(site: PageCache, django: Django) -> None:
    ask(site)
    break_down(django)
    bump("stories")
    assert ask(site).status == 200
    bump("stories", recall=True)
    assert ask(site).status == 503


def test_pages_come_back_with_the_database(site: PageCache, django: Django, later: list[float]) -> None:
    ask(site)
    break_down(django)
    bump("stories")
    ask(site)
    later[0] = page_cache.PAUSE + 0.1
    django.status, django.text = "200 OK", BIG + "new"
    answer = ask(site)
    assert answer.body.decode() == BIG + "new"
    assert "Age" not in answer.headers


def test_a_page_of_the_day_before_yesterday_is_no_news(site: PageCache, django: Django, later: list[float]) -> None:
    ask(site)
    break_down(django)
    later[0] = page_cache.STALEST + 1
    assert ask(site).status == 503


def test_answers_are_counted(site: PageCache, django: Django) -> None:
    ask(site)
    ask(site)
    break_down(django)
    bump("stories")
    ask(site)
    assert (site.hits, site.misses, site.stale) == (1, 2, 1)


def test_a_proxy_gets_nothing_to_keep_while_it_is_unknown_what_others_have_changed(
    site: PageCache, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CACHE_REFRESH_TOKEN = TOKEN
    ask(site)
    bump("stories")
    monkeypatch.setattr(neighbours, "catch_up", lambda: False)
    answer = ask(site, HTTP_X_CACHE_REFRESH=TOKEN)
    assert (answer.status, answer["Cache-Control"]) == (503, "no-store")
    assert ask(site, HTTP_X_CACHE_REFRESH="t" * 39).status == 200


def test_a_proxy_that_fetches_anew_has_the_machine_look_first(
    site: PageCache, django: Django, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The change of another machine is taken in before the page is made, or found to hold."""
    settings.CACHE_REFRESH_TOKEN = TOKEN
    ask(site)
    django.text = BIG + "new"
    looked: list[bool] = []

    def look() -> bool:
        looked.append(True)
        bump("stories")
        return True

    monkeypatch.setattr(neighbours, "catch_up", look)
    assert ask(site, HTTP_X_CACHE_REFRESH="wrong").body.decode() == BIG
    assert ask(site, HTTP_X_CACHE_REFRESH=TOKEN).body.decode() == BIG + "new"
    assert len(looked) == 1


# Surrogate keys


def test_keys_name_what_a_page_shows(site: PageCache, django: Django, settings: Settings) -> None:
    settings.SURROGATE_KEYS = True

    def text() -> str:
        depends_on("articles.article:3", "articles.section:2 stories")
        return BIG

    django.text = text
    answers = [ask(site), ask(site)]
    assert {answer["Surrogate-Key"] for answer in answers} == {"all article:3 section:2-stories stories"}
    assert answers[0]["Cache-Tag"] == "all,article:3,section:2-stories,stories"


def test_nobody_is_told_keys_unless_they_are_asked_for(site: PageCache) -> None:
    assert not {"Surrogate-Key", "Cache-Tag"} & set(ask(site).headers)


def test_a_page_of_too_many_keys_is_put_away_with_every_change() -> None:
    many = keys_of_page(f"articles.article:{number}" for number in range(1000))
    assert len(" ".join(many)) < LONGEST
    assert set(many) & keys_of_change(["articles.tag:1"])
    assert not set(keys_of_page(["articles.article:1"])) & keys_of_change(["articles.tag:1"])
    assert set(many) & set(keys_of_page(["site"])) & {key_of("*")}


def test_parts_are_looked_at_too_before_a_proxy_gets_a_page(
    django: Django, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PAGE_CACHE, settings.CACHE_REFRESH_TOKEN = "parts", TOKEN
    monkeypatch.setattr(neighbours, "catch_up", lambda: False)
    site = page_cache.kept_in_front_of(django)
    assert [ask(site).status, ask(site, HTTP_X_CACHE_REFRESH=TOKEN).status] == [200, 503]


@pytest.fixture
def full(site: PageCache, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Nobody gets a place any more (newsroom.lib.room)."""
    return lambda: monkeypatch.setattr(site._room, "_take", lambda: False)


def test_without_a_place_what_is_kept_is_shown_and_nobody_waits(
    site: PageCache, django: Django, full: Callable[[], None]
) -> None:
    ask(site)
    bump("stories")
    full()
    answer = ask(site)
    assert (answer.status, answer.body.decode()) == (200, BIG)
    assert answer["Cache-Control"] == STALE
    assert django.calls == 1


def test_without_a_place_django_is_told_to_ask_the_database_nothing(
    site: PageCache, django: Django, full: Callable[[], None], settings: Settings
) -> None:
    settings.CACHE_REFRESH_TOKEN = TOKEN
    ask(site)
    full()
    bump("stories", recall=True)
    ask(site)
    ask(site, "/archive/")
    ask(site, HTTP_COOKIE="sessionid=of-an-editor")
    assert [NO_ROOM in environ for environ in django.seen] == [False, True, True, True]
