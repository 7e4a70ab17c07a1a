"""The list of the most read: how it is made, where it stands, and what is done with old counts."""

import re
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from time_machine import Traveller

from articles.beside import MOST_READ, more_to_read
from articles.enums import Origin
from articles.models import Article, MostRead, ReadCount
from articles.most_read import DAYS_BY_THE_HOUR, PLACES, fold, rank
from articles.publishing import withdraw
from newsroom.ticking import tick
from pages.days import day_of, midnight
from tests.conftest import NOW
from tests.factories import make_article, make_section, make_site, make_user, make_withdrawn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HOUR = timedelta(hours=1)
THIS_HOUR = datetime(2026, 11, 20, 6, tzinfo=UTC)


def read(article: Article, count: int, *, hours_ago: float = 0) -> None:
    ReadCount.objects.create(article=article, hour=THIS_HOUR - hours_ago * HOUR, count=count)


def listed() -> list[Article]:
    return list(Article.objects.published().most_read())


# Ranking


def test_the_most_read_story_stands_first() -> None:
    low, high = make_article(), make_article()
    read(low, 10)
    read(low, 10, hours_ago=1)
    read(high, 30)
    assert rank() == 2
    assert listed() == [high, low]
    assert list(MostRead.objects.values_list("rank", "score")) == [(1, 30.0), (2, pytest.approx(18.908987))]


def test_a_read_counts_half_after_six_hours_and_nothing_after_a_day() -> None:
    new, old, gone = make_article(), make_article(), make_article()
    read(new, 11)
    read(old, 20, hours_ago=6)
    read(gone, 999, hours_ago=24)
    rank()
    assert [(row.article, row.score) for row in MostRead.objects.all()] == [(new, 11.0), (old, 10.0)]


def test_of_equal_stories_the_newer_stands_first() -> None:
    articles = [make_article() for _number in range(4)]
    for article in articles:
        read(article, 7, hours_ago=5)
        read(article, 3, hours_ago=1)
    rank()
    assert listed() == articles[::-1]


def test_what_readers_cannot_see_has_no_place() -> None:
    public = make_article()
    for article in (public, make_article(published=False), make_withdrawn(), make_article(at=NOW + HOUR)):
        read(article, 5)
    assert rank() == 1
    assert [row.article for row in MostRead.objects.all()] == [public]


def test_a_withdrawn_story_leaves_the_list_at_once() -> None:
    first, second = make_article(), make_article()
    read(first, 9)
    read(second, 5)
    rank()
    withdraw(first, by=make_user(is_superuser=True, is_staff=True), note="نُشرت قبل أوانها.")
    assert listed() == [second]


def test_opinion_has_its_place_like_everything_else() -> None:
    opinion = make_article(origin=Origin.OPINION)
    read(opinion, 5)
    rank()
    assert listed() == [opinion]


def test_the_list_is_made_in_one_query_and_not_written_when_it_is_the_same(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(PLACES + 3):
        read(make_article(), number + 1)
    assert rank() == PLACES
    assert MostRead.objects.count() == PLACES
    with CaptureQueriesContext(connection) as queries:
        rank()
    assert {query["sql"].split()[0] for query in queries.captured_queries} <= {"SELECT", "SAVEPOINT", "RELEASE"}
    assert sum(query["sql"].startswith("SELECT") for query in queries.captured_queries) == 2


def test_a_new_list_replaces_the_old_one() -> None:
    old, new = make_article(), make_article()
    read(old, 5, hours_ago=23)
    read(new, 1, hours_ago=2)
    rank()
    rank(NOW + HOUR)
    assert [(row.article, row.rank) for row in MostRead.objects.all()] == [(new, 1)]


def test_many_reads_do_not_overflow() -> None:
    article = make_article()
    read(article, 2_000_000_000)
    read(article, 2_000_000_000, hours_ago=1)
    rank()
    assert MostRead.objects.get().score > 3_000_000_000


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_leave_one_list() -> None:
    make_site()
    for number in range(5):
        read(make_article(), number + 1)
    failed: list[Exception] = []
    together = threading.Barrier(2)

    def run() -> None:
        together.wait()
        try:
            for _round in range(5):
                MostRead.objects.filter(rank=3).update(score=0)
                rank()
                fold()
        except Exception as error:  # noqa: BLE001 - it is what the test looks for
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert list(MostRead.objects.order_by("rank").values_list("rank", flat=True)) == [1, 2, 3, 4, 5]


def test_the_tick_makes_the_list() -> None:
    make_site()
    read(make_article(), 5)
    assert tick().failed == []
    assert MostRead.objects.count() == 1


# Old counts


def totals() -> dict[int, int]:
    sums: Counter[int] = Counter()
    for row in ReadCount.objects.all():
        sums[row.article_id] += row.count
    return dict(sums)


def test_hours_of_long_ago_become_days_and_no_read_is_lost() -> None:
    make_site()
    one, other = make_article(), make_withdrawn()
    for days in (DAYS_BY_THE_HOUR - 1, DAYS_BY_THE_HOUR + 2, 400):
        for hour in range(24):
            read(one, hour, hours_ago=days * 24 + hour)
        read(other, 3, hours_ago=days * 24)
    before = totals()
    saved = fold()
    assert totals() == before
    old = ReadCount.objects.filter(hour__lt=midnight(day_of(NOW)) - timedelta(days=DAYS_BY_THE_HOUR))
    assert all(row.hour == midnight(day_of(row.hour)) for row in old)
    assert ReadCount.objects.filter(article=one).count() == 24 + 2 * 2
    assert saved > 40
    assert fold() == 0


def test_a_day_is_the_sites_day(clock: Traveller) -> None:
    make_site(time_zone="Asia/Damascus")
    article = make_article()
    # 20:00 UTC is eleven at night in Damascus, 21:00 the next day.
    for hour in (20, 21, 22):
        ReadCount.objects.create(article=article, hour=datetime(2026, 6, 1, hour, tzinfo=UTC), count=1)
    fold()
    assert list(ReadCount.objects.order_by("hour").values_list("hour", "count")) == [
        (datetime(2026, 5, 31, 21, tzinfo=UTC), 1),
        (datetime(2026, 6, 1, 21, tzinfo=UTC), 2),
    ]


def test_reads_that_come_to_a_folded_day_are_added_to_it() -> None:
    make_site()
    article = make_article()
    read(article, 5, hours_ago=100 * 24)
    fold()
    read(article, 2, hours_ago=100 * 24 + 1)
    fold()
    assert list(ReadCount.objects.values_list("count", flat=True)) == [7]


def test_the_daily_tick_folds() -> None:
    make_site()
    read(make_article(), 5, hours_ago=100 * 24)
    assert tick(daily=True).done["hours of reads put together"] == 1


# Pages


def test_the_page_shows_the_ten_first_in_their_order(client: Client) -> None:
    make_site()
    for number in range(12):
        read(make_article(f"مادة رقم {number}"), 100 - number)
    rank()
    page = client.get(reverse("articles:most_read"))
    assert page.status_code == 200
    main = page.content.decode().split("<main")[1].split("</main")[0]
    assert [int(number) for number in re.findall(r"مادة رقم (\d+)", main)] == list(range(10))
    assert main.count("<ol") == 1
    assert "١٠" in main


@pytest.mark.parametrize("stories", [1, 3])
def test_the_page_asks_as_little_for_three_stories_as_for_one(
    stories: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_site()
    for number in range(stories):
        read(make_article(), number + 1)
    rank()
    with django_assert_num_queries(3):
        client.get(reverse("articles:most_read"))


def test_the_page_without_reads_says_when_the_list_comes(client: Client) -> None:
    make_site()
    make_article()
    page = client.get(reverse("articles:most_read")).content.decode()
    assert "<ol" not in page.split("<main")[1]
    assert not client.cookies


def test_the_page_names_no_story_that_readers_cannot_see(client: Client) -> None:
    make_site()
    article = make_article("مادة سُحبت بعد حين")
    read(article, 5)
    rank()
    withdraw(article, by=make_user(is_superuser=True, is_staff=True), note="نُشرت قبل أوانها.")
    assert "مادة سُحبت" not in client.get(reverse("articles:most_read")).content.decode()


@pytest.mark.parametrize("others", [1, 3])
def test_the_article_page_shows_the_list_within_its_queries(
    others: int, client: Client, django_assert_max_num_queries: Any
) -> None:
    make_site()
    article = make_article()
    for number in range(others):
        read(make_article(f"أخرى {number}", section=make_section()), number + 1)
    rank()
    with django_assert_max_num_queries(8):
        page = client.get(article.get_absolute_url()).content.decode()
    assert page.split('id="most-read"')[1].split("</ol>")[0].count("أخرى") == others


def test_the_article_page_without_reads_has_no_list(client: Client) -> None:
    make_site()
    article = make_article()
    make_article()
    assert 'id="most-read"' not in client.get(article.get_absolute_url()).content.decode()


def test_beside_a_story_stands_no_story_twice_and_not_itself() -> None:
    section = make_section()
    story = make_article(tags=("موانئ",), section=section)
    related = [make_article(tags=("موانئ",), section=section) for _number in range(3)]
    others = [make_article(section=section) for _number in range(14)]
    for number, article in enumerate([story, *related, *others]):
        read(article, 100 - number)
    rank()
    more = more_to_read(story, [])
    shown = [*more.related, *more.most_read, *more.in_section]
    assert len(shown) == len({article.pk for article in shown})
    assert story not in shown
    assert set(related) < set(more.related)
    assert more.most_read == others[:MOST_READ]
    assert (len(more.related), len(more.in_section)) == (4, 5)
