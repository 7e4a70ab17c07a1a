"""The front desk in a real browser: dragging, keys, ends, the look at another moment, taking back, the bar."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import Role
from articles.enums import SlotPlace
from articles.front_desk import set_breaking
from articles.front_page import front_page
from articles.models import Article, FrontSlot
from tests.browser.conftest import OpenPage
from tests.browser.test_desk import PASSWORD, is_accessible
from tests.browser.test_workflow import fits, sign_in
from tests.factories import make_article, make_image, make_indexed, make_section, make_site, make_user

PAGE = "/admin/articles/frontslot/"
WIDTHS = [(360, "dark"), (360, "light"), (1280, "light"), (1280, "dark")]


@pytest.fixture
def chief(transactional_db: None) -> User:
    make_site(name="مدار اليوم", months="levant")
    make_section("محليات")
    return make_user(Role.CHIEF_EDITOR, username="samer", password=PASSWORD, first_name="سامر")


def stories(count: int) -> list[Article]:
    """The newest first, each with a picture."""
    picture = make_image()
    hours = [timezone.now() - timedelta(hours=number + 1) for number in range(count)]
    return [make_article(f"خبر رقم {number}", lead_image=picture, at=at) for number, at in enumerate(hours)]


def opened(page: Page, chief: User) -> Page:
    sign_in(page, chief)
    page.goto(PAGE)
    return page


def grip(page: Page, article: Article) -> str:
    return f"[data-article='{article.pk}'] .front-grip"


def save(page: Page) -> None:
    page.locator("button[value=save]").first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_a_story_is_dragged_into_the_lead_and_saved(page: Page, chief: User) -> None:
    news = stories(6)
    opened(page, chief)
    page.locator(grip(page, news[5])).scroll_into_view_if_needed()
    page.locator(grip(page, news[5])).hover()
    page.mouse.down()
    page.locator("[data-drop='second:1']").scroll_into_view_if_needed()
    box = page.locator("[data-drop='second:1']").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    expect(page.locator(f".front-zone-second .is-pinned[data-article='{news[5].pk}']")).to_be_visible()
    assert not FrontSlot.objects.exists()
    save(page)
    assert FrontSlot.objects.get().article == news[5]
    assert news[5] in front_page().seconds


def test_a_story_is_lifted_and_put_down_with_the_keys(page: Page, chief: User) -> None:
    news = stories(4)
    opened(page, chief)
    page.locator(grip(page, news[3])).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-drop='lead:0']")).to_have_class("front-cell is-target")
    page.keyboard.press("Enter")
    expect(page.locator(f".front-zone-lead .is-pinned[data-article='{news[3].pk}']")).to_be_visible()
    expect(page.locator(grip(page, news[3]))).to_be_focused()
    save(page)
    assert front_page().lead == news[3]


def test_a_pin_gets_an_end_and_its_details_stay_open(page: Page, chief: User) -> None:
    news = stories(2)
    FrontSlot.objects.create(article=news[1], place=SlotPlace.LEAD)
    opened(page, chief)
    page.locator(".front-zone-lead summary").first.click()
    page.locator(f"button[value='until:{news[1].pk}:3h']").click()
    expect(page.locator(".front-unsaved")).to_be_visible()
    expect(page.locator(f"button[value='until:{news[1].pk}:3h']")).to_be_visible()
    save(page)
    ends_at = FrontSlot.objects.get().ends_at
    assert ends_at is not None
    assert timedelta(hours=2, minutes=58) < ends_at - timezone.now() <= timedelta(hours=3)


def test_words_find_a_scheduled_story_which_waits_for_its_time(page: Page, chief: User) -> None:
    stories(2)
    coming = make_indexed("إعلان نتائج الانتخابات", at=timezone.now() + timedelta(hours=3))
    opened(page, chief)
    page.locator("#front-q").press_sequentially("نتائج الإنتخابات")
    page.locator(f".front-found button[value='choose:{coming.pk}']").click()
    page.locator(f".front-places button[value='put:{coming.pk}:lead:0']").click()
    expect(page.locator(".front-wait-scheduled")).to_be_visible()
    save(page)
    assert front_page().lead != coming
    assert front_page(timezone.now() + timedelta(hours=4)).lead == coming


def test_preview_of_a_later_hour_shows_the_scheduled_story(page: Page, chief: User) -> None:
    stories(2)
    moment = timezone.now() + timedelta(days=1)
    make_article("خبر المساء المجدول", lead_image=make_image(), at=moment)
    opened(page, chief)
    page.locator("button[formaction]").first.click()
    frame = page.frame_locator(".front-frame")
    expect(frame.locator(".card-lead")).to_contain_text("خبر رقم 0")
    local = (moment + timedelta(hours=1)).astimezone(ZoneInfo("Asia/Damascus"))
    page.fill("[name=at_0]", f"{local:%Y-%m-%d}")
    page.fill("[name=at_1]", f"{local:%H:%M}")
    page.locator(".front-moment button").click()
    expect(frame.locator(".card-lead")).to_contain_text("خبر المساء المجدول")
    expect(page.locator(".front-events li")).to_contain_text("خبر المساء المجدول")
    page.locator("button[name=width][value='360']").click()
    assert page.locator(".front-frame").evaluate("frame => frame.clientWidth") == 360


def test_one_click_takes_a_change_back(page: Page, chief: User) -> None:
    news = stories(3)
    opened(page, chief)
    page.locator(
        f".front-part button[value='choose:{news[2].pk}'], .front-cell button[value='choose:{news[2].pk}']"
    ).click()
    page.locator(f".front-places button[value='put:{news[2].pk}:lead:0']").click()
    save(page)
    expect(page.locator(".front-newest")).to_contain_text("سامر")
    page.locator(".front-newest button").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert not FrontSlot.objects.exists()


def test_the_bar_ends_by_itself(page: Page, chief: User) -> None:
    news = stories(3)
    set_breaking(news[1], timezone.now() + timedelta(minutes=30), by=chief, text="عاجل من السوق")
    page.goto("/")
    expect(page.locator(".breaking-strip")).to_contain_text("عاجل من السوق")
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        page.goto("/")
        expect(page.locator(".breaking-strip")).to_have_count(0)
        assert front_page().breaking == []


def test_everything_works_without_javascript(open_page: OpenPage, chief: User) -> None:
    news = stories(4)
    page = open_page(javascript=False)
    opened(page, chief)
    page.locator(f"button[value='put:{news[1].pk}:second:0']").click()
    page.locator(".front-zone-second summary").last.click()
    page.select_option(f"[name=to-{news[1].pk}]", "pick:0")
    page.locator(f"button[value='to:{news[1].pk}']").click()
    page.locator("button[value=save]").first.click()
    assert (FrontSlot.objects.get().place, FrontSlot.objects.get().article) == (SlotPlace.PICK, news[1])


@pytest.mark.parametrize(("width", "scheme"), WIDTHS)
def test_pages_fit_and_are_accessible(open_page: OpenPage, chief: User, width: int, scheme: str) -> None:
    news = stories(9)
    make_article("خبر مجدول", at=timezone.now() + timedelta(hours=3))
    FrontSlot.objects.create(article=news[4], place=SlotPlace.LEAD, set_by=chief)
    set_breaking(news[5], timezone.now() + timedelta(hours=1), by=chief)
    page = open_page(width, scheme)  # type: ignore[arg-type]
    sign_in(page, chief)
    found = []
    for path in (f"{PAGE}?put={news[6].pk}", f"{PAGE}preview/"):
        page.goto(path)
        found.append((is_accessible(page), fits(page)))
    assert [fitting for _nothing, fitting in found] == [True, True]
