"""Invariant 12: nobody fills a stranger's mailbox through our form, and no program finds out who reads us."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from newsletter import limits
from newsletter.limits import LEAST_FILL_TIME
from newsletter.models import ConfirmationRequest, Subscription
from tests.newsletter.conftest import EMAIL, Post, path_in

pytestmark = pytest.mark.django_db


def ask_from(sign_up: Post, address: str, times: int) -> list[HttpResponse]:
    return [sign_up(f"reader{number}@example.com", REMOTE_ADDR=address) for number in range(times)]


def stamp_in(response: HttpResponse) -> str:
    found = re.search(r'name="stamp" value="([^"]+)"', response.content.decode())
    assert found
    return found[1]


def test_twenty_requests_an_hour_come_from_one_network_and_the_next_is_told_when(clock, sign_up: Post) -> None:
    answers = ask_from(sign_up, "198.51.100.7", 20)
    assert {answer.status_code for answer in answers} == {302}
    clock.shift(timedelta(minutes=50, seconds=1))
    refused = sign_up("one-more@example.com", REMOTE_ADDR="198.51.100.7")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "599")
    page = refused.content.decode()
    assert "حاولت مرات كثيرة. أعد المحاولة بعد ١٠ دقائق." in page
    assert 'value="one-more@example.com"' in page
    assert "Set-Cookie" not in refused.headers
    clock.shift(timedelta(seconds=599))
    assert sign_up("one-more@example.com", REMOTE_ADDR="198.51.100.7").status_code == 302


def test_thirty_posts_end_in_refusals_that_leave_no_row(clock, sign_up: Post, mailoutbox) -> None:
    codes = [answer.status_code for answer in ask_from(sign_up, "198.51.100.7", 30)]
    assert codes == [302] * 20 + [429] * 10
    assert ConfirmationRequest.objects.count() == len(mailoutbox) == 20


def test_another_network_is_not_hindered_and_one_household_is_one_network(clock, sign_up: Post) -> None:
    for number in range(20):
        sign_up(f"reader{number}@example.com", REMOTE_ADDR=f"2001:db8:1:2::{number:x}")
    assert sign_up(REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 429
    assert sign_up(REMOTE_ADDR="2001:db8:1:3::1").status_code == 302
    assert sign_up(REMOTE_ADDR="198.51.100.8").status_code == 302


def test_header_that_a_client_can_write_opens_no_new_network(clock, sign_up: Post) -> None:
    for number in range(20):
        sign_up(f"reader{number}@example.com", headers={"X-Forwarded-For": f"203.0.113.{number}"})
    assert sign_up(headers={"X-Forwarded-For": "203.0.113.99"}).status_code == 429


def test_behind_our_proxy_the_network_is_what_the_proxy_says(clock, settings, sign_up: Post) -> None:
    settings.BEHIND_PROXY = True
    for number in range(20):
        sign_up(f"reader{number}@example.com", headers={"X-Forwarded-For": f"10.0.0.{number}, 203.0.113.5"})
    assert sign_up(headers={"X-Forwarded-For": "203.0.113.5"}).status_code == 429
    assert sign_up(headers={"X-Forwarded-For": "203.0.113.6"}).status_code == 302


def test_all_together_may_ask_a_thousand_times_an_hour(clock, sign_up: Post, monkeypatch) -> None:
    assert (limits.REQUESTS_IN_ALL.count, limits.REQUESTS_IN_ALL.window) == (1000, timedelta(hours=1))
    monkeypatch.setattr(limits, "REQUESTS_IN_ALL", limits.Limit(3, timedelta(hours=1)))
    codes = [sign_up(f"r{n}@example.com", REMOTE_ADDR=f"198.51.100.{n}").status_code for n in range(4)]
    assert codes == [302, 302, 302, 429]


def test_five_requests_an_hour_for_one_address_also_when_none_of_them_was_mailed(
    clock, sign_up: Post, post: Post, mailoutbox
) -> None:
    for number in range(5):
        post("/newsletter/subscribe/", {"email": EMAIL, "website": "x"}, REMOTE_ADDR=f"198.51.100.{number}")
    assert sign_up().status_code == 302
    assert mailoutbox == []
    clock.shift(timedelta(hours=1))
    sign_up()
    assert [mail.to for mail in mailoutbox] == [[EMAIL]]


def test_expired_link_gives_no_way_around_the_limit_of_a_network(clock, sign_up: Post, post: Post, mailoutbox) -> None:
    sign_up()
    path = path_in(mailoutbox[0])
    clock.shift(timedelta(hours=49))
    ask_from(sign_up, "127.0.0.1", 20)
    refused = post(path, {"again": "1"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")


def test_only_a_fingerprint_of_the_network_is_kept(clock, sign_up: Post) -> None:
    sign_up(REMOTE_ADDR="198.51.100.7")
    kept = ConfirmationRequest.objects.get().network_hash
    assert re.fullmatch("[0-9a-f]{32}", kept)


def test_form_that_comes_back_at_once_gets_the_ordinary_page_and_no_mail(
    client: Client, clock, post: Post, mailing_list, mailoutbox
) -> None:
    stamp = stamp_in(client.get("/newsletter/"))
    hasty = post("/newsletter/subscribe/", {"email": EMAIL, "stamp": stamp})
    clock.shift(LEAST_FILL_TIME + timedelta(seconds=1))
    human = post("/newsletter/subscribe/", {"email": "other@example.com", "stamp": stamp})
    assert [mail.to for mail in mailoutbox] == [["other@example.com"]]
    pages = [
        client.get(answer.url).content.decode().replace(EMAIL, "EMAIL").replace("other@example.com", "EMAIL")
        for answer in (hasty, human)
    ]
    assert pages[0] == pages[1]
    assert [item.subscriber.email for item in Subscription.objects.all()] == ["other@example.com"]


@pytest.mark.parametrize(
    "extra", [{"website": "https://spam.example"}, {"stamp": "forged:1tYx:aaaa"}, {"stamp": "x" * 999}]
)
def test_program_that_fills_everything_in_gets_the_ordinary_page_and_no_mail(
    client: Client, post: Post, mailoutbox, extra: dict[str, str]
) -> None:
    answer = post("/newsletter/subscribe/", {"email": EMAIL, **extra})
    assert answer.status_code == 302
    assert "تفقّد بريدك" in client.get(answer.url).content.decode()
    assert (mailoutbox, Subscription.objects.count()) == ([], 0)


def test_stamp_of_an_open_page_never_gets_too_old(client: Client, clock, post: Post, mailing_list, mailoutbox) -> None:
    stamp = stamp_in(client.get("/newsletter/"))
    clock.shift(timedelta(days=30))
    post("/newsletter/subscribe/", {"email": EMAIL, "stamp": stamp})
    assert len(mailoutbox) == 1


def test_correcting_a_mistake_quickly_is_not_held_against_a_reader(
    client: Client, clock, post: Post, mailing_list, mailoutbox
) -> None:
    stamp = stamp_in(client.get("/newsletter/"))
    clock.shift(timedelta(seconds=5))
    page = post("/newsletter/subscribe/", {"email": "layla@", "stamp": stamp})
    assert stamp_in(page) == stamp
    post("/newsletter/subscribe/", {"email": EMAIL, "stamp": stamp})
    assert len(mailoutbox) == 1


def test_page_with_a_stamp_is_kept_by_no_cache_and_the_box_of_other_pages_has_none(
    client: Client, mailing_list
) -> None:
    assert "no-store" in client.get("/newsletter/").headers["Cache-Control"]
    assert 'name="stamp"' not in client.get("/newsletter/confirm/x/").content.decode()


def test_bait_is_out_of_every_readers_way(client: Client, mailing_list) -> None:
    page = client.get("/newsletter/").content.decode()
    assert re.search(r'<p hidden><label[^>]*>[^<]+</label><input [^>]*name="website"[^>]*tabindex="-1"', page)


def test_mistyped_domain_is_asked_about_once(post: Post, mailoutbox) -> None:
    asked = post("/newsletter/subscribe/", {"email": "layla@gmial.com"})
    page = asked.content.decode()
    assert (asked.status_code, mailoutbox) == (400, [])
    assert page.count("هل تقصد gmail.com؟") == 2
    assert 'name="email" value="layla@gmail.com"' in page
    assert 'name="kept" value="layla@gmial.com"' in page
    post("/newsletter/subscribe/", {"email": "layla@gmial.com", "kept": "layla@gmial.com"})
    assert [mail.to for mail in mailoutbox] == [["layla@gmial.com"]]


def test_button_with_the_other_domain_wins_over_what_was_typed(post: Post, mailoutbox) -> None:
    """The browser sends the field and then the button that was pressed, both by the name of the field."""
    data = {"email": ["layla@gmial.com", "layla@gmail.com"], "kept": "layla@gmial.com"}
    post("/newsletter/subscribe/", data)
    assert [mail.to for mail in mailoutbox] == [["layla@gmail.com"]]


def test_another_slip_is_asked_about_again(post: Post, mailoutbox) -> None:
    data = {"email": "layla@gmal.com", "kept": "layla@gmial.com"}
    assert post("/newsletter/subscribe/", data).status_code == 400
    assert mailoutbox == []
