"""The ways of a reader through the site, by clicks with and without JavaScript, and by the keyboard alone."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.models import Article
from newsletter.models import MailingList
from pages.models import NavigationItem
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.factories import make_author, make_indexed, make_page, make_section, make_site, make_source

pytestmark = pytest.mark.django_db(transaction=True)
MOST_STOPS = 80


@pytest.fixture
def article() -> Article:
    """The newest story, with all that a reader can go on to."""
    make_site()
    MailingList.objects.create(name="نشرة الصباح", cadence="يوميًا عند السابعة صباحًا", is_default=True)
    section = make_section("ثقافة", slug="culture")
    NavigationItem.objects.create(place="header", label=section.name, path=section.get_absolute_url())
    NavigationItem.objects.create(place="footer", label="من نحن", page=make_page("من نحن", slug="about"))
    people = {"authors": (make_author("ليلى منصور"),), "sources": (make_source("وكالة الساحل"),)}
    for number in range(25):
        make_indexed(
            f"معرض الكتاب في يومه {number}",
            section=section,
            tags=("كتب",),
            at=timezone.now() - timedelta(days=number + 1),
            **people,
        )
    return make_indexed("السوق القديم يفتح أبوابه", section=section, tags=("كتب", "تراث"), **people)


@pytest.fixture(
    params=[(PHONE, True), (PHONE, False), (DESKTOP, True), (DESKTOP, False)],
    ids=("phone", "phone-plain", "desk", "desk-plain"),
)
def page(request: pytest.FixtureRequest, open_page: OpenPage) -> Page:
    """On a phone and on a desk, with and without JavaScript."""
    width, javascript = request.param
    return open_page(width, javascript=javascript)


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def follow(page: Page, name: str, *, within: str = "main") -> None:
    """Click the first link of that name there; what it opens must be a page."""
    page.locator(within).get_by_role("link", name=name).first.click()
    page.wait_for_load_state()


def test_reader_goes_on_from_page_to_page(page: Page, article: Article) -> None:
    page.goto("/")
    follow(page, "ثقافة", within=".section-nav")
    heading(page, "ثقافة")
    newest = page.url
    follow(page, "الأقدم")
    assert page.url.startswith(f"{newest}?before=")
    follow(page, "الأحدث")
    assert page.url == newest
    follow(page, article.headline)
    heading(page, article.headline)

    for name in ("كتب", "ليلى منصور", "وكالة الساحل"):
        follow(page, name)
        heading(page, name)
        page.get_by_role("link", name=article.headline).first.click()
        heading(page, article.headline)
    page.get_by_role("navigation", name="مسار التنقل").get_by_role("link", name="الرئيسية").click()
    expect(page).to_have_url(re.compile(r"//[^/]+/$"))


def test_reader_finds_a_day_in_the_archive(page: Page, article: Article) -> None:
    page.goto("/")
    # A phone has it in the menu alone.
    page.locator("details.menu > summary").click()
    page.get_by_role("link", name="الأرشيف").first.click()
    heading(page, "الأرشيف")
    page.locator("main a[href*='/archive/']").first.click()
    page.locator("main table a").first.click()
    expect(page).to_have_url(re.compile(r"/archive/\d{4}/\d{2}/\d{2}/$"))
    page.locator("main").get_by_role("link", name="معرض الكتاب").first.click()
    heading(page, "معرض الكتاب")


def test_reader_searches_from_the_head_of_the_page(page: Page, article: Article) -> None:
    page.goto(article.get_absolute_url())
    page.locator("header a[href='/search/']:visible, header input[type=search]:visible").first.click()
    page.locator("input[type=search]:visible").first.fill("الأسواق القديمة")
    page.locator("input[type=search]:visible").first.press("Enter")
    follow(page, article.headline)
    expect(page.get_by_role("heading", level=1)).to_have_text(article.headline)


def test_reader_subscribes_below_a_story(page: Page, article: Article) -> None:
    page.goto(article.get_absolute_url())
    box = page.locator("form[action='/newsletter/subscribe/']").first
    box.get_by_label("بريدك الإلكتروني").fill("reader@")
    # The browser refuses it first; the server must as well.
    box.evaluate("form => form.noValidate = true")
    box.get_by_role("button", name="اشترك").click()
    expect(page.get_by_role("link", name="أدخل بريدًا إلكترونيًا صحيحًا")).to_be_visible()
    field = page.locator("main").get_by_label("بريدك الإلكتروني")
    expect(field).to_have_value("reader@")
    field.fill("reader@example.com")
    page.locator("main").get_by_role("button", name="اشترك").click()
    heading(page, "تفقّد بريدك")


def test_lost_reader_finds_back(page: Page, article: Article) -> None:
    page.goto("/no-such-page/")
    heading(page, "الصفحة غير موجودة")
    follow(page, article.headline)
    expect(page.get_by_role("heading", level=1)).to_have_text(article.headline)


def test_menu_leads_everywhere(page: Page, article: Article) -> None:
    page.goto(article.get_absolute_url())
    page.locator("details.menu > summary").click()
    page.locator("details.menu").get_by_role("link", name="ثقافة").click()
    heading(page, "ثقافة")
    page.locator("footer").get_by_role("link", name="من نحن").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("من نحن")


def test_keyboard_alone_is_enough(open_page: OpenPage, article: Article) -> None:
    """From the head of the home page to the story, its tag, and back over the menu, without a pointer."""
    page = open_page(DESKTOP)
    page.goto("/")
    press_on(page, article.headline)
    heading(page, article.headline)
    press_on(page, "تراث")
    heading(page, "تراث")
    press_on(page, "القائمة")
    assert page.evaluate("document.querySelector('details.menu').open")
    press_on(page, "ثقافة")
    heading(page, "ثقافة")


def press_on(page: Page, text: str) -> None:
    """Tab to what bears that text and press Enter. Raises AssertionError when no tab stop does."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if text in page.evaluate("document.activeElement.textContent"):
            page.keyboard.press("Enter")
            page.wait_for_load_state()
            return
    raise AssertionError(f"no tab stop says {text}")
