"""Opens and clicks: counted without cookies and without names, unless the newsroom asked for names."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from time_machine import Traveller

from newsletter import hit_counting, hits
from newsletter.enums import EventKind, Tracking
from newsletter.hit_counting import MACHINE_OPENED, buffer
from newsletter.hits import Hit, click_token, open_token
from newsletter.models import Delivery, DeliveryEvent, HitCount, Issue, LinkTarget
from tests.newsletter.returns.sent import make_delivery, make_sent_issue

pytestmark = [pytest.mark.django_db]

TARGET = "https://news.example.org/articles/1/"
MAIL = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"


@pytest.fixture(autouse=True)
def clean_buffer(clock: Traveller) -> Iterator[None]:
    caches["reads"].clear()
    buffer.__init__()
    yield
    buffer.__init__()


@pytest.fixture
def issue() -> Issue:
    issue = make_sent_issue(tracking=Tracking.AGGREGATE)
    LinkTarget.objects.create(issue=issue, number=1, url=TARGET)
    return issue


@pytest.fixture
def delivery(issue: Issue) -> Delivery:
    Issue.objects.update(tracking=Tracking.INDIVIDUAL)
    return make_delivery(issue=issue, sent_at=timezone.now() - timedelta(hours=1))


def look(token: str, client: Client | None = None, **extra: Any) -> HttpResponse:
    headers = {"User-Agent": MAIL, **extra.pop("headers", {})}
    return getattr(client or Client(), extra.pop("method", "get"))(
        f"/newsletter/o/{token}.gif", headers=headers, **extra
    )


def follow(token: str, **extra: Any) -> HttpResponse:
    headers = {"User-Agent": MAIL, **extra.pop("headers", {})}
    return getattr(Client(), extra.pop("method", "get"))(f"/newsletter/c/{token}/", headers=headers, **extra)


def counts() -> dict[int, int]:
    buffer.flush()
    return dict(HitCount.objects.order_by("number").values_list("number", "count"))


# --- tokens ---


@pytest.mark.parametrize("delivery_id", [None, 1, 10**17])
def test_tokens_are_read_back(delivery_id: int | None):
    assert hits.read(open_token(12, "a", delivery_id), purpose="open") == Hit(12, "a", 0, delivery_id)
    assert hits.read(click_token(12, "b", 7, delivery_id), purpose="click") == Hit(12, "b", 7, delivery_id)


def test_token_opens_nothing_but_its_own_purpose():
    assert hits.read(open_token(12, "a"), purpose="click") is None
    assert hits.read(click_token(12, "a", 3), purpose="open") is None


def test_altered_tokens_are_refused():
    token = click_token(12, "a", 3, 4)
    altered = [token[:place] + ("B" if char != "B" else "C") + token[place + 1 :] for place, char in enumerate(token)]
    wrong = [
        *altered,
        token + "A",
        token[:-1],
        token.swapcase(),
        "",
        ".",
        "12a3",
        "12a3.",
        "١٢a3." + token[-16:],
        "\ud800.x",
    ]
    assert [text for text in wrong if hits.read(text, purpose="click")] == []


def test_tokens_in_old_mails_outlive_a_change_of_the_key(settings: Settings):
    token = open_token(12, "a")
    old, settings.SECRET_KEY = settings.SECRET_KEY, "n" * 50
    assert hits.read(token, purpose="open") is None
    settings.SECRET_KEY_FALLBACKS = [old]
    assert hits.read(token, purpose="open")


def test_tokens_are_short():
    assert len(click_token(99_999, "b", 40, 99_999_999)) <= 40


# --- the picture ---


def test_opening_is_counted_by_the_hour_and_nobody_is_known(issue: Issue, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = look(open_token(issue.pk, "a"))
    assert (response.status_code, response["Content-Type"]) == (200, "image/gif")
    assert response.content.startswith(b"GIF89a")
    buffer.flush()
    [row] = HitCount.objects.all()
    hour = timezone.now().replace(minute=0)
    assert (row.issue, row.variant, row.number, row.hour, row.count) == (issue, "a", 0, hour, 1)
    assert not DeliveryEvent.objects.exists()


def test_picture_sets_no_cookie_and_no_cache_keeps_it(issue: Issue):
    response = look(open_token(issue.pk, "a"))
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in response
    assert "Vary" not in response or "Cookie" not in response["Vary"]


def test_sums_grow_over_several_writes(issue: Issue, clock: Traveller):
    for _round in range(3):
        look(open_token(issue.pk, "a"))
        clock.shift(120)
        buffer.flush()
    assert counts() == {0: 3}


@pytest.mark.parametrize("token", ["x", "12a0.AAAAAAAAAAAAAAAA", "..", "%2e%2e"])
def test_wrong_token_is_404(token: str):
    assert look(token).status_code == 404
    assert follow(token).status_code == 404
    assert len(buffer) == 0


def test_program_that_asks_twice_counts_once(issue: Issue, clock: Traveller):
    token = open_token(issue.pk, "a")
    look(token)
    look(token)
    clock.shift(120)
    look(token)
    assert counts() == {0: 2}


def test_two_readers_behind_one_proxy_of_gmail_are_two(issue: Issue):
    for _reader in range(2):
        look(open_token(issue.pk, "a"), headers={"User-Agent": GMAIL})
    assert counts() == {0: 2}


@pytest.mark.parametrize("agent", ["Mozilla/5.0", "", "SomeMailScannerBot/1.0", "Mozilla/5.0 HeadlessChrome/120"])
def test_opening_by_a_machine_is_counted_apart(agent: str, issue: Issue):
    look(open_token(issue.pk, "a"), headers={"User-Agent": agent})
    assert counts() == {MACHINE_OPENED: 1}


@pytest.mark.parametrize("agent", ["Microsoft Outlook 16.0", "YahooMailProxy; https://help.yahoo.com/", "Thunderbird"])
def test_mail_program_is_no_machine_because_it_is_no_browser(agent: str, issue: Issue):
    look(open_token(issue.pk, "a"), headers={"User-Agent": agent})
    assert counts() == {0: 1}


@pytest.mark.parametrize(
    "extra", [{"method": "head"}, {"headers": {"Sec-Purpose": "prefetch"}}, {"headers": {"X-Moz": "prefetch"}}]
)
def test_asking_ahead_is_not_counted(extra: dict[str, Any], issue: Issue):
    assert look(open_token(issue.pk, "a"), **extra.copy()).status_code == 200
    assert follow(click_token(issue.pk, "a", 1), **extra.copy()).status_code == 302
    assert counts() == {}


# --- links ---


def test_link_leads_where_it_led_in_the_mail_and_is_counted(issue: Issue):
    response = follow(click_token(issue.pk, "b", 1))
    assert (response.status_code, response["Location"]) == (302, TARGET)
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    buffer.flush()
    assert HitCount.objects.get().variant == "b"
    assert counts() == {1: 1}


def test_link_is_no_open_redirect(issue: Issue):
    """There is no way to say an address, and a number that no mail had leads nowhere."""
    assert follow(click_token(issue.pk, "a", 2)).status_code == 404
    assert follow(click_token(issue.pk + 1, "a", 1)).status_code == 404
    response = follow(f"{click_token(issue.pk, 'a', 1)}", QUERY_STRING="url=https://evil.example")
    assert response["Location"] == TARGET


def test_scanner_that_follows_every_link_is_not_counted(issue: Issue):
    for number in range(2, 31):
        LinkTarget.objects.create(issue=issue, number=number, url=TARGET)
    for number in range(1, 31):
        follow(click_token(issue.pk, "a", number))
    assert sum(counts().values()) == 5


def test_links_of_an_issue_that_counts_nothing_still_lead_on(issue: Issue):
    Issue.objects.update(tracking=Tracking.OFF)
    assert follow(click_token(issue.pk, "a", 1))["Location"] == TARGET
    look(open_token(issue.pk, "a"))
    assert counts() == {}


def test_issue_that_is_gone_is_forgotten():
    look(open_token(987_654, "a"))
    assert counts() == {}
    assert len(buffer) == 0


# --- by name ---


def test_first_open_and_first_click_on_each_link_are_noted_by_name(issue: Issue, delivery: Delivery, clock: Traveller):
    for _round in range(3):
        look(open_token(issue.pk, "a", delivery.pk))
        follow(click_token(issue.pk, "a", 1, delivery.pk))
        clock.shift(3600)
        buffer.flush()
    rows = DeliveryEvent.objects.order_by("kind").values_list("kind", "delivery", "number", "address_hash", "detail")
    assert list(rows) == [(EventKind.CLICKED, delivery.pk, 1, "", ""), (EventKind.OPENED, delivery.pk, None, "", "")]
    assert counts() == {0: 1, 1: 1}


def test_names_in_links_are_forgotten_when_the_issue_does_not_ask_for_them(issue: Issue, delivery: Delivery):
    Issue.objects.update(tracking=Tracking.AGGREGATE)
    look(open_token(issue.pk, "a", delivery.pk))
    assert counts() == {0: 1}
    assert not DeliveryEvent.objects.exists()


def test_who_opens_within_seconds_of_the_delivery_is_a_scanner(issue: Issue, delivery: Delivery):
    Delivery.objects.update(sent_at=timezone.now() - timedelta(seconds=5))
    look(open_token(issue.pk, "a", delivery.pk))
    follow(click_token(issue.pk, "a", 1, delivery.pk))
    assert counts() == {MACHINE_OPENED: 1}
    assert not DeliveryEvent.objects.exists()


def test_delivery_of_another_issue_is_not_believed(delivery: Delivery):
    other = make_sent_issue(tracking=Tracking.INDIVIDUAL)
    look(open_token(other.pk, "a", delivery.pk))
    assert counts() == {}
    assert not DeliveryEvent.objects.exists()


# --- the buffer ---


def test_what_the_database_refuses_is_kept(issue: Issue, monkeypatch: pytest.MonkeyPatch, caplog):
    look(open_token(issue.pk, "a"))

    def refuse(*args: object) -> int:
        raise DatabaseError("locked")

    with monkeypatch.context() as patch:
        patch.setattr(hit_counting, "write", refuse)
        assert buffer.flush() == 0
    assert counts() == {0: 1}


def test_full_buffer_takes_no_more(issue: Issue):
    buffer.__init__(most=1)
    buffer.add(Hit(issue.pk, "a", 0))
    buffer.add(Hit(issue.pk, "a", 1))
    buffer.add(Hit(issue.pk, "a", 0))
    assert counts() == {0: 2}


def test_many_sums_are_written_in_few_statements(issue: Issue):
    for number in range(400):
        buffer.add(Hit(issue.pk, "a", number))
    buffer.flush()
    assert HitCount.objects.count() == 400
