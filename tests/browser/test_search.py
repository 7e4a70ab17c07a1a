"""The search in a real browser, with JavaScript and without."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from articles.search.indexing import index
from tests.axe import violations
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.browser.test_site import NARROWEST
from tests.factories import make_article, make_author, make_image, make_section, make_site, make_tag

FITS = "document.documentElement.scrollWidth <= innerWidth"
LOST = f"/news/987654/{quote('افتتاح-المكتبة')}/"


@pytest.fixture
def stories(transactional_db: None) -> None:
    """Twelve stories about one library, so that there are two pages of them."""
    make_site()
    section, tag, picture = make_section("ثقافة", color="amber"), make_tag("مكتبات"), make_image()
    author = make_author("ليلى منصور")
    articles = [
        make_article(
            f"افتتاح المكتبة العامة {number}",
            section=section,
            standfirst="تفتح المكتبة أبوابها كل صباح.",
            lead_image=picture if number % 2 else None,
            authors=(author,),
            tags=(tag,),
            at=timezone.now() - timedelta(days=number + 1),
        )
        for number in range(12)
    ]
    articles.append(make_article("أسعار القمح", section=make_section("اقتصاد"), body="<p>ارتفعت الأسعار.</p>"))
    index([article.pk for article in articles])


def listbox(page: Page):
    return page.get_by_role("listbox")


def type_into(page: Page, words: str, name: str = "كلمات البحث"):
    """Type as a hand does; returns the field."""
    field = page.get_by_role("combobox", name=name).first
    field.press_sequentially(words)
    return field


def test_search_has_no_accessibility_violations_and_fits(any_page: Page, stories: None) -> None:
    for path in ("/search/", "/search/?q=مكتبة", "/search/?q=مسرح+القمح&period=week", "/search/?q=-x", LOST):
        any_page.goto(path)
        assert violations(any_page) == [], path
        assert any_page.evaluate(FITS), path


def test_a_word_longer_than_a_phone_is_wide_makes_no_page_wider(any_page: Page, stories: None) -> None:
    word = "م" * 80
    tag = make_tag(word)
    story = make_article(word, section=make_section("ك" * 50), authors=(make_author("ا" * 100),), tags=(tag,))
    for path in (f"/search/?q={word}", "/", story.get_absolute_url(), tag.get_absolute_url(), f"/{word}/"):
        any_page.goto(path)
        assert any_page.evaluate(FITS), path


def test_search_fits_every_window(page: Page, stories: None) -> None:
    for path in ("/search/", "/search/?q=مكتبة", LOST):
        page.goto(path)
        for width in (NARROWEST, 768, 1024, DESKTOP):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(FITS), (path, width)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate(FITS), f"{path} with text at twice its size"


def test_open_proposals_have_no_accessibility_violations_and_fit(any_page: Page, stories: None) -> None:
    any_page.goto("/search/")
    type_into(any_page, "مكتب")
    any_page.keyboard.press("ArrowDown")
    expect(listbox(any_page)).to_be_visible()
    assert violations(any_page) == []
    any_page.set_viewport_size({"width": NARROWEST, "height": 800})
    assert any_page.evaluate(FITS)


def test_search_needs_no_javascript(open_page: OpenPage, stories: None) -> None:
    page = open_page(PHONE, javascript=False)
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name="البحث").click()
    page.get_by_role("searchbox", name="كلمات البحث").fill("مكتبة")
    expect(page.get_by_label("القسم")).to_be_hidden()
    page.get_by_text("تضييق البحث").click()
    page.get_by_label("القسم").select_option("ثقافة")
    page.get_by_label("الترتيب").select_option("newest")
    page.get_by_role("button", name="ابحث").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("١٢ نتيجة عن «مكتبة»")
    expect(page.get_by_label("القسم")).to_have_value("ثقافة")
    page.get_by_role("link", name="التالي").click()
    expect(page.locator(".search-result")).to_have_count(2)
    expect(page.get_by_label("الترتيب")).to_have_value("newest")
    page.get_by_role("link", name="افتتاح المكتبة العامة 11").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("افتتاح المكتبة العامة 11")


def test_filters_stand_open_where_there_is_room(open_page: OpenPage, stories: None) -> None:
    page = open_page(DESKTOP, javascript=False)
    page.goto("/search/")
    expect(page.get_by_label("القسم")).to_be_visible()
    expect(page.get_by_text("تضييق البحث")).to_be_hidden()


def test_box_in_the_head_of_a_wide_page_searches(page: Page, stories: None) -> None:
    page.goto("/")
    page.get_by_role("search").get_by_role("combobox").fill("قمح")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2)).to_have_text("نتيجة واحدة عن «قمح»")
    assert page.get_by_role("search").count() == 1


def test_lost_address_searches_for_its_words(page: Page, stories: None) -> None:
    page.goto(LOST)
    page.get_by_role("search", name="البحث عن المادة").get_by_role("button", name="ابحث").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("١٢ نتيجة عن «افتتاح المكتبة»")


def test_empty_field_reads_from_the_right(page: Page, stories: None) -> None:
    page.goto("/search/")
    direction = "getComputedStyle(document.querySelector('#search-words')).direction"
    assert page.evaluate(direction) == "rtl"
    page.locator("#search-words").fill("OpenAI")
    assert page.evaluate(direction) == "ltr"


# --- Proposals


def test_arrows_move_the_mark_and_the_focus_stays(page: Page, stories: None) -> None:
    page.goto("/search/")
    field = type_into(page, "مكتب")
    expect(listbox(page)).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    options = listbox(page).get_by_role("option")
    expect(options).to_have_count(7)  # a tag and six headlines
    expect(options.first).to_have_text("وسم: مكتبات")
    assert field.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("ArrowUp")  # back to the field
    assert field.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowUp")  # and round to the last
    expect(options.last).to_have_attribute("aria-selected", "true")
    expect(page.locator("[aria-selected=true]")).to_have_count(1)
    expect(field).to_be_focused()
    expect(field).to_have_value("مكتب")


def test_enter_goes_to_the_marked_proposal(page: Page, stories: None) -> None:
    page.goto("/search/")
    type_into(page, "مكتب")
    expect(listbox(page)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("افتتاح المكتبة العامة 0")


def test_enter_without_a_mark_searches(page: Page, stories: None) -> None:
    page.goto("/search/")
    type_into(page, "مكتبة")
    expect(listbox(page)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".search-result")).to_have_count(10)


def test_click_goes_to_a_proposal(page: Page, stories: None) -> None:
    page.goto("/")
    type_into(page, "مكتب")
    page.get_by_role("option", name="مكتبات").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("مكتبات")


def test_escape_closes_the_proposals_and_keeps_the_words(page: Page, stories: None) -> None:
    page.goto("/search/")
    field = type_into(page, "مكتب")
    expect(listbox(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(listbox(page)).to_be_hidden()
    expect(field).to_have_value("مكتب")
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")  # opens them again
    expect(listbox(page)).to_be_visible()
    page.keyboard.press("Tab")
    expect(listbox(page)).to_be_hidden()


def test_number_of_proposals_is_said(page: Page, stories: None) -> None:
    page.goto("/search/")
    field = type_into(page, "مكتب")
    expect(page.get_by_role("status")).to_have_text("٧ اقتراحات")
    field.press_sequentially("زززز")
    expect(page.get_by_role("status")).to_have_text("لا اقتراحات")
    page.keyboard.press("ArrowDown")
    expect(listbox(page)).to_be_hidden()
    assert field.get_attribute("aria-activedescendant") is None


def test_older_answer_never_takes_the_place_of_a_newer_one(page: Page, stories: None) -> None:
    late: list[Route] = []
    page.route(f"**/suggest/?q={quote('قمح')}*", lambda route: late.append(route))
    page.goto("/search/")
    field = type_into(page, "قمح")
    while not late:
        page.wait_for_timeout(20)
    field.fill("")
    type_into(page, "مكتب")
    expect(listbox(page).get_by_role("option")).to_have_count(7)
    for route in late:
        route.fulfill(json={"topics": [], "headlines": [{"name": "قديم", "address": "/"}], "said": "واحد"})
    page.wait_for_timeout(100)
    expect(listbox(page).get_by_role("option")).to_have_count(7)


def test_letters_typed_fast_are_asked_for_once(page: Page, stories: None) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/suggest/" in request.url else None)
    page.goto("/search/")
    field = type_into(page, "افتتاح المكتبة")
    expect(listbox(page)).to_be_visible()
    assert len(asked) == 1
    page.keyboard.press("Backspace")  # and back, before the server is asked
    field.press_sequentially("ة")
    expect(listbox(page).get_by_role("option")).to_have_count(6)
    assert len(asked) == 1
