"""Autosaves that come late, twice or not at all, one text too many, and what this browser alone has."""
# ruff: noqa: F811 - fixtures of a neighbour are asked for by name

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from articles import unsaved
from articles.models import Article, UnsavedText
from tests.browser.test_desk import READY
from tests.browser.test_no_lost_words import (  # noqa: F401 - fixtures
    OFFER,
    article,
    is_kept,
    new_browser,
    open_form,
    samer,
    sara,
    says,
)


def wait_for(page: Page, holds: Callable[[], bool], *, seconds: float = 20) -> None:
    """Of what stands in the database or in the hands of a test; the page goes on meanwhile."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"not after {seconds} s"
        page.wait_for_timeout(100)


def kept_headlines() -> list[str]:
    return sorted(text.data["headline"][0] for text in UnsavedText.objects.all())


def copies_in(page: Page) -> list[str]:
    """The headlines of the copies in the browser."""
    found: list[str] = page.evaluate(
        """() => Object.entries(localStorage).filter(([key]) => key.startsWith("newsroom-unsaved:"))
            .map(([, copy]) => Object.fromEntries(JSON.parse(copy).fields).headline).sort()"""
    )
    return found


class Held:
    """The first autosave with words is on its way for as long as somebody likes; later ones go past it."""

    def __init__(self, page: Page) -> None:
        self.routes: list[Any] = []
        page.route("**/autosave/", self.look)

    def look(self, route: Any) -> None:
        if self.routes or "_typed" not in (route.request.post_data or ""):
            route.continue_()
        else:
            self.routes.append(route)

    def deliver(self, page: Page) -> None:
        """What a proxy does that has read the request: the server gets it although nobody waits any more."""
        request = self.routes[0].request
        page.request.post(request.url, headers=request.headers, data=request.post_data_buffer)


def older_words_held(page: Page) -> Held:
    """They are on their way while newer ones stand in the form."""
    held = Held(page)
    page.fill("#id_headline", "عنوان قديم")
    wait_for(page, lambda: bool(held.routes))
    page.fill("#id_headline", "عنوان جديد")
    return held


def test_a_slow_autosave_never_puts_older_words_over_newer_ones(
    new_browser: Callable[..., BrowserContext], article: Article, samer: User
) -> None:
    page = open_form(new_browser(), article, "samer")
    held = older_words_held(page)
    # As another tab comes to the front: it is sent at once, past the one that is under way.
    page.evaluate(
        """() => {
            Object.defineProperty(document, "hidden", { value: true, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    wait_for(page, lambda: kept_headlines() == ["عنوان جديد"])
    held.deliver(page)
    assert kept_headlines() == ["عنوان جديد"]


def test_an_autosave_that_was_given_up_comes_too_late(
    new_browser: Callable[..., BrowserContext], article: Article, samer: User
) -> None:
    page = open_form(new_browser(), article, "samer")
    held = older_words_held(page)
    wait_for(page, lambda: kept_headlines() == ["عنوان جديد"], seconds=40)
    held.deliver(page)
    assert kept_headlines() == ["عنوان جديد"]


def test_an_old_copy_in_the_browser_gives_way_to_what_the_server_has(
    new_browser: Callable[..., BrowserContext], article: Article, samer: User
) -> None:
    context = new_browser()
    page = open_form(context, article, "samer")
    page.fill("#id_headline", "عنوان قديم")
    is_kept(page)
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    page.fill("#id_headline", "عنوان جديد")
    wait_for(page, lambda: kept_headlines() == ["عنوان جديد"])
    assert copies_in(page) == ["عنوان قديم"]
    page.close(run_before_unload=False)
    page = open_form(context, article)
    page.wait_for_selector(OFFER)
    wait_for(page, lambda: copies_in(page) == [])
    assert kept_headlines() == ["عنوان جديد"]
    page.click("[name=_bring_back]")
    expect(page.locator("#id_headline")).to_have_value("عنوان جديد")


def test_a_clock_that_is_set_back_keeps_nothing_from_the_server(
    new_browser: Callable[..., BrowserContext], article: Article, samer: User
) -> None:
    page = open_form(new_browser(), article, "samer")
    page.fill("#id_headline", "عنوان أول")
    is_kept(page)
    page.evaluate("() => { const now = Date.now; Date.now = () => now() - 3600 * 1000; }")
    page.fill("#id_headline", "عنوان ثان")
    wait_for(page, lambda: kept_headlines() == ["عنوان ثان"])
    assert copies_in(page) == ["عنوان ثان"]


def test_one_text_too_many_stays_in_the_browser_and_is_said(
    new_browser: Callable[..., BrowserContext], article: Article, samer: User
) -> None:
    for number in range(unsaved.MOST_TEXTS):
        unsaved.keep(samer, {"headline": [f"عنوان {number}"]}, story=article, window=f"{number:08}")
    context = new_browser()
    page = open_form(context, article, "samer")
    page.fill("#id_headline", "عنوان زائد")
    says(page, "You have too many unsaved texts: save them or throw them away. This one is kept in this browser only.")
    assert copies_in(page) == ["عنوان زائد"]
    assert "عنوان زائد" not in kept_headlines()
    page.close(run_before_unload=False)
    UnsavedText.objects.filter(window="00000000").delete()
    page = open_form(context, article)
    wait_for(page, lambda: "عنوان زائد" in kept_headlines())


def test_copies_that_the_server_has_not_are_never_tidied_away(
    new_browser: Callable[..., BrowserContext], article: Article, samer: User
) -> None:
    context = new_browser()
    page = open_form(context, article, "samer")
    page.evaluate(
        """(user) => {
            for (let number = 0; number < 50; number++) {
                const fields = [["headline", `${number}`]];
                const copy = { at: Date.now() - 100000 + number, story: "elsewhere", isSent: number % 2 === 0, fields };
                localStorage.setItem(`newsroom-unsaved:${user}:${10000000 + number}`, JSON.stringify(copy));
            }
        }""",
        samer.pk,
    )
    page.reload()
    page.wait_for_function(READY)
    page.wait_for_timeout(500)
    left = [int(number) for number in copies_in(page)]
    assert sorted(left) == sorted([*range(1, 50, 2), *range(10, 50, 2)])
