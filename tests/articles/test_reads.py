"""Counting of reads: what a beacon may do, what is counted, and how it comes to the database."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import OperationalError, connections
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from time_machine import Traveller

from accounts.roles import Role
from articles import counting, read_filter
from articles.counting import BATCH, ReadBuffer, add_public, add_to_rows
from articles.models import ReadCount
from newsroom.lib import shared_cache, timed_flush
from tests.articles.telling import without_number
from tests.conftest import NOW
from tests.factories import make_article, make_site, make_user, make_withdrawn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

BROWSER = "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"
OTHER_BROWSER = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Safari/604.1"
HOUR = datetime(2026, 11, 20, 6, tzinfo=UTC)


@pytest.fixture(autouse=True)
def buffer(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReadBuffer]:
    """A counter of this test alone, and a server that has met nobody yet."""
    fresh = ReadBuffer()
    monkeypatch.setattr("articles.read_views.buffer", fresh)
    caches["reads"].clear()
    yield fresh
    caches["reads"].clear()


def beacon(article_id: object, *, agent: str = BROWSER, address: str = "198.51.100.7", **headers: str) -> Any:
    """What static/js/reads.js sends, as a browser would."""
    told = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver", "User-Agent": agent} | headers
    return Client(enforce_csrf_checks=True).post(
        "/reads/",
        f"article={article_id}",
        content_type="application/x-www-form-urlencoded;charset=UTF-8",
        headers={name.replace("_", "-"): value for name, value in told.items()},
        REMOTE_ADDR=address,
    )


def counted() -> dict[tuple[int, datetime], int]:
    return {(row.article_id, row.hour): row.count for row in ReadCount.objects.all()}


# The beacon


def test_a_beacon_counts_one_read_of_the_story_in_this_hour(buffer: ReadBuffer) -> None:
    article = make_article()
    assert beacon(article.pk).status_code == 204
    assert buffer.flush() == 1
    assert counted() == {(article.pk, HOUR): 1}


def test_a_beacon_asks_no_query_and_sets_no_cookie(
    buffer: ReadBuffer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    article = make_article()
    with django_assert_num_queries(0):
        response = beacon(article.pk)
    assert len(buffer) == 1
    assert not response.cookies
    assert response.content == b""
    assert "no-store" in response["Cache-Control"]


def test_reading_a_story_writes_nothing(django_assert_max_num_queries: Any, client: Client) -> None:
    make_site()
    article = make_article()
    with django_assert_max_num_queries(8) as queries:
        assert client.get(article.get_absolute_url()).status_code == 200
    # A prepared statement (newsroom.lib.prepared) is always a queryset.
    assert {query["sql"].split()[0] for query in queries.captured_queries} <= {"SELECT", "EXECUTE"}


def test_the_story_says_its_number_to_the_script(client: Client) -> None:
    make_site()
    article = make_article()
    assert f'data-read="{article.pk}"' in client.get(article.get_absolute_url()).content.decode()


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_only_a_post_counts(method: str, client: Client) -> None:
    assert getattr(client, method)("/reads/").status_code == 405


@pytest.mark.parametrize("value", ["", "0", "-1", "abc", "1 OR 1=1", "9" * 19, "١", "1&article=2", "1" + "0" * 60])
def test_what_is_no_number_of_a_story_is_answered_alike_and_not_counted(value: str, buffer: ReadBuffer) -> None:
    assert beacon(value).status_code == 204
    assert len(buffer) == 0


def test_the_answer_does_not_tell_what_exists(buffer: ReadBuffer) -> None:
    answers = [beacon(number) for number in (make_article().pk, make_article(published=False).pk, 999_999)]
    told = {(each.status_code, each.content, str(sorted(without_number(each).items()))) for each in answers}
    assert told == {(204, b"", str(sorted(without_number(answers[0]).items())))}


def test_drafts_withdrawn_stories_and_numbers_without_a_story_are_not_counted(buffer: ReadBuffer) -> None:
    public = make_article()
    hidden = [make_article(published=False), make_withdrawn(), make_article(at=NOW + timedelta(hours=1))]
    for number in (public.pk, *(article.pk for article in hidden), 999_999):
        beacon(number)
    assert len(buffer) == 5
    assert buffer.flush() == 1
    assert counted() == {(public.pk, HOUR): 1}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
        {"Origin": "https://elsewhere.example"},
        {"Sec_Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
    ],
)
def test_a_page_of_another_site_and_a_page_nobody_opened_count_nothing(
    headers: dict[str, str], buffer: ReadBuffer
) -> None:
    told = {"Sec-Fetch-Site": "same-origin"} | {name.replace("_", "-"): value for name, value in headers.items()}
    assert beacon(make_article().pk, **told).status_code == 204
    assert len(buffer) == 0


def test_whoever_is_signed_in_is_not_counted_and_his_session_not_read(
    buffer: ReadBuffer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client(headers={"User-Agent": BROWSER, "Sec-Fetch-Site": "same-origin"})
    client.force_login(make_user(Role.REPORTER))
    article = make_article()
    with django_assert_num_queries(0):
        response = client.post("/reads/", f"article={article.pk}", content_type="text/plain")
    assert (response.status_code, len(buffer)) == (204, 0)


# Who is a reader


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "curl/8.5.0",
        "python-requests/2.32",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0) Chrome/116.0 Safari/537.36",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0 Safari/537.36",
        "Mozilla/5.0 (Linux; Android 11) AppleWebKit/537.36 Chrome/109.0 Mobile Safari/537.36 Chrome-Lighthouse",
        "Mozilla/5.0 (compatible; Baiduspider/2.0)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)",
    ],
)
def test_programs_are_no_readers(agent: str) -> None:
    assert read_filter.is_robot(agent)


@pytest.mark.parametrize(
    "agent",
    [
        BROWSER,
        OTHER_BROWSER,
        "Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36 Telegram-Android/11.4.2",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile [FBAN/FBIOS;FBAV/480.0]",
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    ],
)
def test_browsers_and_apps_of_people_are(agent: str) -> None:
    assert not read_filter.is_robot(agent)


def test_the_same_reader_counts_once_in_half_an_hour(buffer: ReadBuffer, clock: Traveller) -> None:
    article = make_article()
    beacon(article.pk)
    clock.shift(read_filter.SAME_READ - 1)
    beacon(article.pk)
    assert buffer.flush() == 1
    clock.shift(2)
    beacon(article.pk)
    assert buffer.flush() == 1


def test_another_browser_another_address_and_another_story_count_apart(buffer: ReadBuffer) -> None:
    article, other = make_article(), make_article()
    beacon(article.pk)
    beacon(article.pk, agent=OTHER_BROWSER)
    beacon(article.pk, address="198.51.100.8")
    beacon(other.pk)
    assert buffer.flush() == 4


def test_a_household_of_ipv6_is_one_network(buffer: ReadBuffer) -> None:
    article = make_article()
    beacon(article.pk, address="2001:db8:1:2::1")
    beacon(article.pk, address="2001:db8:1:2:3:4:5:6")
    beacon(article.pk, address="2001:db8:1:3::1")
    assert buffer.flush() == 2


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_wrote(buffer: ReadBuffer, settings: Any) -> None:
    settings.BEHIND_PROXY = True
    article = make_article()
    for forged in ("192.0.2.1", "192.0.2.2"):
        beacon(article.pk, X_Forwarded_For=f"{forged}, 198.51.100.7")
    assert buffer.flush() == 1


def test_one_network_cannot_write_a_story_to_the_top(
    buffer: ReadBuffer, monkeypatch: pytest.MonkeyPatch, clock: Traveller
) -> None:
    monkeypatch.setattr(read_filter, "MOST_OF_NETWORK_AND_STORY", 3)
    article, other = make_article(), make_article()
    for number in range(10):
        beacon(article.pk, agent=f"{BROWSER} {number}")
    assert buffer.flush() == 3
    beacon(other.pk)
    beacon(article.pk, agent=OTHER_BROWSER, address="198.51.100.8")
    assert buffer.flush() == 2
    clock.shift(read_filter.WINDOW + 1)
    beacon(article.pk, agent=f"{BROWSER} 11")
    assert buffer.flush() == 1


def test_one_network_has_a_limit_over_all_stories(buffer: ReadBuffer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_filter, "MOST_OF_NETWORK", 4)
    for article in [make_article() for _number in range(6)]:
        beacon(article.pk)
    assert buffer.flush() == 4


def test_the_server_keeps_no_address_and_forgets_its_key_after_half_a_day(
    buffer: ReadBuffer, clock: Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    article = make_article()
    with caplog.at_level("DEBUG"):
        beacon(article.pk)
        buffer.flush()
    kept, first = bytes(shared_cache._memory), caches["reads"].get("key")
    assert b"198.51.100.7" not in kept
    assert b"Android" not in kept
    assert "198.51.100.7" not in caplog.text
    assert len(first) == 32
    clock.shift(read_filter.KEY_LIVES + 1)
    beacon(article.pk)
    assert caches["reads"].get("key") not in {first, None}


# From the memory of the process to the database


def test_reads_come_to_the_database_in_two_queries(
    buffer: ReadBuffer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for article in [make_article() for _number in range(3)]:
        buffer.add(article.pk, 5)
    with django_assert_num_queries(2):
        assert buffer.flush() == 15
    with django_assert_num_queries(0):
        assert buffer.flush() == 0


def test_reads_of_several_processes_add_up(clock: Traveller) -> None:
    article = make_article()
    machines = [ReadBuffer(), ReadBuffer()]
    for _round in range(2):
        for machine in machines:
            machine.add(article.pk)
            machine.add(article.pk)
            machine.flush()
    assert counted() == {(article.pk, HOUR): 8}


def test_reads_are_counted_in_the_hour_in_which_they_happened(buffer: ReadBuffer, clock: Traveller) -> None:
    article = make_article()
    buffer.add(article.pk)
    clock.shift(30 * 60)
    buffer.add(article.pk)
    buffer.flush()
    assert counted() == {(article.pk, HOUR): 1, (article.pk, HOUR + timedelta(hours=1)): 1}


def test_what_the_database_refuses_is_written_later(buffer: ReadBuffer, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [make_article() for _number in range(2)]
    for article in articles:
        buffer.add(article.pk)

    def refuse(counts: Any) -> int:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(counting, "add_public", refuse)
        assert buffer.flush() == 0
    buffer.add(articles[0].pk)
    assert buffer.flush() == 3
    assert counted() == {(articles[0].pk, HOUR): 2, (articles[1].pk, HOUR): 1}


def test_a_batch_that_was_written_is_not_written_again(buffer: ReadBuffer, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1, BATCH + 11):
        buffer.add(number)
    calls: list[int] = []

    def first_only(counts: Any) -> int:
        calls.append(len(counts))
        if len(calls) > 1:
            raise OperationalError("gone")
        return add_public(counts)

    monkeypatch.setattr(counting, "add_public", first_only)
    buffer.flush()
    assert (calls, len(buffer)) == ([BATCH, 10], 10)


def test_a_full_buffer_goes_on_counting_what_is_in_it(clock: Traveller) -> None:
    articles = [make_article() for _number in range(3)]
    small = ReadBuffer(most=2)
    for article in (*articles, *articles):
        small.add(article.pk)
    assert len(small) == 2
    assert small.flush() == 4


def test_threads_lose_no_read(buffer: ReadBuffer) -> None:
    article = make_article()
    threads = [threading.Thread(target=lambda: [buffer.add(article.pk) for _n in range(500)]) for _t in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert buffer.flush() == 4000


def test_more_rows_than_one_statement_takes(buffer: ReadBuffer) -> None:
    article = make_article()
    add_to_rows({(article.pk, HOUR - timedelta(hours=number)): 2 for number in range(BATCH + 1)})
    add_to_rows({(article.pk, HOUR - timedelta(hours=number)): 1 for number in range(BATCH + 1)})
    assert set(counted().values()) == {3}
    assert len(counted()) == BATCH + 1


@pytest.mark.django_db(transaction=True)
def test_a_thread_writes_by_itself_and_closes_its_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    wrapper = type(connections["default"])
    close, closed_by = wrapper.close, []

    def watched(self: Any) -> None:
        closed_by.append(threading.current_thread())
        close(self)

    monkeypatch.setattr(counting, "FLUSH_SECONDS", 0.01)
    monkeypatch.setattr(timed_flush.atexit, "register", lambda function: None)
    monkeypatch.setattr(wrapper, "close", watched)
    article = make_article()
    own = ReadBuffer()
    own.timed.start()
    own.add(article.pk)
    thread = own.timed.timer
    assert thread is not None
    thread.join(30)
    assert closed_by == [thread]
    assert counted() == {(article.pk, HOUR): 1}
