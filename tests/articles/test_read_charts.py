"""What editors see of the reads: one story's page, and today's of all stories."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from time_machine import Traveller

from accounts.models import User
from accounts.roles import Role
from articles.changes import open_changes
from articles.models import Article, ReadCount
from articles.most_read import rank
from articles.read_charts import TOP, reads_of, reads_today
from articles.revisions import record
from tests.conftest import NOW
from tests.factories import make_article, make_site, make_user, make_withdrawn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

# 9:00 in Damascus, of which 40 minutes are over.
THIS_HOUR = datetime(2026, 11, 20, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
LONG_AGO = NOW - timedelta(days=90)


@pytest.fixture(autouse=True)
def site() -> None:
    make_site(time_zone="Asia/Damascus")


@pytest.fixture
def editor() -> User:
    return make_user(Role.EDITOR)


def read(article: Article, count: int, *, hours_ago: int = 0) -> None:
    ReadCount.objects.create(article=article, hour=THIS_HOUR - hours_ago * HOUR, count=count)


def page_of(article: Article) -> str:
    return reverse("admin:articles_article_reads", args=[article.pk])


def svg_of(html: str, number: int = 0) -> ElementTree.Element:
    return ElementTree.fromstring("<svg " + html.split('<svg class="chart"')[number + 1].split("</svg>")[0] + "</svg>")


# One story


def test_reads_are_told_by_the_hour_by_the_day_and_in_all() -> None:
    article = make_article(at=LONG_AGO)
    for hours_ago, count in {0: 5, 1: 4, 23: 3, 47: 2, 48: 100, 24 * 29: 50, 24 * 60: 1000}.items():
        read(article, count, hours_ago=hours_ago)
    rank()
    reads = reads_of(article)
    assert (reads.total, reads.last_day, reads.place) == (1164, 12, 1)
    assert [column.value for column in reads.hours.rows[:3]] == [5, 4, 0]
    assert len(reads.hours.rows) == 48
    assert sum(column.value or 0 for column in reads.hours.rows) == 14
    assert len(reads.days.rows) == 30
    assert sum(column.value or 0 for column in reads.days.rows) == 164
    # 23 hours ago it was ten in the morning of yesterday.
    assert [column.value for column in reads.days.rows[:2]] == [9, 3]


def test_a_day_begins_at_midnight_of_the_site() -> None:
    article = make_article(at=LONG_AGO)
    read(article, 7, hours_ago=9)  # midnight in Damascus
    read(article, 8, hours_ago=10)
    assert [column.value for column in reads_of(article).days.rows[:2]] == [7, 8]


def test_a_new_story_has_no_columns_from_before_it() -> None:
    reads = reads_of(make_article(at=NOW - 10 * HOUR))
    assert len(reads.hours.rows) == 11
    assert len(reads.days.rows) == 7


def test_a_chart_has_no_more_words_than_a_telephone_has_room_for() -> None:
    ticks = reads_of(make_article(at=LONG_AGO)).hours.drawing.ticks
    assert [tick.text for tick in ticks] == ["١٢:٠٠", "٠٠:٠٠"] * 2


@pytest.mark.parametrize("hours", [1, 300])
def test_a_story_costs_three_queries_however_much_it_was_read(
    hours: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    article = make_article(at=LONG_AGO)
    for number in range(hours):
        read(article, 1, hours_ago=number)
    reads_of(article)
    with django_assert_num_queries(3):
        reads_of(article)


def test_the_page_draws_what_the_table_says(client: Client, editor: User) -> None:
    article = make_article(at=LONG_AGO)
    read(article, 1234, hours_ago=2)
    client.force_login(editor)
    html = client.get(page_of(article)).content.decode()
    svg = svg_of(html)
    assert svg.get("role") == "img"
    assert svg.find("title").text.count("١٬٢٣٤") == 2  # type: ignore[union-attr]
    assert len(svg.findall("rect")) == 1
    assert "<td>١٬٢٣٤</td>" in html
    assert "style=" not in html.split('id="content-main"')[1].split("</main>")[0]


def test_the_page_of_a_story_that_nobody_read_says_so(client: Client, editor: User) -> None:
    client.force_login(editor)
    html = client.get(page_of(make_article())).content.decode()
    part = html.split('class="reads"')[1].split("</svg>")[0]
    assert 'class="chart"' not in part
    assert "<table" not in part


def test_the_page_of_changes_shows_the_reads_of_their_story(client: Client, editor: User) -> None:
    story = make_article(at=LONG_AGO)
    read(story, 321)
    record(story, by=editor)
    copy = open_changes(story, by=editor)
    client.force_login(editor)
    assert client.get(page_of(copy)).context["reads"].total == 321
    assert page_of(story) in client.get(reverse("admin:articles_article_change", args=[copy.pk])).content.decode()


def test_what_was_never_published_has_no_such_page_and_no_link_to_it(client: Client, editor: User) -> None:
    draft = make_article(published=False)
    client.force_login(editor)
    assert client.get(page_of(draft)).status_code == 404
    assert page_of(draft) not in client.get(reverse("admin:articles_article_change", args=[draft.pk])).content.decode()


def test_the_reads_of_a_withdrawn_story_are_still_told(client: Client, editor: User) -> None:
    article = make_withdrawn(at=LONG_AGO)
    read(article, 12)
    client.force_login(editor)
    assert client.get(page_of(article)).context["reads"].total == 12


def test_whoever_may_not_see_articles_may_not_see_their_reads(client: Client) -> None:
    article = make_article()
    client.force_login(make_user(is_staff=True))
    assert client.get(page_of(article)).status_code in {403, 404}
    assert Client().get(page_of(article)).status_code == 302


# All stories


def test_today_is_told_against_yesterday_up_to_this_hour() -> None:
    one, other = make_article(at=LONG_AGO), make_article(at=LONG_AGO)
    read(one, 5)
    read(other, 6)
    read(one, 7, hours_ago=9)  # midnight
    read(one, 8, hours_ago=24)  # this hour, yesterday
    read(one, 16, hours_ago=20)  # later yesterday
    read(one, 99, hours_ago=24 + 10)  # the day before
    reads = reads_today()
    assert (reads.today, reads.yesterday) == (18, 8)
    columns = reads.chart.columns
    assert [(column.value, column.earlier) for column in (columns[0], columns[9], columns[13])] == [
        (7, 0),
        (11, 8),
        (None, 16),
    ]


def test_the_first_of_today_come_with_their_reads_and_without_what_is_not_public() -> None:
    articles = [make_article(at=LONG_AGO) for _number in range(TOP + 2)]
    for number, article in enumerate(articles, start=1):
        read(article, 10 * number)
    hidden = make_withdrawn(at=LONG_AGO)
    read(hidden, 9999)
    read(articles[0], 500, hours_ago=12)  # yesterday
    assert reads_today().top == [(article, 10 * number) for number, article in enumerate(articles, start=1)][:-6:-1]


@pytest.mark.parametrize("stories", [1, 3])
def test_today_costs_three_queries(stories: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _number in range(stories):
        read(make_article(at=LONG_AGO), 3)
    reads_today()
    with django_assert_num_queries(3):
        reads_today()


def test_the_desk_shows_the_reads_of_today_with_links(client: Client, editor: User) -> None:
    article = make_article("مادة قرأها كثيرون", at=LONG_AGO)
    read(article, 1500)
    client.force_login(editor)
    html = client.get(reverse("admin:index")).content.decode()
    part = html.split('class="desk-reads"')[1]
    assert "مادة قرأها كثيرون" in part
    assert page_of(article) in part
    assert "١٬٥٠٠" in part


def test_the_desk_without_reads_draws_nothing(client: Client, editor: User) -> None:
    client.force_login(editor)
    html = client.get(reverse("admin:index")).content.decode()
    assert 'class="desk-reads"' in html
    assert 'class="chart"' not in html


def test_a_day_on_which_the_clock_was_turned_back_loses_no_read(clock: Traveller) -> None:
    make_site(time_zone="Europe/Berlin")
    clock.move_to(datetime(2026, 10, 25, 20, tzinfo=UTC))
    article = make_article(at=LONG_AGO)
    for hour in range(-2, 21):  # from midnight of summer time on
        moment = datetime(2026, 10, 25, tzinfo=UTC) + hour * HOUR
        ReadCount.objects.create(article=article, hour=moment, count=1)
    assert reads_today().today == 23
    assert reads_of(article).days.rows[0].value == 23
