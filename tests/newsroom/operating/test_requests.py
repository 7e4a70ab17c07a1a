"""Requests by number, count and line."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.test.utils import override_settings
from pytest_django import Settings

from newsroom.lib import meters
from newsroom.lib.logs import JsonFormatter
from newsroom.lib.meters import sum_of
from newsroom.operating.reading import all_of
from newsroom.operating.requests import count_kept, logged
from newsroom.page_cache import PageCache
from tests.factories import make_site

SENT = "from-the-proxy-0123456789"


@pytest.fixture(autouse=True)
def fresh_meters() -> Iterator[None]:
    collectors = list(meters._collectors)
    meters._own.begin()
    yield
    meters._own.begin()
    meters._collectors[:] = collectors


def django_application(environ: Any, start_response: Any) -> list[bytes]:
    """Django as the test client asks it; its own would close the connection of the test."""
    answer = Client().get(environ["PATH_INFO"])
    start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
    return [answer.content]


def environ(path: str, **more: str) -> dict[str, object]:
    return {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "203.0.113.7", "wsgi.url_scheme": "http", **more,
    }  # fmt: skip


def test_every_answer_has_a_number_of_its_own(client: Client) -> None:
    first, second = client.get("/livez")["X-Request-ID"], client.get("/livez")["X-Request-ID"]
    assert len(first) == 32
    assert first != second


@pytest.mark.parametrize(
    ("behind", "sent", "is_taken"),
    [(True, SENT, True), (False, SENT, False), (True, "short", False), (True, "a b c d e f g h", False)],
)
def test_only_a_proxy_of_ours_numbers_requests(
    client: Client, settings: Settings, behind: bool, sent: str, is_taken: bool
) -> None:
    settings.BEHIND_PROXY = behind
    told = client.get("/livez", headers={"X-Request-ID": sent})["X-Request-ID"]
    assert (told == sent) is is_taken


def test_requests_are_counted_by_view_and_class_of_status(client: Client) -> None:
    client.get("/livez")
    client.head("/livez")
    client.post("/livez")
    client.generic("PURGE", "/livez")
    counted = meters.own()
    assert sum_of(counted, "newsroom_requests_total", view="newsroom.views.livez", method="GET", status="2xx") == 1
    assert sum_of(counted, "newsroom_requests_total", method="HEAD") == 1
    assert sum_of(counted, "newsroom_requests_total", method="POST", status="4xx") == 1
    assert sum_of(counted, "newsroom_requests_total", method="other") == 1
    assert sum(all_of(counted)[:-1]) == 4


@pytest.mark.django_db
def test_made_up_addresses_make_no_series(client: Client) -> None:
    make_site()
    for number in range(5):
        client.get(f"/nothing/{number}/here/")
    views = {dict(labels)["view"] for name, labels in meters.own().counts if name == "newsroom_requests_total"}
    assert len(views) == 1


@pytest.mark.django_db
def test_queries_of_a_page_are_counted(client: Client) -> None:
    make_site()
    client.get("/")
    assert sum_of(meters.own(), "newsroom_queries_total", view="articles:home") > 0


@override_settings(ROOT_URLCONF="tests.newsroom.test_views")
def test_the_number_on_the_error_page_leads_to_the_lines_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    visitor = Client(raise_request_exception=False)
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(JsonFormatter().format(record))  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        answer = visitor.get("/fail/")
    finally:
        logging.getLogger().removeHandler(handler)
    number = answer["X-Request-ID"]
    told = [json.loads(line) for line in lines]
    assert f'dir="ltr">{number[:8]}</bdi>' in answer.content.decode()
    assert {each["request"] for each in told} == {number}
    assert any("RuntimeError" in each.get("exception", "") for each in told)


def access_lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [record.fields for record in caplog.records if record.name == "newsroom.access"]


@pytest.mark.django_db
def test_a_line_for_each_request_says_nothing_of_the_reader(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    make_site()
    settings.ACCESS_LOG = True
    application = logged(PageCache(django_application, 1024 * 1024))
    answers = []
    with caplog.at_level(logging.INFO, logger="newsroom.access"):
        for _ in range(2):
            list(application(environ("/", QUERY_STRING="utm=salma"), lambda *told: answers.append(told)))
    made, kept = access_lines(caplog)
    assert (made["work"], made["status"], made["cached"], made["method"]) == ("articles:home", 200, False, "GET")
    assert (kept["work"], kept["cached"], kept["queries"]) == ("kept", True, 0)
    assert made["queries"]
    assert kept["bytes"]
    assert "203.0.113.7" not in str([made, kept])
    assert "salma" not in str([made, kept])
    numbers = [dict(headers)["X-Request-ID"] for _status, headers in answers]
    assert numbers[0] != numbers[1]


def test_nothing_is_put_around_the_site_where_no_lines_are_wanted(settings: Settings) -> None:
    settings.ACCESS_LOG = False
    assert logged(django_application) is django_application


def test_hits_of_the_page_cache_are_asked_for_when_they_are_told() -> None:
    pages = PageCache(django_application, 1024)
    count_kept(pages)
    pages.hits, pages.misses = 12, 3
    counted = meters.own()
    assert sum_of(counted, "newsroom_page_cache_total", outcome="hit") == 12
    assert sum_of(counted, "newsroom_page_cache_total", outcome="miss") == 3


@pytest.mark.django_db
def test_a_kept_page_has_no_number_of_who_made_it_asked() -> None:
    make_site()
    application = PageCache(django_application, 1024 * 1024)
    answers: list[dict[str, str]] = []
    for _ in range(2):
        list(application(environ("/"), lambda status, headers: answers.append(dict(headers))))
    assert "X-Request-ID" not in answers[1]
