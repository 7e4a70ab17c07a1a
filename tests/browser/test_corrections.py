"""A correction from the form to the readers, and names dragged into their order, in a real browser."""

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import Role
from articles.changes import open_changes
from articles.enums import Gender
from articles.models import Article
from articles.revisions import record
from tests.axe import violations
from tests.browser.conftest import OpenPage
from tests.browser.test_desk import PASSWORD, READY, is_accessible
from tests.browser.test_workflow import WIDTHS, fits, form_of, sign_in
from tests.factories import make_article, make_author, make_section, make_site, make_user

NOTE = "ذكرت نسخة سابقة أن الحديقة تفتح عند السابعة، والصحيح أنها تفتح عند السادسة."


@pytest.fixture
def editor(transactional_db: None) -> User:
    make_site(name="مدار اليوم", months="levant", feeds_full_text=True)
    make_section("محليات")
    return make_user(Role.EDITOR, username="samer", password=PASSWORD, first_name="سامر")


@pytest.mark.parametrize(("width", "scheme"), WIDTHS)
def test_a_published_headline_is_corrected_with_a_note(
    open_page: OpenPage, editor: User, width: int, scheme: Literal["light", "dark"]
) -> None:
    story = make_article("الحديقة تفتح عند السابعة")
    record(story, by=editor)
    page = open_page(width, scheme)
    sign_in(page, editor)
    copy = open_changes(story, by=editor)
    page.goto(form_of(copy))
    page.wait_for_function(READY)
    page.fill("#id_headline", "الحديقة تفتح عند السادسة")
    page.click("[name=_publish_changes]")
    expect(page.locator("#kind")).to_contain_text("العنوان")
    expect(page.locator("[name=kind]:checked")).to_have_count(0)
    page.check("[name=kind][value=correction]")
    page.click(".submit-row .default")
    expect(page.locator("#note-fault")).to_be_visible()
    expect(page.locator("[name=kind][value=correction]")).to_be_checked()
    is_accessible(page)
    assert fits(page)
    page.fill("#id_change_note", NOTE)
    page.click(".submit-row .default")
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.goto(story.get_absolute_url())
    expect(page.locator("h1")).to_have_text("الحديقة تفتح عند السادسة")
    expect(page.locator(".story-end")).to_contain_text(NOTE)
    page.goto("/corrections/?kind=correction")
    expect(page.locator("main")).to_contain_text(NOTE)
    is_accessible(page)
    assert fits(page)
    assert NOTE in page.request.get("/feeds/atom.xml").text()


@pytest.mark.parametrize(("width", "scheme"), WIDTHS)
def test_names_are_dragged_and_the_printed_line_follows(
    open_page: OpenPage, editor: User, width: int, scheme: Literal["light", "dark"]
) -> None:
    article = _signed_by(("أحمد", Gender.MALE), ("رنا", Gender.FEMALE), ("سامر", Gender.MALE))
    page = open_page(width, scheme)
    sign_in(page, editor)
    page.goto(form_of(article))
    page.wait_for_function(READY)
    line = page.locator("[data-line=bylines]")
    expect(line).to_contain_text("كتب أحمد ورنا وسامر")
    _drag(page, "#bylines-2 .row-grip", "#bylines-0")
    expect(line).to_contain_text("كتب سامر وأحمد ورنا")
    page.locator("#bylines-1 .row-up").press("Enter")
    page.locator("#bylines-1 .row-up").press("Enter")
    expect(line).to_contain_text("كتبت رنا وسامر وأحمد")
    expect(page.locator("[data-rows=bylines] .ordered-status")).to_contain_text("رنا")
    page.select_option("#id_bylines-2-role", "photography")
    expect(line).to_contain_text("كتبت رنا وأحمد، تصوير: سامر")
    assert violations(page) == []
    assert fits(page)
    page.click("[name=_continue] >> nth=-1")
    expect(page.locator(".messagelist .success")).to_be_visible()
    rows = article.bylines.values_list("author__name", "position")
    assert list(rows) == [("رنا", 1), ("سامر", 2), ("أحمد", 3)]


def test_a_row_that_is_added_and_taken_away_leaves_the_others_alone(page: Page, editor: User) -> None:
    article = _signed_by(("أحمد", Gender.MALE), ("رنا", Gender.FEMALE))
    sign_in(page, editor)
    page.goto(form_of(article))
    page.wait_for_function(READY)
    page.click("#bylines-group .add-row a")
    expect(page.locator("#id_bylines-2-position")).to_have_value("2")
    page.click("#bylines-2 .row-up")
    page.click("#bylines-2 .row-up")
    page.click("#bylines-2 .inline-deletelink")
    expect(page.locator("#bylines-2")).to_have_count(0)
    page.click("#bylines-1 .row-up")
    page.click("[name=_continue] >> nth=-1")
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert [row.author.name for row in article.bylines.all()] == ["رنا", "أحمد"]
    assert article.bylines.count() == 2


def _signed_by(*people: tuple[str, str]) -> Article:
    authors = tuple(make_author(name, gender=gender) for name, gender in people)
    article = make_article("افتتاح الحديقة", published=False, authors=authors)
    return article


def _drag(page: Page, grip: str, target: str) -> None:
    page.locator(grip).scroll_into_view_if_needed()
    start, end = page.locator(grip).bounding_box(), page.locator(target).bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(start["x"], end["y"] + end["height"] / 4, steps=8)
    page.mouse.move(start["x"], end["y"] + 2, steps=4)
    page.mouse.up()
