"""When a page says that it was read."""

import pytest
from playwright.sync_api import Page, Request

from articles.models import Article
from tests.browser.conftest import OpenPage
from tests.factories import make_article, make_site


@pytest.fixture
def story(transactional_db: None) -> Article:
    make_site()
    return make_article("افتتاح جسر المشاة", body="<p>فقرة من متن طويل.</p>" * 80)


def watched(page: Page) -> list[Request]:
    """The beacons of the page, as they come. Its time stands still until the test moves it."""
    beacons: list[Request] = []
    page.on("request", lambda request: beacons.append(request) if request.url.endswith("/reads/") else None)
    page.clock.install()
    return beacons


def test_a_page_that_was_in_sight_says_so_once_and_without_a_cookie(story: Article, open_page: OpenPage) -> None:
    page = open_page()
    beacons = watched(page)
    page.goto(story.get_absolute_url())
    page.clock.run_for(6_000)
    assert beacons == []
    with page.expect_request("**/reads/"):
        page.clock.run_for(2_000)
    assert [(each.method, each.post_data) for each in beacons] == [("POST", f"article={story.pk}")]
    assert "cookie" not in beacons[0].all_headers()
    assert page.context.cookies() == []
    page.reload()
    page.clock.run_for(20_000)
    page.wait_for_load_state("networkidle")
    assert len(beacons) == 1


def test_whoever_scrolls_reads(story: Article, open_page: OpenPage) -> None:
    page = open_page()
    beacons = watched(page)
    page.goto(story.get_absolute_url())
    with page.expect_request("**/reads/"):
        page.mouse.wheel(0, 3000)
    assert len(beacons) == 1


def test_a_page_without_a_story_says_nothing(story: Article, open_page: OpenPage) -> None:
    page = open_page()
    beacons = watched(page)
    page.goto("/most-read/")
    page.clock.run_for(20_000)
    page.wait_for_load_state("networkidle")
    assert beacons == []
