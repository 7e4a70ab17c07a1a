import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from articles import link_checking
from articles.checklist import findings
from articles.link_checking import MOST_ADDRESSES, check_links, check_links_later, dead_outside
from articles.linked_addresses import dead_here, linked_addresses
from articles.models import LinkCheck
from newsroom.lib import asking_outside
from newsroom.lib.asking_outside import Unreachable, ask, is_public
from pages.models import Redirect
from tests.articles.desk import change_url, form_data
from tests.factories import (
    BODY,
    make_article,
    make_author,
    make_page,
    make_section,
    make_source,
    make_tag,
    make_user,
)

pytestmark = pytest.mark.django_db
OUTSIDE = "https://example.com/a"


def linking(*addresses: str, **fields: Any) -> Any:
    links = "".join(f'<p><a href="{address}">رابط</a></p>' for address in addresses)
    return make_article(body=BODY + links, **fields)


@contextmanager
def server(*answers: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """Answers one connection after the other; the port, and what was asked."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            for answer in answers:
                connection, _address = listening.accept()
                with connection:
                    asked.append(connection.recv(65536))
                    connection.sendall(answer)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1], asked
        thread.join(5)


@pytest.fixture
def led_here(monkeypatch: Any) -> Callable[[int], None]:
    """Every name is taken for a public one, and answered by a port of this machine."""

    def lead(port: int) -> None:
        monkeypatch.setattr(asking_outside, "_resolve", lambda host, _port: "192.0.2.1")
        connect = socket.create_connection
        monkeypatch.setattr(
            asking_outside, "_connect", lambda ip, _port, until: connect(("127.0.0.1", port), timeout=2)
        )

    return lead


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0",
        "fc00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1",
    ],
)  # fmt: skip
def test_no_address_of_our_own_network_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_addresses_of_others_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "http://example.com:22/",
        "https://user:secret@example.com/", "http://user@example.com/", "http://", "https:///a", "javascript:alert(1)",
        "http://[::1", "http://example.com:99999/",
    ],
)  # fmt: skip
def test_only_plain_addresses_of_the_web_are_asked(address: str) -> None:
    with pytest.raises(Unreachable) as refused:
        ask(address, agent="x")
    assert refused.value.problem == "address"


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://2130706433/", "http://0x7f.1/", "http://0/"],
)
def test_this_machine_is_not_asked_under_any_name(address: str) -> None:
    with pytest.raises(Unreachable) as refused:
        ask(address, agent="x")
    assert refused.value.problem in {"private", "name"}


def test_one_private_address_among_those_of_a_name_is_enough_to_refuse(monkeypatch: Any) -> None:
    rows = [(2, 1, 6, "", (ip, 80)) for ip in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(asking_outside.socket, "getaddrinfo", lambda *args, **kwargs: rows)
    with pytest.raises(Unreachable) as refused:
        ask("http://example.com/", agent="x")
    assert refused.value.problem == "private"


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch: Any) -> None:
    """A name that stands for another address when it is asked again (DNS rebinding) is not asked again."""
    asked: list[Any] = []
    rows = [[(2, 1, 6, "", ("93.184.216.34", 80))], [(2, 1, 6, "", ("127.0.0.1", 80))]]
    monkeypatch.setattr(asking_outside.socket, "getaddrinfo", lambda *args, **kwargs: rows.pop(0))

    def connect(address: Any, **kwargs: Any) -> Any:
        asked.append(address)
        raise OSError

    monkeypatch.setattr(asking_outside.socket, "create_connection", connect)
    with pytest.raises(Unreachable):
        ask("http://example.com/", agent="x")
    assert asked == [("93.184.216.34", 80)]


def test_a_redirect_into_our_own_network_is_not_followed(led_here: Any, monkeypatch: Any) -> None:
    with server(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/admin/\r\n\r\n") as (port, asked):
        led_here(port)
        resolve = asking_outside._resolve
        monkeypatch.setattr(
            asking_outside, "_resolve", lambda host, at: resolve(host, at) if host == "example.com" else real(host, at)
        )
        with pytest.raises(Unreachable) as refused:
            ask("http://example.com/", agent="x")
    assert (refused.value.problem, len(asked)) == ("private", 1)


real = asking_outside._resolve


def test_three_redirects_are_followed_and_no_fourth(led_here: Any) -> None:
    away = b"HTTP/1.1 301 Moved\r\nLocation: /next\r\n\r\n"
    with server(away, away, away, b"HTTP/1.1 200 OK\r\n\r\n") as (port, _asked):
        led_here(port)
        assert ask("http://example.com/", agent="x") == 200
    with server(away, away, away, away) as (port, asked):
        led_here(port)
        with pytest.raises(Unreachable) as refused:
            ask("http://example.com/", agent="x")
    assert (refused.value.problem, len(asked)) == ("redirects", 4)


def test_a_server_that_refuses_head_is_asked_for_a_few_bytes(led_here: Any) -> None:
    with server(b"HTTP/1.1 405 No\r\n\r\n", b"HTTP/1.1 206 Partial\r\n\r\nbody") as (port, asked):
        led_here(port)
        assert ask("http://example.com/خبر?x=1", agent="desk") == 206
    assert asked[0].startswith(b"HEAD /%D8%AE%D8%A8%D8%B1?x=1 HTTP/1.1\r\nHost: example.com\r\n")
    assert b"Range: bytes=0-1023" in asked[1]


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1\r\n\r\n", b"HTTP/1.1 x y\r\n\r\n"])
def test_what_is_no_answer_of_the_web_is_none(led_here: Any, answer: bytes) -> None:
    with server(answer) as (port, _asked):
        led_here(port)
        with pytest.raises(Unreachable) as refused:
            ask("http://example.com/", agent="x")
    assert refused.value.problem == "connection"


def test_no_answer_is_read_to_an_end_that_never_comes(led_here: Any) -> None:
    with server(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 60_000) as (port, _asked):
        led_here(port)
        assert ask("http://example.com/", agent="x") == 200


def test_an_address_cannot_begin_a_second_line(led_here: Any) -> None:
    with server(b"HTTP/1.1 200 OK\r\n\r\n") as (port, asked):
        led_here(port)
        ask("http://example.com/a\r\nX-Evil: 1", agent="x")
    assert b"\r\nX-Evil" not in asked[0]


@pytest.fixture
def answers(monkeypatch: Any) -> dict[str, Any]:
    """What each address answers; what is not named answers 200. `asked` counts them."""
    found: dict[str, Any] = {"asked": []}

    def answer(address: str, *, agent: str) -> int:
        found["asked"].append(address)
        if isinstance(found.get(address), str):
            raise Unreachable(found[address])
        return int(found.get(address, 200))

    monkeypatch.setattr(link_checking, "ask", answer)
    return found


def test_each_address_is_asked_once_a_day(answers: dict[str, Any], clock: Any) -> None:
    article = linking(OUTSIDE, OUTSIDE, "/sections/x/", "mailto:a@example.com")
    check_links.call(article.pk)
    check_links.call(article.pk)
    assert answers["asked"] == [OUTSIDE]
    clock.shift(24 * 3600 + 1)
    check_links.call(article.pk)
    assert answers["asked"] == [OUTSIDE, OUTSIDE]


def test_of_one_text_at_most_twenty_are_asked(answers: dict[str, Any]) -> None:
    article = linking(*(f"https://example.com/{number}" for number in range(30)))
    check_links.call(article.pk)
    assert len(answers["asked"]) == MOST_ADDRESSES


@pytest.mark.parametrize(
    ("answer", "is_dead"), [(200, 0), (404, 1), (410, 1), (403, 0), (429, 0), (503, 0), ("name", 1)]
)
def test_only_what_is_certainly_gone_is_dead(answers: dict[str, Any], answer: Any, is_dead: int) -> None:
    answers[OUTSIDE] = answer
    article = linking(OUTSIDE)
    check_links.call(article.pk)
    assert len(dead_outside([OUTSIDE])) == is_dead
    said = [(one.check, one.field) for one in findings(article) if one.check == "dead_links"]
    assert said == [("dead_links", "body")] * is_dead


def test_nothing_is_asked_where_the_settings_say_so(answers: dict[str, Any], settings: Any, run_tasks: Any) -> None:
    settings.LINK_CHECKS = False
    article = linking(OUTSIDE)
    check_links_later(article)
    check_links.call(article.pk)
    assert (run_tasks(), answers["asked"], LinkCheck.objects.count()) == (0, [], 0)


@pytest.mark.django_db(transaction=True)
def test_saving_the_form_has_the_links_asked_later(client: Client, answers: dict[str, Any], run_tasks: Any) -> None:
    client.force_login(make_user(Role.EDITOR))
    article = linking(OUTSIDE, published=False)
    client.post(change_url(article), form_data(client, change_url(article)) | {"_continue": "1"})
    assert answers["asked"] == []
    run_tasks()
    assert answers["asked"] == [OUTSIDE]


def test_opening_the_form_asks_nobody(client: Client, answers: dict[str, Any], run_tasks: Any) -> None:
    client.force_login(make_user(Role.EDITOR))
    client.get(change_url(linking(OUTSIDE, published=False)))
    assert (run_tasks(), answers["asked"]) == (0, [])


def test_addresses_are_found_wherever_the_form_has_them() -> None:
    article = linking(OUTSIDE, canonical_url="https://example.org/first")
    article.attributions.create(source=make_source(), url="https://example.org/source")
    article.related_links.create(title="عنوان", url="https://example.org/related")
    assert linked_addresses(article) == [
        ("body", OUTSIDE),
        ("attributions", "https://example.org/source"),
        ("related_links", "https://example.org/related"),
        ("canonical_url", "https://example.org/first"),
    ]


def test_links_inside_the_site_are_looked_up(settings: Any) -> None:
    public, draft = make_article(), make_article(published=False)
    section, page = make_section("اقتصاد"), make_page()
    Redirect.objects.create(old_path="/old/page", new_path="/")
    good = [
        public.get_absolute_url(), public.get_short_url(), f"{settings.SITE_URL}/news/{public.pk}/", "/",
        f"/sections/{section.slug}/", page.get_absolute_url(), "/search/?q=x", "/old/page", "/old/page/",
        f"/lite/news/{public.pk}/", f"/News/{public.pk}-anything", "/media/images/a.jpg",
    ]  # fmt: skip
    bad = [f"/news/{draft.pk}/", "/news/999999/", "/sections/nothing/", "/p/nothing/", "/nothing-here/"]
    assert dead_here(good + bad) == set(bad)


def test_many_links_inside_the_site_are_looked_up_at_once(django_assert_max_num_queries: Any) -> None:
    """At every pause of typing: the queries do not grow with the links."""
    rows = [make_section(), make_tag(), make_author(), make_source(), make_page(), make_article()]
    redirect = Redirect.objects.create(old_path="/tags/وسم-قديم/", new_path="/")
    good = [*(row.get_absolute_url() for row in rows), redirect.old_path, f"/Tags/{rows[1].slug}"]
    kinds = ("sections", "tags", "authors", "sources", "p", "news", "nothing")
    bad = [f"/{kind}/{number}00000/" for kind in kinds for number in range(1, 31)]
    with django_assert_max_num_queries(7):
        dead = dead_here(good + bad)
    assert dead == set(bad)


def test_more_links_than_a_statement_has_parameters() -> None:
    bad = [f"/tags/{number}/" for number in range(2_000)]
    assert dead_here([*bad, make_tag().get_absolute_url()]) == set(bad)


def test_an_article_that_is_only_planned_is_not_there_yet() -> None:
    later = make_article(at=timezone.now() + timedelta(hours=1))
    assert dead_here([f"/news/{later.pk}/"]) == {f"/news/{later.pk}/"}


@pytest.mark.parametrize("location", [b"http://[bad/", b"//[::1", b"http://[x]/"])
def test_a_redirect_to_what_is_no_address_is_an_answer_and_no_fault_of_ours(
    location: bytes, led_here: Callable[[int], None]
) -> None:
    with server(b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\n\r\n") as (port, _asked):
        led_here(port)
        with pytest.raises(Unreachable) as refused:
            ask("http://example.com/", agent="test")
    assert refused.value.problem == "address"
