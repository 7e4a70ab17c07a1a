"""What stands where on the home page."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles.enums import Origin
from articles.front_page import BREAKING, LATEST, OPINIONS, ROW, SECONDS, FrontPage, front_page
from articles.models import Article
from tests.factories import make_article, make_image, make_section, make_site

pytestmark = pytest.mark.django_db


def hours_ago(hours: float) -> dict:
    return {"at": timezone.now() - timedelta(hours=hours)}


def everything_on(front: FrontPage) -> Iterator[Article]:
    yield from front.breaking
    if front.lead:
        yield front.lead
    yield from (*front.seconds, *front.latest, *front.opinions)
    for row in (*front.rows, *front.pairs):
        yield from row.articles


def test_newest_story_with_a_picture_leads() -> None:
    make_article(**hours_ago(1))
    pictured = make_article(lead_image=make_image(), **hours_ago(2))
    make_article(lead_image=make_image(), **hours_ago(3))
    assert front_page().lead == pictured


def test_newest_story_leads_where_none_has_a_picture() -> None:
    make_article(**hours_ago(2))
    newest = make_article(**hours_ago(1))
    assert front_page().lead == newest


def test_opinion_never_leads() -> None:
    opinion = make_article(origin=Origin.OPINION, lead_image=make_image(), **hours_ago(1))
    news = make_article(**hours_ago(9))
    front = front_page()
    assert (front.lead, front.opinions) == (news, [opinion])


def test_breaking_stands_on_top_until_it_expires() -> None:
    now = timezone.now()
    breaking = make_article(breaking_until=now + timedelta(hours=1), **hours_ago(1))
    over = make_article(breaking_until=now - timedelta(minutes=1), **hours_ago(1))
    front = front_page()
    assert front.breaking == [breaking]
    assert over in everything_on(front)


def test_no_article_stands_twice_and_places_are_limited() -> None:
    sections = [make_section() for _ in range(3)]
    for number in range(60):
        make_article(
            section=sections[number % 3],
            origin=Origin.OPINION if number % 5 == 0 else Origin.OWN,
            lead_image=make_image() if number % 2 else None,
            breaking_until=timezone.now() + timedelta(hours=1) if number % 13 == 0 else None,
            **hours_ago(number + 1),
        )
    front = front_page()
    shown = list(everything_on(front))
    assert len(shown) == len({article.pk for article in shown})
    assert len(front.breaking) == BREAKING
    assert len(front.seconds) == SECONDS
    assert len(front.latest) == LATEST
    assert len(front.opinions) == OPINIONS
    assert [len(row.articles) for row in (*front.rows, *front.pairs)] == [ROW] * 3


def test_quiet_section_keeps_its_row_beside_a_busy_one() -> None:
    quiet, busy = make_section(position=1), make_section(position=2)
    old = make_article(section=quiet, **hours_ago(24 * 90))
    for number in range(40):
        make_article(section=busy, **hours_ago(number + 1))
    front = front_page()
    assert [row.section for row in front.rows] == [busy]
    assert [(row.section, row.articles) for row in front.pairs] == [(quiet, [old])]


def test_section_whose_stories_all_stand_above_has_no_row() -> None:
    make_article()
    front = front_page()
    assert (front.rows, front.pairs) == ([], [])


def test_only_public_articles_find_a_place() -> None:
    make_article(published=False)
    make_article(at=timezone.now() + timedelta(hours=1), breaking_until=timezone.now() + timedelta(hours=9))
    assert list(everything_on(front_page())) == []


def test_home_page_of_a_new_site_says_that_nothing_is_there(client: Client) -> None:
    make_site()
    page = client.get("/").content.decode()
    assert "لم يُنشر شيء حتى الآن." in page


def test_home_page_has_one_main_heading(client: Client) -> None:
    make_site()
    for _ in range(20):
        make_article(lead_image=make_image())
    page = client.get("/").content.decode()
    assert page.count("<h1") == 1
    assert "<title>مدار اليوم: أخبار المدينة</title>" in page


def test_home_page_without_settings_still_answers(client: Client) -> None:
    make_article()
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("hours", [1, 23, 30, 400])
def test_latest_news_tells_yesterday_from_today(client: Client, clock, hours: int) -> None:
    make_site()
    lead = make_article(**hours_ago(0.5))
    latest = make_article(**hours_ago(hours))
    page = client.get("/").content.decode()
    line = page[page.index('class="timeline"') :]
    assert lead.get_absolute_url() not in line
    expected = {1: "٠٨:٤٠", 23: "١٠:٤٠", 30: "الخميس", 400: "٣/١١"}[hours]
    assert f'{expected}</time><a href="{latest.get_absolute_url()}"' in line
