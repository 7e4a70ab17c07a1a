"""What stands where on the home page."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import pytest
from django.test import Client
from django.utils import timezone

from articles.enums import Origin, SlotPlace
from articles.front_layout import Layout, Pin, in_order
from articles.front_page import (
    BREAKING,
    BULLETS,
    LATEST,
    MOST_READ,
    OPINIONS,
    PICKS,
    ROW,
    ROWS,
    SECONDS,
    FrontPage,
    front_page,
)
from articles.models import Article, FrontSlot, MostRead, RelatedLink, Section
from tests.factories import make_article, make_author, make_image, make_section, make_site

pytestmark = pytest.mark.django_db


def hours_ago(hours: float) -> dict:
    return {"at": timezone.now() - timedelta(hours=hours)}


def everything_on(front: FrontPage) -> Iterator[Article]:
    yield from front.breaking
    if front.lead:
        yield front.lead
    yield from (link.target for link in front.lead_links if link.target)
    yield from (*front.seconds, *front.latest, *front.picks, *front.opinions)
    for row in (*front.rows, *front.pairs):
        yield from row.articles


def test_newest_story_with_a_picture_leads() -> None:
    make_article(**hours_ago(1))
    pictured = make_article(lead_image=make_image(), **hours_ago(2))
    make_article(lead_image=make_image(), **hours_ago(3))
    assert front_page().lead == pictured


def test_the_page_stands_however_many_sections_there_are(client: Client) -> None:
    first = make_section("القسم الأول")
    Section.objects.bulk_create(
        Section(name=f"قسم {number}", slug=f"section-{number}", position=number + 1) for number in range(600)
    )
    story = make_article(section=first)
    assert client.get("/").status_code == 200
    page = front_page()
    assert len(page.rows) <= ROWS
    assert story in [page.lead, *page.seconds]


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


def put(article: Article, place: SlotPlace, position: int = 0, **fields: object) -> FrontSlot:
    return FrontSlot.objects.create(article=article, place=place, position=position, **fields)


def test_what_an_editor_has_set_wins_over_what_is_newest() -> None:
    plain = [make_article(**hours_ago(100 + number)) for number in range(3)]
    for number in range(9):
        make_article(lead_image=make_image(), **hours_ago(number + 1))
    put(plain[0], SlotPlace.LEAD)
    put(plain[2], SlotPlace.SECOND, 0)
    put(plain[1], SlotPlace.SECOND, 1)
    front = front_page()
    assert (front.lead, front.seconds) == (plain[0], [plain[2], plain[1]])


def test_one_second_set_by_hand_leaves_the_other_to_the_newest() -> None:
    lead, newest = (make_article(lead_image=make_image(), **hours_ago(hours)) for hours in (1, 2))
    chosen = make_article(**hours_ago(50))
    put(chosen, SlotPlace.SECOND)
    front = front_page()
    assert (front.lead, front.seconds) == (lead, [chosen, newest])


def test_place_that_has_ended_fills_itself_again() -> None:
    newest, chosen = (make_article(lead_image=make_image(), **hours_ago(hours)) for hours in (1, 30))
    slot = put(chosen, SlotPlace.LEAD, ends_at=timezone.now() + timedelta(hours=1))
    assert front_page().lead == chosen
    FrontSlot.objects.filter(pk=slot.pk).update(ends_at=timezone.now())
    front = front_page()
    assert front.lead == newest
    assert chosen in everything_on(front)


def test_story_that_is_not_public_holds_no_place() -> None:
    newest = make_article(**hours_ago(1))
    put(make_article(published=False), SlotPlace.LEAD)
    put(make_article(published=False), SlotPlace.PICK)
    front = front_page()
    assert (front.lead, front.picks) == (newest, [])


def test_opinion_leads_where_an_editor_wants_it() -> None:
    opinion = make_article(origin=Origin.OPINION, **hours_ago(1))
    make_article(lead_image=make_image(), **hours_ago(1))
    put(opinion, SlotPlace.LEAD)
    front = front_page()
    assert (front.lead, front.opinions) == (opinion, [])


def test_breaking_story_that_is_set_as_lead_leads() -> None:
    breaking = make_article(breaking_until=timezone.now() + timedelta(hours=1), **hours_ago(1))
    put(breaking, SlotPlace.LEAD)
    front = front_page()
    assert (front.lead, front.breaking) == (breaking, [])


def test_picks_stand_in_the_order_of_the_editor_and_nowhere_else() -> None:
    articles = [make_article(lead_image=make_image(), **hours_ago(number + 1)) for number in range(PICKS + 3)]
    for position, article in enumerate(reversed(articles)):
        put(article, SlotPlace.PICK, position)
    front = front_page()
    assert front.picks == articles[::-1][:PICKS]
    shown = list(everything_on(front))
    assert len(shown) == len({article.pk for article in shown})


def test_row_of_picks_is_hidden_while_empty(client: Client) -> None:
    make_site()
    make_article()
    article = make_article()
    assert 'id="picks"' not in client.get("/").content.decode()
    put(article, SlotPlace.PICK)
    assert 'id="picks"' in client.get("/").content.decode()


def test_page_can_be_made_for_another_moment() -> None:
    now, later = timezone.now(), timezone.now() + timedelta(hours=5)
    today = make_article(lead_image=make_image(), at=now - timedelta(hours=1), breaking_until=now + timedelta(hours=1))
    coming = make_article(lead_image=make_image(), at=now + timedelta(hours=4))
    kept = make_article(**hours_ago(9))
    put(kept, SlotPlace.LEAD, ends_at=now + timedelta(hours=2))
    assert (front_page().breaking, front_page().lead) == ([today], kept)
    front = front_page(later)
    assert (front.breaking, front.lead, front.seconds) == ([], coming, [today])


def test_lead_names_the_public_stories_it_is_related_to() -> None:
    lead = make_article(lead_image=make_image(), **hours_ago(1))
    targets = [make_article(**hours_ago(20 + number)) for number in range(BULLETS + 1)]
    RelatedLink.objects.create(article=lead, url="https://example.org/", title="elsewhere", position=0)
    RelatedLink.objects.create(article=lead, target=make_article(published=False), position=1)
    for position, target in enumerate(targets):
        RelatedLink.objects.create(article=lead, target=target, position=position + 2)
    front = front_page()
    assert [link.target for link in front.lead_links] == targets[:BULLETS]
    assert targets[BULLETS] in front.latest
    shown = list(everything_on(front))
    assert len(shown) == len({article.pk for article in shown})


def test_lead_does_not_name_what_stands_above_or_is_a_pick() -> None:
    lead = make_article(lead_image=make_image(), **hours_ago(1))
    breaking = make_article(breaking_until=timezone.now() + timedelta(hours=1), **hours_ago(2))
    pick = make_article(**hours_ago(3))
    put(pick, SlotPlace.PICK)
    for target in (breaking, pick):
        RelatedLink.objects.create(article=lead, target=target)
    front = front_page()
    assert (front.lead_links, front.breaking, front.picks) == ([], [breaking], [pick])


def test_most_read_is_a_ranking_of_public_stories() -> None:
    articles = [make_article(**hours_ago(number + 1)) for number in range(MOST_READ + 2)]
    for rank, article in enumerate([make_article(published=False), *reversed(articles)]):
        MostRead.objects.create(article=article, rank=rank + 1, score=1 / (rank + 1))
    assert front_page().most_read == articles[::-1][:MOST_READ]


# A pin never makes another place empty, and hides nothing that stands above it


def test_the_only_story_leads_wherever_it_is_pinned() -> None:
    only = make_article()
    slot = put(only, SlotPlace.PICK)
    for place in (SlotPlace.PICK, SlotPlace.SECOND):
        FrontSlot.objects.filter(pk=slot.pk).update(place=place)
        front = front_page()
        assert (front.lead, front.seconds, front.picks) == (only, [], [])


def test_a_pick_does_not_leave_the_place_beside_the_lead_empty() -> None:
    lead, pick = (make_article(lead_image=make_image(), **hours_ago(hours)) for hours in (1, 2))
    put(pick, SlotPlace.PICK)
    assert (front_page().seconds, front_page().picks) == ([pick], [])
    plain = make_article(**hours_ago(3))
    front = front_page()
    assert (front.lead, front.seconds, front.picks) == (lead, [plain], [pick])


def test_a_pick_does_not_hide_a_breaking_story_from_the_bar() -> None:
    make_article(**hours_ago(1))
    breaking = make_article(breaking_until=timezone.now() + timedelta(hours=1), **hours_ago(2))
    put(breaking, SlotPlace.PICK)
    assert (front_page().breaking, front_page().picks) == ([breaking], [])
    later = front_page(timezone.now() + timedelta(hours=2))
    assert (later.breaking, later.picks) == ([], [breaking])


def test_a_fourth_breaking_story_fills_the_bar_when_one_leads() -> None:
    until = timezone.now() + timedelta(hours=1)
    hot = [make_article(breaking_until=until, **hours_ago(number + 1)) for number in range(BREAKING + 1)]
    put(hot[0], SlotPlace.LEAD)
    front = front_page()
    assert (front.lead, front.breaking) == (hot[0], hot[1:])


def test_a_pin_without_room_is_a_story_like_any_other() -> None:
    until = timezone.now() + timedelta(hours=1)
    make_article(lead_image=make_image(), **hours_ago(1))
    first = make_article(**hours_ago(2))
    breaking, plain = make_article(breaking_until=until, **hours_ago(3)), make_article(**hours_ago(4))
    for position, article in enumerate((first, breaking, plain)):
        put(article, SlotPlace.LEAD, position)
    front = front_page()
    assert (front.lead, front.breaking) == (first, [breaking])
    assert plain in front.latest


def test_a_scheduled_pin_takes_its_place_when_its_time_comes() -> None:
    now = make_article(**hours_ago(1))
    coming = make_article(at=timezone.now() + timedelta(hours=2))
    put(coming, SlotPlace.LEAD, 0)
    put(now, SlotPlace.LEAD, 1)
    later = front_page(timezone.now() + timedelta(hours=3))
    assert (front_page().lead, later.lead) == (now, coming)
    assert now in later.latest


def test_the_second_seat_is_pinned_while_the_first_fills_itself() -> None:
    lead, newest, other = (make_article(lead_image=make_image(), **hours_ago(hours)) for hours in (1, 2, 3))
    pinned = make_article(**hours_ago(9))
    put(pinned, SlotPlace.SECOND, 1)
    assert (front_page().lead, front_page().seconds) == (lead, [newest, pinned])
    Article.objects.filter(pk__in=[newest.pk, other.pk]).delete()
    assert front_page().seconds == [pinned]


def some_newsroom(dice: Random) -> list[Article]:
    """Stories of every kind, few or many, some of them not public."""
    now = timezone.now()
    sections = [make_section() for _number in range(dice.randint(1, 3))]
    picture = make_image()
    return [
        make_article(
            section=dice.choice(sections),
            published=dice.random() > 0.1,
            at=now + timedelta(minutes=dice.randint(-3000, 60)),
            origin=dice.choice([Origin.OWN, Origin.OWN, Origin.OPINION]),
            lead_image=dice.choice([None, picture]),
            breaking_until=dice.choice([None, None, None, now + timedelta(hours=1), now - timedelta(hours=1)]),
        )
        for _number in range(dice.choice([1, 2, 3, 5, 9, 14, 30]))
    ]


def some_layout(dice: Random, articles: list[Article]) -> Layout:
    chosen = dice.sample(articles, dice.randint(0, min(len(articles), 9)))
    ends = [None, None, timezone.now() + timedelta(hours=1), timezone.now() - timedelta(minutes=1)]
    places = list(SlotPlace)
    return in_order(Pin(dice.choice(places), dice.randint(0, 4), article.pk, dice.choice(ends)) for article in chosen)


@pytest.mark.parametrize("seed", range(40))
def test_any_arrangement_of_any_newsroom_makes_a_whole_page(seed: int) -> None:
    dice, now = Random(seed), timezone.now()  # noqa: S311 - dice, no secret
    articles = some_newsroom(dice)
    layout = some_layout(dice, articles)
    front = front_page(now, layout)
    shown = list(everything_on(front))
    assert len(shown) == len({article.pk for article in shown})
    assert all(article.is_published_at(now) for article in shown)
    news = [each for each in articles if each.is_published_at(now) and not each.is_opinion]
    assert front.lead or not set(news) - set(front.breaking)
    assert front.seconds or not front_page(now, ()).seconds or not set(news) - {*front.breaking, front.lead}
    assert len(front.breaking) == BREAKING or not set(breaking_of(articles, now)) - {*front.breaking, front.lead}
    below = [article for row in (*front.rows, *front.pairs) for article in row.articles]
    assert len(front.latest) == LATEST or not set(news) & set(below)
    pictured = {each for each in news if each.lead_image_id}
    assert len(front.seconds) == SECONDS or not pictured & {*front.latest, *below}


@pytest.mark.parametrize("seed", range(40))
def test_any_pin_stands_in_its_place_unless_it_stands_higher_or_finds_no_room(seed: int) -> None:
    dice, now = Random(seed), timezone.now()  # noqa: S311 - dice, no secret
    articles = some_newsroom(dice)
    layout = some_layout(dice, articles)
    front = front_page(now, layout)
    public = {article.pk for article in articles if article.is_published_at(now)}
    above = {article.pk for article in front.breaking}
    leads = [front.lead] if front.lead else []
    for place, most, there in (
        (SlotPlace.LEAD, 1, leads),
        (SlotPlace.SECOND, SECONDS, front.seconds),
        (SlotPlace.PICK, PICKS, front.picks),
    ):
        wanted = [pin.article_id for pin in layout if pin.place == place and pin.lasts_at(now)]
        fitting = [pk for pk in wanted if pk in public - above][:most]
        assert [article.pk for article in there if article.pk in wanted] == fitting
        above |= {article.pk for article in there}


def breaking_of(articles: list[Article], now: datetime) -> list[Article]:
    return [each for each in articles if each.is_published_at(now) and each.is_breaking_at(now)]


def test_page_of_opinions_alone_does_not_say_that_nothing_is_there(client: Client) -> None:
    make_site()
    make_article("رأي في الحديقة", origin=Origin.OPINION)
    page = client.get("/").content.decode()
    assert "لم يُنشر شيء حتى الآن." not in page
    assert "رأي في الحديقة" in page


def fill(count: int) -> None:
    section = make_section()
    for number in range(count):
        lead = make_article(
            lead_image=make_image(), authors=(make_author(portrait=make_image()),), section=section, **hours_ago(1)
        )
        other, pick = make_article(section=section, **hours_ago(9)), make_article(section=section, **hours_ago(9))
        RelatedLink.objects.create(article=lead, target=other)
        put(pick, SlotPlace.PICK, FrontSlot.objects.count())
        MostRead.objects.create(article=other, rank=MostRead.objects.count() + 1, score=1)
        make_article(origin=Origin.OPINION, authors=(make_author(portrait=make_image()),), section=section)
        make_article(breaking_until=timezone.now() + timedelta(hours=number + 1), section=section)


def test_home_page_asks_six_questions_at_most(client: Client, django_assert_max_num_queries) -> None:
    make_site()
    asked = []
    for more in (1, 2):
        fill(more)
        with django_assert_max_num_queries(6) as questions:
            assert client.get("/").status_code == 200
        asked.append(len(questions))
    assert asked[0] == asked[1]
