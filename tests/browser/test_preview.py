"""An editor looks at a text before it is saved, and lets somebody without an account look at it."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import FrameLocator, Page, expect

from accounts.roles import Role
from articles.models import Article, Comment, PreviewLink
from articles.preview_links import path_of, share
from articles.revisions import record
from tests.axe import violations
from tests.browser.conftest import OpenPage
from tests.factories import make_article, make_site, make_user

PASSWORD = "correct horse battery"
SHOWN = ".preview-box iframe:not(.is-loading)"


@pytest.fixture
def draft(transactional_db: None) -> Article:
    make_site(name="مدار اليوم")
    editor = make_user(Role.EDITOR, username="samer", password=PASSWORD, first_name="سامر")
    article = make_article("افتتاح حديقة المدينة", published=False, standfirst="بعد عام من العمل.")
    record(article, by=editor)
    article.refresh_from_db()
    return article


def sign_in(page: Page) -> None:
    page.goto("/admin/")
    page.fill("#id_username", "samer")
    page.fill("#id_password", PASSWORD)
    page.click("#login-form [type=submit]")
    expect(page.locator("#user-tools")).to_contain_text("سامر")


def change_url(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def shown(page: Page) -> FrameLocator:
    return page.frame_locator(SHOWN)


def width_inside(page: Page) -> int:
    width: int = page.locator(SHOWN).evaluate("frame => frame.contentWindow.innerWidth")
    return width


def test_a_word_that_is_typed_stands_in_the_frame(draft: Article, open_page: OpenPage) -> None:
    page = open_page(1600)
    sign_in(page)
    page.goto(change_url(draft))
    expect(shown(page).locator("h1")).to_contain_text("افتتاح حديقة المدينة")
    page.fill("#id_headline", "إغلاق حديقة المدينة")
    expect(shown(page).locator("h1")).to_contain_text("إغلاق حديقة المدينة")
    assert width_inside(page) == 360
    page.click("[data-width='1280']")
    page.click("[data-scheme=dark]")
    expect(shown(page).locator("html")).to_have_attribute("data-theme", "dark")
    assert width_inside(page) == 1280
    page.click("[data-kind=card]")
    expect(shown(page).locator(".card-lead .card-title")).to_contain_text("إغلاق حديقة المدينة")
    draft.refresh_from_db()
    assert draft.headline == "افتتاح حديقة المدينة"
    assert violations(page) == []


def test_alt_and_p_shows_it_at_once_and_the_frame_keeps_its_place(draft: Article, open_page: OpenPage) -> None:
    page = open_page(1600)
    sign_in(page)
    page.goto(change_url(draft))
    expect(shown(page).locator("h1")).to_be_visible()
    page.locator(SHOWN).evaluate("frame => frame.contentWindow.scrollTo(0, 150)")
    page.fill("#id_headline", "إغلاق حديقة المدينة")
    page.keyboard.press("Alt+p")
    expect(shown(page).locator("h1")).to_contain_text("إغلاق حديقة المدينة")
    assert page.locator(SHOWN).evaluate("frame => frame.contentWindow.scrollY") == 150
    assert page.locator(".preview-status").inner_text() != ""


def test_a_folded_pane_stays_folded_in_this_tab(draft: Article, open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page)
    page.goto(change_url(draft))
    page.click(".preview-fold")
    page.reload()
    expect(page.locator("#preview-body")).to_be_hidden()
    page.locator("#id_headline").press("Alt+p")
    expect(shown(page).locator("h1")).to_be_visible()
    assert page.locator(".preview-fold").get_attribute("aria-expanded") == "true"


def test_without_scripts_a_tab_shows_it(draft: Article, open_page: OpenPage) -> None:
    page = open_page(360, javascript=False)
    sign_in(page)
    page.goto(change_url(draft))
    page.fill("#id_headline", "إغلاق حديقة المدينة")
    with page.context.expect_page() as opened:
        page.click("[data-kind=page]")
    expect(opened.value.locator("h1")).to_contain_text("إغلاق حديقة المدينة")
    draft.refresh_from_db()
    assert draft.headline == "افتتاح حديقة المدينة"


def test_a_guest_reads_answers_and_agrees(draft: Article, open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page)
    page.goto(reverse("admin:articles_article_links", args=[draft.pk]))
    page.fill("#id_reader", "المحامية")
    page.click(".preview-share [type=submit]")
    address = urlsplit(page.locator(".preview-link-address input").input_value()).path
    assert violations(page) == []

    guest = open_page(360, "dark")
    guest.goto(address)
    expect(guest.locator("h1")).to_contain_text("افتتاح حديقة المدينة")
    assert violations(guest) == []
    guest.fill("#answer-text", "الاسم مكتوب خطأ.")
    guest.click("[name=note]")
    guest.wait_for_url(re.compile("said=note"))
    guest.click("[name=approve]")
    guest.wait_for_url(re.compile("said=approval"))
    assert guest.context.cookies() == []

    page.goto(change_url(draft))
    expect(page.locator("#comments .comment-guest")).to_have_count(2)
    expect(page.locator("#comments")).to_contain_text("الاسم مكتوب خطأ.")
    assert sorted(Comment.objects.values_list("is_approval", flat=True)) == [False, True]


def test_a_link_that_was_revoked_shows_nothing(draft: Article, open_page: OpenPage) -> None:
    link = share(draft, by=draft.revisions.get().by, reader="المحامية")  # type: ignore[arg-type]
    page = open_page()
    sign_in(page)
    page.goto(reverse("admin:articles_article_links", args=[draft.pk]))
    page.click(".preview-link [type=submit]")
    expect(page.locator(".preview-link")).to_have_class(re.compile("is-over"))
    guest = open_page(360)
    guest.goto(path_of(link))
    expect(guest.locator("h1")).not_to_contain_text("افتتاح")
    assert PreviewLink.objects.get().revoked_at is not None
