"""The reader's site in a real browser. A page that logs an error or breaks its policy fails (conftest)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.models import Article, Byline, Correction, RelatedLink
from pages.models import NavigationItem
from tests.axe import violations
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_page,
    make_section,
    make_site,
    make_source,
    make_tag,
)

LONG_WORD = "https://example.org/" + "very-long-address-" * 8
BODY = f"""<p>عاد الباعة إلى السوق.</p><h2>ماذا تغيّر؟</h2><p>{LONG_WORD}</p>
<blockquote><p>حفظنا الأحجار.</p></blockquote><ul><li>بند.</li></ul><p class="caption">شرح صورة.</p>
<table><tbody><tr><th>عدد المتاجر المرممة في المرحلة الأولى</th><td>١٤٢</td></tr></tbody></table>"""
NARROWEST = 320
BACKGROUND = "getComputedStyle(document.body).backgroundColor"
LIGHT, DARK = "rgb(255, 253, 249)", "rgb(18, 21, 25)"


@pytest.fixture
def story(transactional_db: None) -> Article:
    """An article with everything an article can have, in a site with a full home page."""
    make_site()
    sections = [
        make_section(name, color=color) for name, color in (("سياسة", "blue"), ("ثقافة", "amber"), ("رياضة", "olive"))
    ]
    for section in sections:
        NavigationItem.objects.create(place="header", label=section.name, path=section.get_absolute_url())
    NavigationItem.objects.create(place="footer", label="من نحن", page=make_page(slug="about"))
    author, tag, picture = (
        make_author("ليلى منصور", job_title="مراسلة", social_links=LONG_WORD),
        make_tag("تراث"),
        make_image(),
    )
    for number in range(24):
        make_article(
            f"خبر من أخبار المدينة {number}",
            section=sections[number % 3],
            origin="opinion" if number % 4 == 0 else "own",
            standfirst="مقدمة قصيرة للخبر تشرح ما جرى.",
            lead_image=picture if number % 2 else None,
            authors=(author,),
            at=timezone.now() - timedelta(hours=7 * number + 2),
        )
    make_article(at=datetime(2026, 11, 20, 9, tzinfo=UTC), sources=(make_source("وكالة قديمة"),))
    make_article("خبر عاجل", breaking_until=timezone.now() + timedelta(hours=1))
    article = make_article(
        "السوق القديم يفتح أبوابه من جديد",
        section=sections[1],
        kicker="تراث",
        standfirst="أُعيد تأهيل ١٤٢ متجرًا وسط المدينة.",
        dateline="مرسى الزيتون",
        body=BODY,
        lead_image=picture,
        authors=(author,),
        sources=(make_source("مدار اليوم"), make_source("وكالة الساحل")),
        tags=(tag, "أسواق"),
        updated_at=timezone.now(),
    )
    Byline.objects.create(article=article, author=make_author("هدى نجار"), role="photography", position=1)
    Correction.objects.create(article=article, note="العدد الصحيح ١٤٢.")
    RelatedLink.objects.create(
        article=article, target=Article.objects.published().exclude(pk=article.pk)[0], after_block=1
    )
    RelatedLink.objects.create(article=article, url="https://example.org/", title="دليل السوق", position=1)
    RelatedLink.objects.create(article=article, title="عنوان بلا رابط", position=2)
    return article


def every_page(article: Article) -> list[str]:
    rows = [article, article.section, article.tags.first(), article.authors.first(), article.sources.first()]
    return ["/", *(row.get_absolute_url() for row in rows), "/archive/", "/archive/2026/11/", "/p/about/"]


def open_all(page: Page, article: Article) -> Iterator[str]:
    """Open one page after the other and say which."""
    for path in every_page(article):
        response = page.goto(path)
        assert response is not None
        assert response.status == 200, path
        yield path


def test_home_and_article_have_no_accessibility_violations(any_page: Page, story: Article) -> None:
    for path in ("/", story.get_absolute_url()):
        any_page.goto(path)
        assert violations(any_page) == []


def test_other_pages_have_no_accessibility_violations(open_page: OpenPage, story: Article) -> None:
    page = open_page(PHONE, "dark")
    for path in open_all(page, story):
        assert violations(page) == [], path
    page.goto("/nothing-here/")
    assert violations(page) == []


def test_nothing_is_wider_than_the_window_and_no_cookie_is_set(page: Page, story: Article) -> None:
    fits = "document.documentElement.scrollWidth <= innerWidth"
    for path in open_all(page, story):
        for width in (DESKTOP, 768, PHONE, NARROWEST):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(fits), (path, width)
        page.set_viewport_size({"width": DESKTOP, "height": 800})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate(fits), f"{path} with text at twice its size"
    assert page.context.cookies() == []


def test_dark_mode_stays_without_a_flash(page: Page, story: Article) -> None:
    page.goto("/")
    button = page.get_by_role("button", name="الوضع المظلم")
    expect(button).to_have_attribute("aria-pressed", "false")
    assert page.evaluate(BACKGROUND) == LIGHT
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(BACKGROUND) == DARK
    # The theme must be there before the body is, or a light frame is painted first.
    page.add_init_script(
        """new MutationObserver((_, observer) => {
            if (!document.body) return;
            window.themeAtBody = document.documentElement.dataset.theme;
            observer.disconnect();
        }).observe(document, { childList: true, subtree: true });"""
    )
    page.goto(story.get_absolute_url())
    assert page.evaluate("window.themeAtBody") == "dark"
    assert page.evaluate(BACKGROUND) == DARK
    button = page.get_by_role("button", name="الوضع المظلم")
    button.click()
    assert page.evaluate(BACKGROUND) == LIGHT
    # The choice equals the system again, so nothing is stored.
    assert page.evaluate("localStorage.getItem('theme')") is None


def test_theme_follows_the_system(open_page: OpenPage, story: Article) -> None:
    page = open_page(scheme="dark")
    page.goto("/")
    assert page.evaluate(BACKGROUND) == DARK
    expect(page.get_by_role("button", name="الوضع المظلم")).to_have_attribute("aria-pressed", "true")


def test_reading_needs_no_javascript(open_page: OpenPage, story: Article) -> None:
    page = open_page(PHONE, "dark", javascript=False)
    page.goto("/")
    expect(page.get_by_role("button", name="الوضع المظلم")).to_have_count(0)
    page.locator("details.menu > summary").click()
    page.locator("details.menu").get_by_role("link", name="ثقافة").click()
    page.get_by_role("link", name=story.headline).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(story.headline)
    assert page.locator(".needs-js:visible").count() == 0


def test_skip_link_is_first_and_leads_to_the_content(page: Page, story: Article) -> None:
    page.goto(story.get_absolute_url())
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="انتقل إلى المحتوى")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_escape_closes_the_menu_and_returns_the_focus(page: Page, story: Article) -> None:
    page.goto("/")
    page.locator("details.menu > summary").click()
    assert page.evaluate("document.querySelector('details.menu').open")
    page.keyboard.press("Escape")
    assert not page.evaluate("document.querySelector('details.menu').open")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_copying_the_link_says_so(page: Page, story: Article) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(story.get_absolute_url())
    page.get_by_role("button", name="نسخ الرابط").click()
    expect(page.get_by_role("status")).to_have_text("نُسخ الرابط")
    assert page.evaluate("navigator.clipboard.readText()").endswith(story.get_short_url())


def test_paper_is_white_whatever_the_theme(page: Page, story: Article) -> None:
    page.goto(story.get_absolute_url())
    page.get_by_role("button", name="الوضع المظلم").click()
    page.emulate_media(media="print")
    assert page.evaluate(BACKGROUND) == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('.section-nav')).display") == "none"
    assert page.evaluate("getComputedStyle(document.querySelector('.printed-address')).display") == "block"
