"""The tools of an article in a real browser: share, copy, size of text, theme, save; with and without JavaScript."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, Route, expect

from articles.models import Article
from tests.axe import violations
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.browser.test_site import BACKGROUND, DARK, LIGHT, NARROWEST
from tests.factories import make_article, make_author, make_image, make_section, make_site

FITS = "document.documentElement.scrollWidth <= innerWidth"
BODY_SIZE = "parseFloat(getComputedStyle(document.querySelector('.article-body')).fontSize)"
TITLE_SIZE = "parseFloat(getComputedStyle(document.querySelector('h1')).fontSize)"
CAN_SHARE = """Object.defineProperty(Navigator.prototype, "share", {
    value: async (data) => { window.shared = data; }, configurable: true });"""
CANNOT_SHARE = "delete Navigator.prototype.share;"
NO_STORAGE = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("closed", "SecurityError"); } });"""
# What <html> says when the body is begun, which is before anything is painted.
WATCH_BODY = """new MutationObserver((_, observer) => {
    if (!document.body) return;
    window.atBody = { ...document.documentElement.dataset };
    observer.disconnect();
}).observe(document, { childList: true, subtree: true });"""
WATCH_SHIFTS = """window.shifts = 0;
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shifts += entry.value;
}).observe({ type: "layout-shift", buffered: true });"""


@pytest.fixture
def story(transactional_db: None) -> Article:
    make_site()
    section = make_section("ثقافة", color="amber")
    for number in range(3):
        make_article(f"خبر من المدينة {number}", section=section, at=timezone.now() - timedelta(hours=number + 2))
    return make_article(
        "السوق القديم يفتح أبوابه من جديد",
        section=section,
        standfirst="أُعيد تأهيل ١٤٢ متجرًا وسط المدينة.",
        body="<p>عاد الباعة إلى السوق بعد أعوام من الترميم.</p>" * 8,
        lead_image=make_image(),
        authors=(make_author("ليلى منصور"),),
    )


def tool(page: Page, name: str) -> Locator:
    return page.locator(f"[data-{name}]")


def boxes(page: Page) -> list[Any]:
    return [button.bounding_box() for button in page.locator(".article-tools :is(a, button):visible").all()]


# --- Share, copy, print


def test_device_that_can_share_gets_one_button_for_the_networks(open_page: OpenPage, story: Article) -> None:
    page = open_page(PHONE)
    page.add_init_script(CAN_SHARE)
    page.add_init_script(WATCH_SHIFTS)
    page.goto(story.get_absolute_url())
    expect(page.locator(".share-link").first).to_be_hidden()
    tool(page, "share").click()
    assert page.evaluate("shared.url").endswith(story.get_short_url())
    assert page.evaluate("shared.title") == story.headline
    assert page.evaluate("shifts") <= 0.02


def test_device_that_cannot_share_gets_plain_links(page: Page, story: Article) -> None:
    page.add_init_script(CANNOT_SHARE)
    page.goto(story.get_absolute_url())
    expect(tool(page, "share")).to_be_hidden()
    links = page.locator(".share-link:visible")
    assert [link.get_attribute("href").split("?")[0] for link in links.all()] == [
        "https://wa.me/",
        "https://t.me/share/url",
        "https://www.facebook.com/sharer/sharer.php",
    ]


def test_reader_who_closes_the_sharing_is_told_nothing(page: Page, story: Article) -> None:
    page.add_init_script(CAN_SHARE.replace("window.shared = data", 'throw new DOMException("no", "AbortError")'))
    page.goto(story.get_absolute_url())
    tool(page, "share").click()
    expect(page.get_by_role("status")).to_be_empty()


def test_copying_that_fails_says_what_to_do(page: Page, story: Article) -> None:
    page.add_init_script("navigator.clipboard.writeText = async () => { throw new Error(); };")
    page.goto(story.get_absolute_url())
    tool(page, "copy").click()
    expect(page.get_by_role("status")).to_have_text(tool(page, "copy").get_attribute("data-failed"))
    expect(tool(page, "copy")).to_have_accessible_name("نسخ الرابط")


def test_copied_link_changes_the_word_and_moves_nothing(page: Page, story: Article) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(story.get_absolute_url())
    before = boxes(page)
    tool(page, "copy").click()
    expect(page.get_by_role("button", name="نُسخ الرابط")).to_be_visible()
    assert boxes(page) == before


def test_print_button_prints(page: Page, story: Article) -> None:
    page.add_init_script("window.print = () => { window.printed = true; };")
    page.goto(story.get_absolute_url())
    tool(page, "print").click()
    assert page.evaluate("printed")


# --- Size of the text


def test_text_has_four_sizes_and_they_are_said(page: Page, story: Article) -> None:
    page.goto(story.get_absolute_url())
    smaller, larger = page.locator("[data-text-step='-1']"), page.locator("[data-text-step='1']")
    names = tool(page, "text-sizes").get_attribute("data-text-sizes").split("|")
    title, sizes = page.evaluate(TITLE_SIZE), [page.evaluate(BODY_SIZE)]
    for name in names[2:]:
        larger.click()
        expect(page.get_by_role("status")).to_have_text(name)
        sizes.append(page.evaluate(BODY_SIZE))
    expect(larger).to_have_attribute("aria-disabled", "true")
    larger.click(force=True)
    assert page.evaluate(BODY_SIZE) == sizes[-1]
    for _step in range(3):
        smaller.click()
    expect(page.get_by_role("status")).to_have_text(names[0])
    expect(smaller).to_have_attribute("aria-disabled", "true")
    sizes.insert(0, page.evaluate(BODY_SIZE))
    assert sizes == sorted(set(sizes))
    assert len(sizes) == len(names) == 4
    assert page.evaluate(TITLE_SIZE) == title


def test_usual_size_is_not_stored(page: Page, story: Article) -> None:
    page.goto(story.get_absolute_url())
    page.locator("[data-text-step='1']").click()
    assert page.evaluate("localStorage.getItem('text')") == "large"
    page.locator("[data-text-step='-1']").click()
    assert page.evaluate("localStorage.getItem('text')") is None


def test_size_buttons_say_in_words_what_they_show(page: Page, story: Article) -> None:
    page.goto(story.get_absolute_url())
    for sign, name in (("أ−", "أ− تصغير خط المادة"), ("أ+", "أ+ تكبير خط المادة")):
        expect(page.get_by_role("button", name=name, exact=True)).to_contain_text(sign)


def test_what_the_reader_chose_is_there_before_the_first_paint(page: Page, story: Article) -> None:
    page.goto(story.get_absolute_url())
    usual = page.evaluate(BODY_SIZE)
    tool(page, "theme-toggle").click()
    page.locator("[data-text-step='1']").click()
    page.add_init_script(WATCH_BODY)
    page.add_init_script(WATCH_SHIFTS)
    page.reload()
    assert page.evaluate("atBody") == {"theme": "dark", "text": "large"}
    assert page.evaluate(BACKGROUND) == DARK
    assert page.evaluate(BODY_SIZE) > usual
    assert page.evaluate("shifts") <= 0.02


# --- Several tabs


def test_choices_reach_the_other_tabs(page: Page, story: Article) -> None:
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(story.get_absolute_url())
    usual = other.evaluate(BODY_SIZE)
    tool(page, "theme-toggle").click()
    page.locator("[data-text-step='1']").click()
    tool(page, "save").click()
    expect(tool(other, "theme-toggle")).to_have_attribute("aria-pressed", "true")
    assert other.evaluate(BACKGROUND) == DARK
    assert other.evaluate(BODY_SIZE) > usual
    expect(tool(other, "save")).to_have_attribute("aria-pressed", "true")
    tool(page, "theme-toggle").click()
    expect(tool(other, "theme-toggle")).to_have_attribute("aria-pressed", "false")
    assert other.evaluate(BACKGROUND) == LIGHT


def test_theme_follows_the_system_while_it_is_open(page: Page, story: Article) -> None:
    page.goto(story.get_absolute_url())
    page.emulate_media(color_scheme="dark")
    expect(tool(page, "theme-toggle")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(BACKGROUND) == DARK


def test_chosen_theme_outlasts_the_system(page: Page, story: Article) -> None:
    page.goto(story.get_absolute_url())
    tool(page, "theme-toggle").click()
    page.emulate_media(color_scheme="dark")
    page.emulate_media(color_scheme="light")
    assert page.evaluate(BACKGROUND) == DARK


# --- Save


def test_saved_article_is_marked_and_moves_nothing(page: Page, story: Article) -> None:
    page.goto(story.get_absolute_url())
    before, button = boxes(page), tool(page, "save")
    expect(button).to_have_accessible_name("احفظ للقراءة لاحقًا")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_have_accessible_name("محفوظة")
    assert boxes(page) == before
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("localStorage.getItem('saved')") is None


def test_hundred_articles_are_enough(page: Page, story: Article) -> None:
    page.goto(story.get_absolute_url())
    page.evaluate(
        """localStorage.setItem("saved", JSON.stringify(Array.from({ length: 100 }, (_, number) => (
            { id: `x${number}`, address: "/", headline: "خبر" }))))"""
    )
    tool(page, "save").click()
    expect(page.get_by_role("status")).to_have_text(tool(page, "save").get_attribute("data-full"))
    expect(tool(page, "save")).to_have_attribute("aria-pressed", "false")


def test_browser_that_keeps_nothing_says_so_and_the_rest_works(page: Page, story: Article) -> None:
    page.add_init_script(NO_STORAGE)
    page.goto(story.get_absolute_url())
    tool(page, "save").click()
    expect(page.get_by_role("status")).to_have_text(tool(page, "save").get_attribute("data-failed"))
    tool(page, "theme-toggle").click()
    assert page.evaluate(BACKGROUND) == DARK


def test_spoilt_list_is_an_empty_one(page: Page, story: Article) -> None:
    page.goto(story.get_absolute_url())
    page.evaluate("localStorage.setItem('saved', '{')")
    page.reload()
    tool(page, "save").click()
    expect(tool(page, "save")).to_have_attribute("aria-pressed", "true")


# --- Search fields


def test_proposals_are_loaded_when_somebody_is_about_to_type(page: Page, story: Article) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(story.get_absolute_url())
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "search_suggestions.js" in url or "saving.js" in url] == []
    with page.expect_request("**/search_suggestions.js"):
        page.get_by_role("combobox").first.focus()


def test_letters_typed_while_the_proposals_load_are_not_lost(page: Page, story: Article) -> None:
    waiting: list[Route] = []
    page.route("**/search_suggestions.js", lambda route: waiting.append(route))
    page.goto("/")
    field = page.get_by_role("combobox").first
    field.press_sequentially("ثقاف")
    assert len(waiting) == 1
    with page.expect_request("**/search/suggest/?*"):
        waiting[0].continue_()
    expect(field).to_have_value("ثقاف")
    expect(page.get_by_role("option").first).to_be_visible()


# --- Without JavaScript, by keyboard, narrow and large


def test_without_javascript_no_dead_button_is_shown(open_page: OpenPage, story: Article) -> None:
    page = open_page(PHONE, javascript=False)
    for path in (story.get_absolute_url(), "/saved/", "/offline/", "/"):
        page.goto(path)
        assert page.locator(".needs-js:visible, button:not([type=submit]):visible").count() == 0, path
    page.goto(story.get_absolute_url())
    assert page.locator(".share-link:visible").count() == 3
    page.goto("/saved/")
    expect(page.locator("noscript p")).to_be_visible()


def test_every_tool_is_reached_by_keyboard_and_seen(page: Page, story: Article) -> None:
    page.add_init_script(CANNOT_SHARE)
    page.goto(story.get_absolute_url())
    wanted = page.locator(".article-tools :is(a, button):visible").count()
    page.locator(".byline a, .byline").last.evaluate("element => (element.querySelector('a') ?? element).focus()")
    seen = []
    for _press in range(wanted + 3):
        page.keyboard.press("Tab")
        if page.evaluate("Boolean(document.activeElement.closest('.article-tools'))"):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 3
            seen.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert len(seen) == wanted


def test_tools_work_by_keyboard(page: Page, story: Article) -> None:
    page.goto(story.get_absolute_url())
    tool(page, "save").focus()
    page.keyboard.press("Space")
    expect(tool(page, "save")).to_have_attribute("aria-pressed", "true")
    page.locator("[data-text-step='1']").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.dataset.text") == "large"
    expect(page.locator("[data-text-step='1']")).to_be_focused()


def test_tools_and_list_have_no_accessibility_violations(any_page: Page, story: Article) -> None:
    any_page.goto(story.get_absolute_url())
    tool(any_page, "save").click()
    expect(tool(any_page, "save")).to_have_attribute("aria-pressed", "true")
    any_page.locator("[data-text-step='1']").click()
    assert violations(any_page) == []
    for path in ("/saved/", "/offline/"):
        any_page.goto(path)
        expect(any_page.locator("[data-saved-list] li")).to_have_count(1)
        assert violations(any_page) == [], path
        any_page.locator("[data-saved-list] button").click()
        assert violations(any_page) == [], path
        any_page.get_by_role("button", name="تراجع", exact=True).click()


def test_tools_and_list_fit_narrow_windows_and_large_text(page: Page, story: Article) -> None:
    page.goto(story.get_absolute_url())
    tool(page, "save").click()
    expect(tool(page, "save")).to_have_attribute("aria-pressed", "true")
    for path in (story.get_absolute_url(), "/saved/", "/offline/"):
        page.goto(path)
        page.evaluate("document.documentElement.dataset.text = 'largest'")
        for width, size in ((NARROWEST, "100%"), (PHONE, "200%"), (DESKTOP, "200%")):
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate("size => (document.documentElement.style.fontSize = size)", size)
            assert page.evaluate(FITS), (path, width, size)


def test_targets_are_large_enough(open_page: OpenPage, story: Article) -> None:
    page = open_page(NARROWEST)
    page.goto(story.get_absolute_url())
    assert all(box["width"] >= 44 and box["height"] >= 44 for box in boxes(page))


def test_pressed_and_ended_buttons_differ_in_forced_colours(page: Page, story: Article) -> None:
    page.goto(story.get_absolute_url())
    page.emulate_media(forced_colors="active")
    colour = "element => getComputedStyle(element).borderTopColor"
    before = tool(page, "save").evaluate(colour)
    tool(page, "save").click()
    expect(tool(page, "save")).to_have_attribute("aria-pressed", "true")
    assert tool(page, "save").evaluate(colour) != before
