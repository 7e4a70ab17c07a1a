"""What no engine sees: room, focus, motion (WCAG 1.4.4, 1.4.10, 1.4.12, 2.4.7, 2.4.11)."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.site.conftest import DESKTOP, NARROWEST, PHONE, Opened, none
from tests.site.pages import PAGES, READERS

ROOM = """() => {
    const sideways = document.documentElement.scrollWidth - innerWidth;
    if (sideways <= 0) return [];
    const out = (box) => box.width && (box.right > innerWidth + 1 || box.left < -1);
    const scrolls = (element) => element.closest(".table-scroll, pre, .section-nav, .visually-hidden");
    return [`${sideways}px too wide`, ...[...document.querySelectorAll("body *")].filter(
        (element) => out(element.getBoundingClientRect()) && !scrolls(element)
    ).slice(-3).map((element) => element.outerHTML.slice(0, 150))];
}"""
# WCAG 1.4.12, word for word.
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-block-end: 2em !important; }"""
# Text in a box that hides what does not fit, except what is hidden from view on purpose.
CLIPPED = """() => [...document.querySelectorAll("body *")].filter((element) => {
    if (!element.textContent.trim() || element.closest(".visually-hidden, .hidden-label, svg")) return false;
    const style = getComputedStyle(element);
    if (style.clipPath !== "none") return false;
    const hides = [style.overflowX, style.overflowY].some((value) => value === "hidden" || value === "clip");
    return hides && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
}).map((element) => element.outerHTML.slice(0, 150))"""
# Tab stops that are seen: where each is, what covers its middle, and how it shows the focus. The link of a card draws
# the outline round the whole card.
FOCUSED = """() => {
    const element = document.activeElement;
    if (element === document.body) return null;
    const box = element.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return {
        what: element.outerHTML.slice(0, 150),
        outlined: [null, "::after"].some((part) => {
            const style = getComputedStyle(element, part);
            return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        }),
        inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        covered: Boolean(top) && !element.contains(top) && !top.contains(element),
    };
}"""
MOST_STOPS = 150
MOVING = """() => [...document.querySelectorAll("*")].filter((element) => [null, "::before", "::after"].some((part) => {
    const style = getComputedStyle(element, part);
    return style.transitionDuration.split(",").some((time) => parseFloat(time) > 0)
        || (style.animationName !== "none" && parseFloat(style.animationDuration) > 0)
        || style.scrollBehavior === "smooth";
})).map((element) => element.outerHTML.slice(0, 120))"""

every_page = pytest.mark.parametrize("name", PAGES)


@every_page
def test_nothing_is_wider_than_the_narrowest_window(opened: Opened, name: str) -> None:
    assert none(opened(name, NARROWEST).evaluate(ROOM))


@every_page
def test_text_may_be_twice_as_large(opened: Opened, name: str) -> None:
    page = opened(name)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    for width in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": 800})
        assert none(page.evaluate(ROOM) + page.evaluate(CLIPPED)), width


@every_page
def test_text_may_be_spaced_out(opened: Opened, name: str) -> None:
    page = opened(name, NARROWEST)
    page.add_style_tag(content=SPACING)
    for width in (NARROWEST, DESKTOP):
        page.set_viewport_size({"width": width, "height": 800})
        assert none(page.evaluate(ROOM) + page.evaluate(CLIPPED)), width


@pytest.mark.parametrize("colours", ["none", "active"], ids=["own colours", "forced colours"])
@pytest.mark.parametrize("name", ["home", "article-everything", "article-live", "search-results", "newsletter"])
def test_focus_is_seen_wherever_it_goes(opened: Opened, name: str, colours: str) -> None:
    page = opened(name)
    page.emulate_media(forced_colors=colours)
    try:
        stops = list(tab_stops(page))
    finally:
        page.emulate_media(forced_colors="none")
    assert len(stops) > 10
    assert none(unseen(stops))


def unseen(stops: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [stop for stop in stops if not stop["outlined"] or not stop["inView"] or stop["covered"]]


def tab_stops(page: Page) -> Iterator[dict[str, Any]]:
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found is None:
            return
        yield found


@pytest.mark.parametrize("name", READERS)
def test_nothing_moves_for_those_who_want_no_motion(opened: Opened, name: str) -> None:
    """The browser of these tests asks for reduced motion."""
    assert none(opened(name).evaluate(MOVING))
