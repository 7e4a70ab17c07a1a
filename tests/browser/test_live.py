"""Live coverage and offers of other platforms in a real browser, with and without scripts."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from articles import coverage_page, covering
from articles.models import Article, LiveUpdate
from tests.axe import violations
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.factories import make_article, make_site, make_user

VIDEO = '<p><a href="https://youtu.be/aB3_d-fG7hI">كلمة الافتتاح</a></p>'
POST = '<p><a href="https://t.me/some_channel/12">https://t.me/some_channel/12</a></p>'
FITS = "document.documentElement.scrollWidth <= innerWidth"
# Fifty milliseconds between two questions instead of as many seconds.
QUICKLY = """
document.addEventListener("readystatechange", () => {
    for (const live of document.querySelectorAll("[data-updates]")) live.dataset.every = 50;
});
"""


@pytest.fixture
def story(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Article:
    """A live story with updates 1 to 24 and two key events; nothing of it is kept by the browser."""
    monkeypatch.setattr(coverage_page, "KEPT_FOR", 0)
    make_site()
    now = timezone.now()
    story = make_article(
        "افتتاح الجسر الجديد",
        coverage_started_at=now - timedelta(hours=3),
        updated_at=now,
        body=f"<p>مقدمة.</p>{VIDEO}",
    )
    LiveUpdate.objects.bulk_create(
        LiveUpdate(
            article=story,
            headline="" if number % 7 == 5 else f"مرحلة رقم {number}",
            body=f"<p>نص طويل بعض الشيء عن المرحلة {number}.</p>",
            is_key=number in {2, 23},
            posted_at=now - timedelta(minutes=100 - number),
        )
        for number in range(1, 25)
    )
    return story


def said(count: int, digits: str) -> str:
    return ngettext("%(number)s new update", "%(number)s new updates", count) % {"number": digits}


def test_a_coverage_is_accessible_and_fits(any_page: Page, story: Article) -> None:
    any_page.goto(story.get_absolute_url())
    assert violations(any_page) == []
    for width in (DESKTOP, PHONE, 320):
        any_page.set_viewport_size({"width": width, "height": 800})
        assert any_page.evaluate(FITS)
    any_page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert any_page.evaluate(FITS)


def test_a_coverage_is_read_without_scripts(open_page: OpenPage, story: Article) -> None:
    page = open_page(PHONE, javascript=False)
    page.goto(story.get_absolute_url())
    updates = page.locator(".live-update")
    expect(updates).to_have_count(20)
    expect(updates.first).to_contain_text("المرحلة 24")
    assert page.locator(".needs-js:visible").count() == 0
    LiveUpdate.objects.create(article=story, headline="مرحلة أخيرة")
    page.get_by_role("link", name=_("Refresh the page")).click()
    expect(updates.first).to_contain_text("مرحلة أخيرة")
    page.get_by_role("link", name="مرحلة رقم 2", exact=True).click()
    oldest = story.live_updates.get(headline="مرحلة رقم 2")
    expect(page.locator(f"#update-{oldest.pk}")).to_be_in_viewport()
    page.locator(".pagination a[rel=prev]").click()
    expect(updates.first).to_contain_text("مرحلة أخيرة")
    expect(page.locator("#updates")).to_be_in_viewport()


def test_news_are_announced_and_come_when_the_reader_wants_them(page: Page, story: Article) -> None:
    page.add_init_script(QUICKLY)
    page.goto(story.get_absolute_url())
    newest = page.locator(".live-update").first
    place = page.locator(".live-news")
    expect(place).to_have_attribute("aria-live", "polite")
    expect(place).to_be_empty()
    editor = make_user("editor", is_superuser=True)
    for number in range(3):
        covering.post_update(story, by=editor, headline=f"خبر جديد {number}")
    button = place.get_by_role("button", name=said(3, "٣"))
    expect(button).to_be_visible()
    expect(newest).to_contain_text("المرحلة 24")  # nothing moved by itself
    button.click()
    expect(page.locator(".live-update")).to_have_count(23)
    expect(newest).to_contain_text("خبر جديد 2")
    expect(newest).to_be_focused()
    expect(newest.locator("time")).to_have_text("قبل لحظات")
    newest_time = newest.locator("time").get_attribute("datetime")
    assert newest_time
    expect(page.locator(".live-state time")).to_have_attribute("datetime", newest_time)
    expect(place).to_be_empty()
    covering.post_update(story, by=editor, headline="خبر رابع")
    expect(place.get_by_role("button", name=said(1, "١"))).to_be_visible()
    assert page.evaluate("scrollY") > 0


def test_a_coverage_that_ends_or_is_withdrawn_is_not_asked_for_any_more(page: Page, story: Article) -> None:
    page.add_init_script(QUICKLY)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/updates/?" in request.url else None)
    page.goto(story.get_absolute_url())
    covering.end_coverage(story, by=make_user("editor", is_superuser=True))
    expect(page.locator(".live-news")).to_have_text(_("The coverage has ended"))
    expect(page.locator(".live-state .label-hot")).to_have_text(_("The coverage has ended"))
    count = len(asked)
    page.wait_for_timeout(400)
    assert len(asked) == count


def test_no_video_is_loaded_before_the_click_and_nothing_moves_with_it(
    chromium: Browser, live_server: LiveServer, story: Article
) -> None:
    asked: list[str] = []
    # A window of its own: the others fail for any request to another machine, which here is what is looked at.
    context = chromium.new_context(base_url=live_server.url, locale="ar")
    page = context.new_page()
    page.on("request", lambda request: None if live_server.url in request.url else asked.append(request.url))

    def answer(route: Route) -> None:
        route.fulfill(body="<title>player</title>", content_type="text/html")

    Article.objects.filter(pk=story.pk).update(body=f"<p>مقدمة.</p>{VIDEO}{POST}<p id='after'>خاتمة.</p>")
    page.goto(story.get_absolute_url())
    boxes = page.locator(".embed")
    expect(boxes).to_have_count(2)
    expect(boxes.first).to_contain_text("كلمة الافتتاح")
    assert page.locator("iframe").count() == 0
    assert violations(page) == []
    expect(boxes.nth(1).get_by_role("button")).to_have_count(0)
    assert asked == []
    context.route("https://www.youtube-nocookie.com/**", answer)
    place = "box => [box.offsetTop, box.offsetWidth, box.offsetHeight]"
    before = boxes.first.evaluate(place)
    boxes.first.get_by_role("button", name=_("Show the content")).focus()
    page.keyboard.press("Enter")
    frame = page.locator("iframe")
    expect(frame).to_have_attribute("title", "كلمة الافتتاح")
    expect(frame).to_be_focused()
    assert boxes.first.evaluate(place) == before
    assert abs(frame.evaluate("frame => frame.offsetHeight") - before[2]) < 3
    page.wait_for_timeout(200)
    assert asked == ["https://www.youtube-nocookie.com/embed/aB3_d-fG7hI"]
    context.close()


def test_without_scripts_a_video_is_a_link(open_page: OpenPage, story: Article) -> None:
    page = open_page(PHONE, "dark", javascript=False)
    page.goto(story.get_absolute_url())
    box = page.locator(".embed")
    expect(box.get_by_role("link")).to_have_attribute("href", "https://youtu.be/aB3_d-fG7hI")
    expect(box.get_by_role("button")).to_have_count(0)
