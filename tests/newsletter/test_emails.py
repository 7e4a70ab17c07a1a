import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage as Parsed

import pytest
from django.core.mail import EmailMessage

from newsletter import emails
from newsletter.models import Subscription
from newsletter.tokens import preferences_token
from pages import current, mailing
from tests.factories import make_site
from tests.newsletter.conftest import EMAIL, Post, part, path_in, unsubscribe_path

pytestmark = pytest.mark.django_db


def name_site(name: str) -> None:
    make_site(name=name)
    current.forget_site()


def on_the_wire(mail: EmailMessage) -> Parsed:
    """As a mail program reads the bytes that leave us."""
    return message_from_bytes(mail.message().as_bytes(), policy=policy.default)


@pytest.fixture
def confirmation(sign_up: Post, mailoutbox: list[EmailMessage]) -> EmailMessage:
    name_site("صحيفة المرسى")
    sign_up()
    return mailoutbox[-1]


@pytest.fixture
def welcome(confirmation: EmailMessage, post: Post, mailoutbox: list[EmailMessage]) -> EmailMessage:
    post(path_in(confirmation))
    return mailoutbox[-1]


@pytest.fixture
def already(subscription: Subscription, sign_up: Post, mailoutbox: list[EmailMessage]) -> EmailMessage:
    sign_up()
    return mailoutbox[-1]


def test_arabic_subject_and_sender_survive_the_wire(confirmation: EmailMessage) -> None:
    parsed = on_the_wire(confirmation)
    assert parsed["Subject"] == "أكّد اشتراكك في نشرة صحيفة المرسى"
    assert parsed["From"].addresses[0].display_name == "صحيفة المرسى"
    assert parsed["From"].addresses[0].addr_spec == "newsroom@127.0.0.1"
    assert parsed["To"] == EMAIL


def test_headers_are_seven_bit_and_no_line_is_too_long(welcome: EmailMessage) -> None:
    raw = welcome.message().as_bytes()
    headers, _, _ = raw.partition(b"\n\n")
    assert headers.isascii()
    assert max(map(len, raw.splitlines())) <= 998


@pytest.mark.parametrize("name", ["confirmation", "welcome", "already"])
def test_mail_is_plain_text_and_right_to_left_html(name: str, request: pytest.FixtureRequest) -> None:
    parsed = on_the_wire(request.getfixturevalue(name))
    assert [item.get_content_type() for item in parsed.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert '<html lang="ar" dir="rtl">' in part(parsed, "text/html")
    tables_and_cells = re.findall("<(?:table|td|ul)\\b[^>]*>", part(parsed, "text/html"))
    assert [tag for tag in tables_and_cells if 'dir="rtl"' not in tag] == []
    assert "<" not in part(parsed, "text/plain")
    assert parsed["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("name", ["confirmation", "welcome", "already"])
def test_links_in_mails_start_with_the_address_of_the_site(name, request: pytest.FixtureRequest, settings) -> None:
    mail = request.getfixturevalue(name)
    html = part(on_the_wire(mail), "text/html")
    assert html.count("href=") == html.count(f'href="{settings.SITE_URL}/') >= 2
    assert mail.body.count("http") == mail.body.count(f"{settings.SITE_URL}/")


def test_host_header_of_the_request_does_not_reach_the_mail(sign_up: Post, mailoutbox, settings) -> None:
    settings.ALLOWED_HOSTS = ["other.example"]
    sign_up(headers={"host": "other.example"})
    assert "other.example" not in mailoutbox[0].message().as_string()


def test_welcome_carries_the_one_click_headers_exactly(welcome: EmailMessage, settings) -> None:
    link = settings.SITE_URL + unsubscribe_path(Subscription.objects.get())
    lines = welcome.message().as_bytes().splitlines()
    assert f"List-Unsubscribe: <{link}>".encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert link in welcome.body
    assert f'href="{link}"' in part(on_the_wire(welcome), "text/html")


def test_confirmation_has_the_way_out_for_who_never_asked(confirmation: EmailMessage, settings) -> None:
    path = path_in(confirmation, "not-me")
    assert f'href="{settings.SITE_URL}{path}"' in part(on_the_wire(confirmation), "text/html")


@pytest.mark.parametrize("name", ["welcome", "already"])
def test_every_mail_to_a_subscriber_leads_to_the_settings(name: str, request: pytest.FixtureRequest, settings) -> None:
    mail = request.getfixturevalue(name)
    path = path_in(mail, "preferences")
    assert path == f"/newsletter/preferences/{preferences_token(Subscription.objects.get().subscriber_id)}/"
    assert f'href="{settings.SITE_URL}{path}"' in part(on_the_wire(mail), "text/html")


def test_mails_with_a_link_to_the_data_say_nothing_of_them(subscription: Subscription) -> None:
    for mail in (emails.download_link(subscription.subscriber), emails.erasure_link(subscription.subscriber)):
        parsed = on_the_wire(mail)
        assert "layla" not in mail.body + part(parsed, "text/html")
        assert "List-Unsubscribe" not in parsed
        tags = re.findall("<(?:table|td|ul)\\b[^>]*>", part(parsed, "text/html"))
        assert [tag for tag in tags if 'dir="rtl"' not in tag] == []


def test_confirmation_offers_no_unsubscribing_from_what_nobody_confirmed(confirmation: EmailMessage) -> None:
    assert "List-Unsubscribe" not in on_the_wire(confirmation)
    assert "unsubscribe" not in confirmation.body


def test_confirmed_reader_who_asks_again_gets_the_way_out(already: EmailMessage) -> None:
    assert path_in(already, "unsubscribe") == unsubscribe_path(Subscription.objects.get())
    assert "/newsletter/confirm/" not in already.body


def test_hostile_name_of_a_site_adds_no_header_and_no_markup(sign_up: Post, mailoutbox) -> None:
    name_site('x"\r\nBcc: victim@example.com\u202e <script>alert(1)</script> \\')
    sign_up()
    parsed = on_the_wire(mailoutbox[0])
    assert "Bcc" not in parsed
    assert "\u202e" not in parsed["Subject"]
    assert mailoutbox[0].recipients() == [EMAIL]
    assert [address.addr_spec for address in parsed["From"].addresses] == ["newsroom@127.0.0.1"]
    assert "<script" not in part(parsed, "text/html")
    assert "&lt;script&gt;" in part(parsed, "text/html")
    assert "<script>" in part(parsed, "text/plain")


def test_subject_that_starts_in_latin_letters_is_laid_out_right_to_left(welcome: EmailMessage) -> None:
    subscription = Subscription.objects.get()
    subscription.mailing_list.name = "Tech نشرة"
    assert emails.welcome(subscription).subject == "اكتمل اشتراكك: Tech نشرة"
    assert mailing.one_line("Tech اليوم") == "\u200fTech اليوم"
    assert mailing.one_line(" سطر\r\nBcc: x ") == "سطر Bcc: x"


def test_long_arabic_name_is_cut_between_letters_and_read_whole(sign_up: Post, mailoutbox) -> None:
    name = "صحيفة المدينة المستقلة لأخبار الساحل والجبل والسهول الواسعة في كل يوم وليلة"
    name_site(name)
    sign_up()
    sender = message_from_bytes(mailoutbox[0].message().as_bytes())["From"]
    assert "?=\n =?" in sender
    # Not by policy.default: before Python 3.13 it reads the space between two encoded words as text.
    assert str(make_header(decode_header(sender))) == f"{name} <newsroom@127.0.0.1>"


def test_sender_keeps_a_name_that_the_setting_brings(settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "المحرر <desk@example.com>"
    assert mailing.sender() == "المحرر <desk@example.com>"
