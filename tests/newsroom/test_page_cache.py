"""Whole pages in front of Django: what is kept, for whom, and that nobody can put anything into another's page."""

import gzip
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import brotli
import pytest
from django.core.handlers.wsgi import WSGIHandler, get_script_name
from pytest_django import Settings

from newsroom import page_cache
from newsroom.kept_answer import FOR_PROXIES, PUBLIC, _bare_tags, best_encoding
from newsroom.lib.generations import bump, bump_everything
from newsroom.lib.keeping import depends_on
from newsroom.page_cache import PageCache, kept_in_front_of
from tests.wsgi import environ_of

BIG = "خبر " * 500


class Answer:
    def __init__(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = int(status[:3]), dict(headers), body

    def __getitem__(self, name: str) -> str:
        return self.headers.get(name, "")


def ask(application: Any, path: str = "/", query: str = "", method: str = "GET", **headers: str) -> Answer:
    """As gunicorn asks; `HTTP_X_...="..."` are headers of the request."""
    environ = environ_of(path, query, method, **headers)
    told: list[Any] = []
    body = application(environ, lambda *answer: told.append(answer))
    return Answer(*told[-1][:2], b"".join(body))


class Django:
    """In Django's place: answers what it is told to, counts, and remembers what it saw."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.status = "200 OK"
        self.headers = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-cache")]
        self.text: str | Callable[[], str] = BIG

    @property
    def calls(self) -> int:
        return len(self.seen)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.seen.append(environ)
        depends_on("stories")
        text = self.text() if callable(self.text) else self.text
        start_response(self.status, self.headers)
        return [text.encode()]


@pytest.fixture
def django(monkeypatch: pytest.MonkeyPatch) -> Django:
    monkeypatch.setattr(page_cache.clock, "look", lambda: None)  # it would ask the database
    return Django()


@pytest.fixture
def site(django: Django) -> PageCache:
    return PageCache(django, 1_000_000)


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """No page is young enough to be shown after a change."""
    monkeypatch.setattr(page_cache, "YOUNG", 0.0)


def test_a_page_is_made_once(site: PageCache, django: Django) -> None:
    answers = [ask(site) for _time in range(3)]
    assert django.calls == 1
    assert {answer.body.decode() for answer in answers} == {BIG}
    assert answers[2].status == 200


def test_pages_are_told_apart_by_host_path_and_what_they_use_of_the_query(site: PageCache, django: Django) -> None:
    asked = [
        ("/", ""),
        ("/archive/", ""),
        ("/sections/a/", "before=5"),
        ("/sections/a/", "before=6"),
        ("/sections/a/", ""),
    ]
    for path, query in asked * 2:
        ask(site, path, query)
    ask(site, HTTP_HOST="localhost:8000")
    assert django.calls == len(asked) + 1


def test_what_a_page_does_not_use_of_the_query_is_not_seen(site: PageCache, django: Django) -> None:
    for number in range(1000):
        ask(site, "/sections/a/", f"cb={number}&before=5&utm_source=%D8%AE&fbclid={number}")
    assert django.calls == 1
    assert django.seen[0]["QUERY_STRING"] == "before=5"


def test_the_order_of_parameters_does_not_count_and_the_last_of_a_name_stays_the_last(
    site: PageCache, django: Django
) -> None:
    ask(site, "/corrections/", "kind=update&before=5&kind=correction")
    ask(site, "/corrections/", "before=5&kind=update&kind=correction")
    assert [seen["QUERY_STRING"] for seen in django.seen] == ["before=5&kind=update&kind=correction"]


@pytest.mark.parametrize(
    "query", ["x=%00", "before=%00", "é", "&".join("a=1" for _each in range(101)), "before=" + "9" * 600]
)
def test_odd_queries_are_left_to_django(site: PageCache, django: Django, query: str) -> None:
    for _time in range(2):
        ask(site, "/sections/a/", query)
    assert [seen["QUERY_STRING"] for seen in django.seen] == [query, query]


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_COOKIE": "sessionid=abc"},
        {"HTTP_COOKIE": "a=1; sessionid=abc; b=2"},
        {"HTTP_AUTHORIZATION": "Basic YTpi"},
    ],
)
def test_who_is_signed_in_neither_gets_a_kept_page_nor_leaves_one(
    site: PageCache, django: Django, headers: dict[str, str]
) -> None:
    django.text = BIG + "for the desk"
    ask(site, **headers)
    django.text = BIG + "for readers"
    assert ask(site).body.decode() == django.text
    django.text = BIG + "for the desk again"
    assert ask(site, **headers).body.decode() == django.text
    assert django.seen[0] is not django.seen[1]
    assert django.calls == 3


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "FOO"])
def test_only_reading_is_answered_from_what_is_kept(site: PageCache, django: Django, method: str) -> None:
    ask(site)
    ask(site, method=method)
    assert django.seen[1]["REQUEST_METHOD"] == method


def test_a_page_is_made_from_a_request_that_says_nothing_of_the_reader(site: PageCache, django: Django) -> None:
    ask(
        site,
        HTTP_COOKIE="csrftoken=abc; theme=dark",
        HTTP_X_FORWARDED_HOST="evil.example",
        HTTP_X_FORWARDED_PROTO="https",
        HTTP_FORWARDED="host=evil.example",
        HTTP_X_ORIGINAL_URL="/admin/",
        HTTP_ACCEPT_LANGUAGE="en",
        HTTP_USER_AGENT="evil",
        HTTP_IF_NONE_MATCH='"abc"',
        HTTP_RANGE="bytes=0-1",
    )
    assert {name for name in django.seen[0] if name.startswith("HTTP_")} == {"HTTP_HOST"}


def test_behind_a_proxy_the_two_schemes_have_pages_of_their_own(
    site: PageCache, django: Django, settings: Settings
) -> None:
    settings.BEHIND_PROXY = True
    for scheme in ("https", "http", "https", "javascript"):
        ask(site, HTTP_X_FORWARDED_PROTO=scheme)
    assert [seen.get("HTTP_X_FORWARDED_PROTO") for seen in django.seen] == ["https", None]


def test_a_path_before_ours_that_somebody_sends_begins_no_link_of_a_page(site: PageCache, django: Django) -> None:
    # gunicorn takes it from a header that a proxy on the same machine may pass on.
    ask(site, SCRIPT_NAME="/evil")
    ask(site)
    assert [seen["SCRIPT_NAME"] for seen in django.seen] == [""]


def test_links_begin_where_the_site_does_whatever_is_sent() -> None:
    assert get_script_name({"SCRIPT_NAME": "/evil"}) == ""


def test_a_scheme_that_the_server_says_is_told_apart_as_well(site: PageCache, django: Django) -> None:
    for scheme in ("http", "https", "http"):
        ask(site, **{"wsgi.url_scheme": scheme})
    assert [seen["wsgi.url_scheme"] for seen in django.seen] == ["http", "https"]


def test_the_scheme_is_read_as_django_reads_it(site: PageCache, django: Django, settings: Settings) -> None:
    settings.BEHIND_PROXY = True
    for told in ("https", " https", "https, http", "http, https"):
        ask(site, HTTP_X_FORWARDED_PROTO=told, **{"wsgi.url_scheme": "https"})
    assert [(seen.get("HTTP_X_FORWARDED_PROTO"), seen["wsgi.url_scheme"]) for seen in django.seen] == [
        ("https", "https"),
        (None, "http"),
    ]


def test_endless_headers_and_paths_are_not_remembered(site: PageCache) -> None:
    best_encoding.cache_clear()
    _bare_tags.cache_clear()
    tag = ask(site)["ETag"]
    tags = ", ".join([tag, *(f'"{number}"' for number in range(1000))])
    assert ask(site, HTTP_IF_NONE_MATCH=tags).status == 200
    ask(site, HTTP_ACCEPT_ENCODING="gzip;q=0." + "1" * 9000)
    ask(site, f"/tags/{'a' * 3000}/")
    assert _bare_tags.cache_info().currsize == 0
    assert max(map(len, site._rules)) < 1000


@pytest.mark.parametrize(
    ("status", "header"),
    [
        ("200 OK", ("Set-Cookie", "a=1")),
        ("200 OK", ("Cache-Control", "private, max-age=60")),
        ("200 OK", ("Cache-Control", "max-age=0, no-cache, No-Store, must-revalidate")),
        ("200 OK", ("Vary", "Cookie")),
        ("200 OK", ("Vary", "Accept-Language")),
        ("200 OK", ("Vary", "Accept-Encoding, *")),
        ("301 Moved Permanently", ("Location", "/elsewhere/")),
        ("404 Not Found", ("X-Any", "1")),
        ("410 Gone", ("X-Any", "1")),
        ("500 Internal Server Error", ("X-Any", "1")),
        ("503 Service Unavailable", ("X-Any", "1")),
    ],
)
def test_what_is_not_for_everybody_is_not_kept(
    site: PageCache, django: Django, status: str, header: tuple[str, str]
) -> None:
    django.status, django.headers = status, [("Content-Type", "text/html"), header]
    answers = [ask(site), ask(site)]
    assert django.calls == 2
    assert [(answer.status, answer[header[0]]) for answer in answers] == [(int(status[:3]), header[1])] * 2


@pytest.mark.parametrize(
    "path", ["/admin/", "/preview/abc/", "/search/", "/newsletter/", "/partners/x/rss.xml", "/reads/", "/nothing/here/"]
)
def test_views_that_do_not_ask_for_it_are_not_kept(site: PageCache, django: Django, path: str) -> None:
    ask(site, path, "q=1", HTTP_COOKIE="a=1")
    ask(site, path, "q=1")
    assert django.calls == 2
    assert django.seen[0]["HTTP_COOKIE"] == "a=1"


@pytest.mark.usefixtures("strict")
def test_a_change_is_seen_at_once(site: PageCache, django: Django) -> None:
    ask(site)
    bump("stories")
    django.text = BIG + "new"
    assert ask(site).body.decode() == django.text
    bump("articles.tag:5 stories")
    ask(site)
    assert django.calls == 2


def test_a_young_page_is_shown_after_a_change_but_not_after_a_recall(site: PageCache, django: Django) -> None:
    ask(site)
    bump("stories")
    ask(site)
    assert django.calls == 1
    bump("stories", recall=True)
    ask(site)
    assert django.calls == 2


def test_a_page_that_is_not_young_is_made_anew_after_a_change(
    site: PageCache, django: Django, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(site)
    bump("stories")
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + page_cache.YOUNG + 0.1)
    ask(site)
    assert django.calls == 2


def test_a_proxy_of_ours_that_fetches_anew_never_gets_the_former_page(
    site: PageCache, django: Django, settings: Settings
) -> None:
    settings.CACHE_REFRESH_TOKEN = "t" * 40
    ask(site)
    bump("stories")
    ask(site, HTTP_X_CACHE_REFRESH="wrong")
    assert django.calls == 1
    ask(site, HTTP_X_CACHE_REFRESH="t" * 40)
    assert django.calls == 2
    assert not [name for name in django.seen[1] if "REFRESH" in name]


@pytest.mark.usefixtures("strict")
def test_readers_get_the_former_page_when_there_is_no_new_one_unless_it_was_recalled(
    site: PageCache, django: Django
) -> None:
    ask(site)
    django.status, django.text = "500 Internal Server Error", "broken"
    bump("stories")
    assert (ask(site).status, ask(site).body.decode()) == (200, BIG)
    bump("stories", recall=True)
    assert ask(site).status == 500


@pytest.mark.usefixtures("strict")
def test_a_story_that_is_gone_is_not_shown_from_what_was_kept(site: PageCache, django: Django) -> None:
    ask(site)
    django.status, django.text = "410 Gone", "withdrawn"
    bump("stories")
    assert (ask(site).status, ask(site).body) == (410, b"withdrawn")


def test_closing_the_site_closes_it_for_kept_pages_too(site: PageCache, django: Django) -> None:
    ask(site)
    django.status = "503 Service Unavailable"
    bump_everything(recall=True)
    assert ask(site).status == 503


def test_many_who_want_the_same_page_wait_for_one(site: PageCache, django: Django) -> None:
    def slow() -> str:
        time.sleep(0.3)
        return BIG

    django.text = slow
    threads = [threading.Thread(target=ask, args=[site]) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert django.calls == 1


def test_who_waits_is_not_left_alone_when_making_it_fails(site: PageCache, django: Django) -> None:
    def fails() -> str:
        time.sleep(0.1)
        raise ValueError

    django.text = fails
    failures: list[str] = []

    def asking() -> None:
        try:
            ask(site)
        except ValueError:
            failures.append("told")

    threads = [threading.Thread(target=asking) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    django.text = BIG
    assert failures == ["told"] * 3
    assert ask(site).status == 200


def test_headers_of_a_kept_page(site: PageCache) -> None:
    answer = ask(site)
    assert answer["Cache-Control"] == PUBLIC
    assert answer["Content-Length"] == str(len(answer.body))
    assert answer["ETag"].startswith('"')
    assert answer["Vary"] == "Accept-Encoding"
    assert "Last-Modified" not in answer.headers  # something may change in this very second


def test_a_page_that_says_how_long_browsers_keep_it_is_believed(site: PageCache, django: Django) -> None:
    django.headers = [("Content-Type", "text/html"), ("Cache-Control", "public, max-age=10")]
    assert ask(site)["Cache-Control"] == f"public, max-age=10, {FOR_PROXIES}"


@pytest.mark.parametrize(("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_page_is_packed_once_and_says_so(
    site: PageCache, monkeypatch: pytest.MonkeyPatch, encoding: str, unpack: Callable[[bytes], bytes]
) -> None:
    answers = [ask(site, HTTP_ACCEPT_ENCODING=f"deflate, {encoding};q=0.5") for _time in range(2)]
    assert answers[0].body is answers[1].body
    assert unpack(answers[0].body).decode() == BIG
    assert (answers[0]["Content-Encoding"], answers[0]["Vary"]) == (encoding, "Accept-Encoding")
    assert answers[0]["ETag"] != ask(site)["ETag"]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip, deflate, br", "br"),
        ("GZIP", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("*;q=0", ""),
        ("br;q=x", ""),
        ("gzip;q=0.1;x=y", "gzip"),
    ],
)
def test_what_a_browser_takes(accepted: str, encoding: str) -> None:
    assert best_encoding(accepted) == encoding


def test_small_answers_and_pictures_are_not_packed(site: PageCache, django: Django) -> None:
    django.text = "قصير"
    assert "Content-Encoding" not in ask(site, "/robots.txt", HTTP_ACCEPT_ENCODING="br").headers
    django.text, django.headers = BIG, [("Content-Type", "image/png")]
    assert "Content-Encoding" not in ask(site, HTTP_ACCEPT_ENCODING="br").headers


def test_304_for_who_has_the_page_however_it_was_packed(site: PageCache) -> None:
    tags = [ask(site, HTTP_ACCEPT_ENCODING=encoding)["ETag"] for encoding in ("", "br", "gzip")]
    for tag in [*tags, f"W/{tags[0]}", f'"other", {tags[1]}', "*"]:
        answer = ask(site, HTTP_IF_NONE_MATCH=tag)
        assert (answer.status, answer.body) == (304, b"")
        assert answer["Cache-Control"] == PUBLIC
        assert not {"Content-Type", "Content-Length", "Content-Encoding"} & set(answer.headers)
    assert ask(site, HTTP_IF_NONE_MATCH='"other"').status == 200


def test_a_tag_goes_before_a_date_and_a_date_counts_when_it_is_settled(
    site: PageCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(site)
    now = time.time()
    future = "Fri, 20 Nov 2099 06:40:00 GMT"
    assert ask(site, HTTP_IF_MODIFIED_SINCE=future).status == 200
    monkeypatch.setattr(time, "time", lambda: now + 5)
    date = ask(site)["Last-Modified"]
    assert ask(site, HTTP_IF_MODIFIED_SINCE=date).status == 304
    assert ask(site, HTTP_IF_MODIFIED_SINCE=date, HTTP_IF_NONE_MATCH='"other"').status == 200
    assert ask(site, HTTP_IF_MODIFIED_SINCE="Thu, 01 Jan 2009 00:00:00 GMT").status == 200
    assert ask(site, HTTP_IF_MODIFIED_SINCE="yesterday").status == 200
    assert ask(site, HTTP_IF_MODIFIED_SINCE="Thu, 01 Jan 2099 00:00:00 GMT").status == 200


def test_head_is_answered_without_a_body(site: PageCache, django: Django) -> None:
    whole, head = ask(site), ask(site, method="HEAD")
    assert head.body == b""
    assert head.headers == whole.headers
    assert django.seen[0]["REQUEST_METHOD"] == "GET"


def test_made_up_parameters_put_no_page_away_that_everybody_reads(django: Django) -> None:
    site = PageCache(django, 400_000)
    ask(site)
    for number in range(200):
        ask(site, "/sections/a/", f"before={number}")
    assert django.calls == 201
    ask(site)
    assert django.calls == 201


def test_no_sign_of_life_waits_for_the_look_at_the_clock(site: PageCache, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[None] = []
    monkeypatch.setattr(page_cache.clock, "look", lambda: looks.append(None))
    ask(site, "/livez")
    ask(site, "/readyz")
    assert looks == []
    ask(site)
    assert looks == [None]


def test_made_up_hosts_put_no_page_away_that_everybody_reads(django: Django) -> None:
    site = PageCache(django, 400_000)
    ask(site)
    for port in range(200):
        ask(site, HTTP_HOST=f"127.0.0.1:{port}")
    assert django.calls == 201
    ask(site)
    assert django.calls == 201


def test_those_asked_for_least_lately_make_room(django: Django) -> None:
    site = PageCache(django, 4 * 3 * (3 * len(BIG.encode()) // 2 + 4096))
    for number in range(4):
        ask(site, "/sections/a/", f"before={number}")
        ask(site, "/sections/a/", "before=0")
    ask(site, "/sections/a/", "before=0")
    assert django.calls == 4
    ask(site, "/sections/a/", "before=1")
    assert django.calls == 5


def test_too_large_a_page_is_not_kept(site: PageCache, django: Django) -> None:
    django.text = "خ" * 1_100_000
    assert len(ask(site).body) == 2_200_000
    ask(site)
    assert django.calls == 2


def test_nothing_stands_before_django_where_nothing_is_kept(django: Django, settings: Settings) -> None:
    for name in ("off", "parts"):
        settings.PAGE_CACHE = name
        application = kept_in_front_of(django)
        ask(application)
        ask(application)
    assert django.calls == 4


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["evil.example", "a@127.0.0.1", "[::1", "127.0.0.1,evil.example", ""])
def test_no_page_is_kept_for_a_host_that_is_not_ours(settings: Settings, host: str, django: Django) -> None:
    site = PageCache(WSGIHandler(), 1_000_000)
    answers = [ask(site, "/robots.txt", HTTP_HOST=host, SERVER_NAME="evil.example") for _time in range(2)]
    assert [answer.status for answer in answers] == [400, 400]
