"""Invariant 11 of the newsletter: every message, byte for byte, as a mail server gets it."""

import re
from datetime import UTC
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest

from newsletter.enums import Tracking
from newsletter.mails.assembling import Assembler, HeaderRefused, TamperedMail
from newsletter.mails.checking import LARGEST_HTML
from newsletter.mails.compiling import compile_issue
from newsletter.mails.message_ids import message_id
from newsletter.mails.rendering import render_issue
from newsletter.mails.slots import Recipient
from newsletter.mails.verp import leaving_address
from newsletter.models import CompiledMail, Issue
from newsletter.tokens import preferences_token, read_unsubscribe_token, unsubscribe_token
from newsroom.lib.bidi import without_marks
from tests.conftest import NOW
from tests.newsletter.mails.conftest import ADDRESS

HOSTILE = "a\r\nBcc: thief@example.net\r\n\r\n<script>alert(1)</script>\"&'\u202e"


def message_of(issue: Issue, recipient: Recipient) -> bytes:
    return Assembler(issue, compile_issue(issue)).message(recipient)


def parsed(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    assert not [defect for part in found.walk() for defect in part.defects]
    return found


def html_of(raw: bytes) -> str:
    return parsed(raw).get_body(("html",)).get_content()


def text_of(raw: bytes) -> str:
    return parsed(raw).get_body(("plain",)).get_content()


def test_bytes_pass_every_mail_server(issue, recipient) -> None:
    """RFC 5321 and 5322: seven bits, CRLF alone, short lines, and no line that begins with a dot."""
    raw = message_of(issue, recipient)
    assert raw.isascii()
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not [line for line in lines if line.startswith(b".")]
    body = raw.partition(b"\r\n\r\n")[2]
    assert max(map(len, body.split(b"\r\n"))) <= 76


def test_headers(issue, recipient, clock, settings) -> None:
    message = parsed(message_of(issue, recipient))
    link = f"http://127.0.0.1:8000/newsletter/unsubscribe/{unsubscribe_token(9)}/"
    assert {name: str(value) for name, value in message.items()} == {
        "From": "مدار اليوم <newsroom@127.0.0.1>",
        "To": "ليلى <layla@example.com>",
        "Subject": issue.subject,
        "Date": "Fri, 20 Nov 2026 06:40:00 +0000",
        "Message-ID": message_id(123),
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": "<daily.127.0.0.1>",
        "Feedback-ID": f"issue{issue.pk}:list{issue.mailing_list_id}:edition:127001",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/alternative; boundary="=_alternative_="',
    }
    assert message["Date"].datetime.astimezone(UTC) == NOW
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert {part["Content-Transfer-Encoding"] for part in message.iter_parts()} == {"base64"}


def test_one_click_header_is_one_line_and_names_subscription_and_list(issue, recipient) -> None:
    """RFC 8058 §3.1; some programs do not unfold it."""
    raw = message_of(issue, recipient)
    [token] = re.findall(rb"\r\nList-Unsubscribe: <http://127[^>\r\n]*/unsubscribe/([^/>]+)/>\r\n", raw)
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    assert read_unsubscribe_token(token.decode()) == recipient.subscription_id


def test_mailbox_for_reports_takes_leaving_by_mail_too(issue, recipient, settings) -> None:
    """RFC 2369: angle brackets, the better way first. Some programs know no other."""
    settings.BOUNCE_ADDRESS = "bounces@news.example.org"
    raw = message_of(issue, recipient)
    line = rb"\r\nList-Unsubscribe: <http[^>\r\n]+/>, <mailto:([^>?]+)\?subject=unsubscribe>\r\n"
    [address] = re.findall(line, raw)
    assert address.decode() == leaving_address(recipient.delivery_id)


def test_list_with_arabic_slug_has_an_ascii_id(issue, recipient) -> None:
    issue.mailing_list.slug = "نشرة"
    issue.mailing_list.save()
    assert parsed(message_of(issue, recipient))["List-Id"] == f"<list-{issue.mailing_list_id}.127.0.0.1>"


def test_list_with_a_sender_of_its_own(issue, recipient) -> None:
    mailing_list = issue.mailing_list
    mailing_list.from_name, mailing_list.from_email = "نشرة المدينة", "city@news.example.org"
    mailing_list.reply_to = "desk@مثال.إختبار"
    mailing_list.save()
    message = parsed(message_of(issue, recipient))
    assert str(message["From"]) == "نشرة المدينة <city@news.example.org>"
    assert str(message["Reply-To"]) == "desk@xn--mgbh0fb.xn--kgbechtv"


def test_each_variant_has_its_own_subject(issue, recipient) -> None:
    assembler = Assembler(issue, compile_issue(issue))
    second = parsed(assembler.message(recipient._replace(variant="b")))
    assert without_marks(str(second["Subject"])) == issue.subject_b
    assert str(parsed(assembler.message(recipient))["Subject"]) == issue.subject


def test_slots_hold_what_is_the_readers_own(issue, recipient) -> None:
    raw = message_of(issue, recipient)
    for text in (html_of(raw), text_of(raw)):
        assert "ليلى" in text
        assert "layla@example.com" in text
        assert f"/newsletter/unsubscribe/{unsubscribe_token(9)}/" in text
        assert f"/newsletter/preferences/{preferences_token(7)}/" in text
        assert f"/newsletter/issues/{issue.pk}/" in text
        assert ADDRESS in text
        assert not re.search(r"slot[0-9a-f]{16}", text)


def test_reader_without_a_name_is_greeted_all_the_same(issue, recipient) -> None:
    raw = message_of(issue, recipient._replace(name="  "))
    fallback = CompiledMail.objects.first().content["fallbacks"]["name"]
    assert fallback
    assert f"\u2068{fallback}\u2069" in text_of(raw)
    assert str(parsed(raw)["To"]) == "layla@example.com"


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attributes: object) -> None:
        self.tags.append(tag)


@pytest.mark.parametrize("name", ["ادخل إلى win.example.com", "https://١٢٧", "Prize@Evil.Example"])
def test_name_that_leads_elsewhere_is_none(issue, recipient, name: str) -> None:
    """Mail programs make links of it, and whoever was passed a newsletter can change the name of its reader."""
    raw = message_of(issue, recipient._replace(name=name))
    assert name not in text_of(raw)
    assert name not in html_of(raw)
    assert str(parsed(raw)["To"]) == "layla@example.com"
    kept = message_of(issue, recipient._replace(name="د.ليلى J. Smith"))
    assert "د.ليلى" in text_of(kept)


def test_hostile_name_stays_a_name(issue, recipient) -> None:
    hostile = HOSTILE.replace("@example.net", "")
    raw = message_of(issue, recipient._replace(name=hostile))
    message = parsed(raw)
    assert message["Bcc"] is None
    assert message["To"].addresses[0].addr_spec == "layla@example.com"
    assert len(message["To"].addresses) == 1
    elements = Elements()
    elements.feed(html_of(raw))
    assert "script" not in elements.tags
    assert "<script" not in html_of(raw)
    assert "Bcc: thief" in text_of(raw)
    # Its mark of direction reaches no further than the name, and the first lines of the text stay what they are.
    assert "\u202e" not in text_of(raw)
    assert message.get_payload()[0].get_content_type() == "text/plain"


@pytest.mark.parametrize(
    "email", ["a\r\nBcc: x@example.org", "layla@example.com\n", "a@example.org,b@example.org", "", "ليلى@example.org"]
)
def test_hostile_address_is_refused(issue, recipient, email: str) -> None:
    with pytest.raises(HeaderRefused):
        message_of(issue, recipient._replace(email=email))


def test_hostile_words_of_an_issue_stay_words(issue, recipient, mailing_list) -> None:
    mailing_list.name = mailing_list.from_name = HOSTILE.replace("\r\n", " ")
    mailing_list.save()
    issue.items.update(headline="<script>x</script>", summary="<img src=x onerror=x>\r\n.\r\nQUIT")
    Issue.objects.filter(pk=issue.pk).update(subject=HOSTILE, subject_b="", preheader=HOSTILE)
    issue.refresh_from_db()
    raw = message_of(issue, recipient)
    assert parsed(raw)["Bcc"] is None
    assert len(parsed(raw).items()) == 13
    assert "<script" not in html_of(raw)
    assert "<img src=x" not in html_of(raw)


def test_text_part_says_everything(issue, recipient) -> None:
    raw = message_of(issue, recipient)
    text = text_of(raw)
    for item in issue.items.all():
        for line in filter(None, [item.headline, *item.summary.splitlines(), item.url]):
            assert " ".join(without_marks(line).split()) in " ".join(without_marks(text).split())
    assert "ذُكر سابقًا أن الموعد السبت." in text
    for address in re.findall(r"https?://\S+", text):
        assert f"\n{address}\n" in text
        assert address.isascii()
    assert not re.search(r"\n{3,}|[ \t]\n", text)
    assert "<" not in text


def test_address_in_a_text_stands_alone(issue) -> None:
    issue.items.filter(article=None).update(summary="انظر https://example.org/a/ ثم C++ وwww.example.net.")
    lines = render_issue(issue).text.splitlines()
    first = lines.index("https://example.org/a/")
    assert lines[first - 1 : first + 3] == ["انظر", "https://example.org/a/", "ثم \u200eC++\u200e و", "www.example.net"]
    assert "." not in lines


def test_links_are_straight_where_nothing_is_counted(issue, recipient) -> None:
    issue.tracking = Tracking.OFF
    issue.save()
    html = html_of(message_of(issue, recipient))
    assert "/newsletter/c/" not in html
    assert "/newsletter/o/" not in html
    assert "https://example.org/a?b=1&amp;c=2" in html
    assert not issue.link_targets.exists()


def test_counted_links_lead_to_noted_targets_and_tell_nobody_apart(issue, recipient) -> None:
    assembler = Assembler(issue, compile_issue(issue))
    found = [
        set(re.findall(r"/newsletter/[co]/[^\"]+", html_of(assembler.message(who))))
        for who in (recipient, recipient._replace(delivery_id=124, subscriber_id=8, subscription_id=10))
    ]
    assert found[0] == found[1]
    assert len(found[0]) == 5
    targets = dict(issue.link_targets.values_list("number", "url"))
    assert sorted(targets) == [1, 2, 3, 4]
    assert targets[1] == "https://example.org/a?b=1&c=2"
    assert [targets[number] for number in (2, 3, 4)] == [item.url for item in issue.items.all() if item.article_id]


def test_individual_links_name_the_delivery(issue, recipient) -> None:
    issue.tracking = Tracking.INDIVIDUAL
    issue.save()
    assembler = Assembler(issue, compile_issue(issue))
    first, second = (
        set(re.findall(r"/newsletter/[co]/[^\"]+", html_of(assembler.message(who))))
        for who in (recipient, recipient._replace(delivery_id=124))
    )
    assert len(first) == len(second) == 5
    assert not first & second
    assert all("-123." in link for link in first)


def test_plain_text_is_never_counted(issue, recipient) -> None:
    assert not re.search(r"/newsletter/[co]/", text_of(message_of(issue, recipient)))


def test_html_stays_below_what_gmail_shows(issue, recipient) -> None:
    longest = recipient._replace(email=f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 58}.com", name="ليلى" * 20)
    assert len(html_of(message_of(issue, longest)).encode()) < LARGEST_HTML


def test_same_message_at_every_attempt(issue, recipient, clock) -> None:
    mails = compile_issue(issue)
    first = Assembler(issue, mails).message(recipient)
    clock.shift(3600)
    second = Assembler(issue, CompiledMail.objects.all()).message(recipient)
    assert re.sub(rb"\r\nDate: [^\r]+", b"", first) == re.sub(rb"\r\nDate: [^\r]+", b"", second)


def test_return_path_names_the_delivery(issue, settings) -> None:
    assembler = Assembler(issue, compile_issue(issue))
    assert assembler.envelope_sender(123) == "newsroom@127.0.0.1"
    settings.BOUNCE_ADDRESS = "bounces@news.example.org"
    assert re.fullmatch(r"bounces\+d123\.[0-9a-f]{10}@news\.example\.org", assembler.envelope_sender(123))


def test_changed_mail_is_not_sent(issue, recipient) -> None:
    [mail, _second] = compile_issue(issue)
    mail.content["html"][0] = mail.content["html"][0].replace("حديقة", "حفرة")
    mail.save()
    with pytest.raises(TamperedMail):
        Assembler(issue, CompiledMail.objects.all())
