"""The calendar of the desk in a real browser: plan by «+», move by form, by the mouse and by the keyboard."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.roles import Role
from articles.models import Article, CalendarFeed
from pages.days import day_of as day_of_site
from pages.days import today
from tests.axe import violations
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.factories import make_article, make_section, make_site, make_user
from tests.lib.ical_reading import read_calendar

PASSWORD = "correct horse battery"
CALENDAR = "/admin/articles/calendar/"
READY = "() => window.CKEDITOR && CKEDITOR.instances.id_body && CKEDITOR.instances.id_body.status === 'ready'"
DAY = timedelta(days=1)


@pytest.fixture
def newsroom(transactional_db: None) -> dict[str, Any]:
    make_site(name="مدار اليوم")
    chief = make_user(Role.CHIEF_EDITOR, username="samer", password=PASSWORD, first_name="سامر")
    section = make_section("محليات")
    now = timezone.now()
    make_article("جسر المدينة يعود إلى العمل", at=now - 2 * DAY, section=section)
    return {
        "chief": chief,
        "planned": make_article("معرض الكتاب", published=False, planned_for=today() + DAY, section=section),
        "scheduled": make_article("بيان البلدية", at=now + DAY, section=section),
    }


def sign_in(page: Page, address: str) -> None:
    page.goto(address)
    page.fill("#id_username", "samer")
    page.fill("#id_password", PASSWORD)
    page.click("#login-form [type=submit]")
    expect(page.locator("#user-tools")).to_contain_text("سامر")


def day_of(page: Page, day: date) -> Any:
    return page.locator(f"td[data-day='{day}']")


def planned_for(article: Article) -> date | None:
    article.refresh_from_db()
    return article.planned_for


def test_plan_by_plus_and_find_it_in_the_feed(page: Page, newsroom: dict[str, Any]) -> None:
    sign_in(page, f"{CALENDAR}?view=week")
    day_of(page, today()).locator(".plan-add").click()
    page.wait_for_function(READY)
    page.fill("#id_headline", "لقاء مع مدير المتحف")
    page.locator("[name=_save]").first.click()
    page.wait_for_selector(".messagelist .success")
    article = Article.objects.get(headline="لقاء مع مدير المتحف")
    assert article.planned_for == today()
    page.goto(f"{CALENDAR}address/")
    page.click("[name=_make]")
    address = page.locator(".secret-address").inner_text().strip()
    answer = Client().get(urlsplit(address).path)
    _calendar, events = read_calendar(answer.content)
    found = {event["UID"].partition("@")[0]: event for event in events}
    assert "لقاء مع مدير المتحف" in found[f"story-{article.pk}"]["SUMMARY"]
    assert found[f"story-{article.pk}"]["DTSTART;VALUE=DATE"] == f"{today():%Y%m%d}"
    page.click("[name=_delete]")
    expect(page.locator(".secret-address")).to_have_count(0)
    assert not CalendarFeed.objects.exists()
    assert Client().get(urlsplit(address).path).status_code == 404


def test_move_by_the_form_with_the_keyboard_alone(page: Page, newsroom: dict[str, Any]) -> None:
    sign_in(page, f"{CALENDAR}?view=agenda")
    page.locator(".plan-item.is-planned .plan-move").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#id_day")
    assert page.input_value("#id_day") == f"{today() + DAY}"
    page.fill("#id_day", f"{today() + 3 * DAY}")
    page.press("#id_day", "Enter")
    page.wait_for_selector(".messagelist .success")
    assert urlsplit(page.url).query.startswith("view=agenda")
    assert planned_for(newsroom["planned"]) == today() + 3 * DAY


def week_of(page: Page, day: date) -> date:
    """Open the week of a day, where nothing has to be scrolled; another day of it, to drop something on."""
    page.goto(f"{CALENDAR}?view=week&date={day}")
    days = page.locator("td[data-day]").evaluate_all("(cells) => cells.map((cell) => cell.dataset.day)")
    return next(date.fromisoformat(one) for one in days if one != f"{day}")


def drag(page: Page, kind: str, to: date) -> None:
    item = page.locator(f"td .plan-item.is-{kind}").first
    item.drag_to(day_of(page, to), source_position={"x": 40, "y": 14}, target_position={"x": 20, "y": 60})


def test_move_by_the_mouse_and_take_it_back(page: Page, newsroom: dict[str, Any]) -> None:
    sign_in(page, "/admin/")
    target = week_of(page, today() + DAY)
    drag(page, "planned", target)
    expect(page.locator(".plan-said button")).to_be_visible()
    expect(day_of(page, target).locator(".is-planned")).to_have_count(1)
    assert planned_for(newsroom["planned"]) == target
    page.click(".plan-said button")
    expect(day_of(page, today() + DAY).locator(".is-planned")).to_have_count(1)
    assert planned_for(newsroom["planned"]) == today() + DAY


def test_a_scheduled_one_goes_to_the_page_that_publishes(page: Page, newsroom: dict[str, Any]) -> None:
    sign_in(page, "/admin/")
    before = newsroom["scheduled"].publish_at
    target = week_of(page, day_of_site(before))
    drag(page, "scheduled", target)
    page.wait_for_url("**/publish/?**")
    assert page.input_value("[name=at_0]") == f"{target}"
    newsroom["scheduled"].refresh_from_db()
    assert newsroom["scheduled"].publish_at == before


def test_without_a_script_everything_can_be_reached(open_page: OpenPage, newsroom: dict[str, Any]) -> None:
    page = open_page(DESKTOP, javascript=False)
    sign_in(page, f"{CALENDAR}?view=month")
    page.locator(".plan-item.is-planned .plan-move").click()
    page.fill("#id_day", "")
    page.click(".submit-row button")
    assert planned_for(newsroom["planned"]) is None


def test_a_telephone_shows_the_agenda(open_page: OpenPage, newsroom: dict[str, Any]) -> None:
    page = open_page(PHONE)
    sign_in(page, CALENDAR)
    expect(page.locator(".plan-narrow .plan-agenda")).to_be_visible()
    expect(page.locator(".plan-table")).to_be_hidden()
    page.goto(f"{CALENDAR}?view=month")
    expect(page.locator(".plan-table")).to_be_visible()


def test_axe_finds_nothing(any_page: Page, newsroom: dict[str, Any]) -> None:
    sign_in(any_page, CALENDAR)
    pages = ("", "?view=month", "?view=week", "?view=agenda", "?view=day", "address/")
    plan = f"{newsroom['planned'].pk}/plan/"
    for address in (*(CALENDAR + part for part in (*pages, plan)), "/admin/articles/production/", "/admin/"):
        any_page.goto(address)
        for details in any_page.locator("#content details").all():
            details.evaluate("(one) => { one.open = true; }")
        found = [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in violations(any_page)]
        assert found == [], address
        too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert any_page.evaluate(too_wide) <= 0, address
