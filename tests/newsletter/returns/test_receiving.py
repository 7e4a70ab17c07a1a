"""Reports by mail: of several servers, in several languages, forged, cut off, and from people (invariant 13)."""

import io
import random
from datetime import UTC, datetime
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from pytest_django import Settings

from newsletter.enums import EventKind, SuppressionReason
from newsletter.mails.verp import bounce_address
from newsletter.models import Delivery, DeliveryEvent, RawReport, Subscriber, Suppression
from newsletter.returns import messages
from newsletter.returns.messages import LONGEST, Shape, read_report
from newsletter.returns.receiving import MEANINGLESS, UNIDENTIFIED, Outcome, receive
from tests.newsletter.returns import reports
from tests.newsletter.returns.reports import written
from tests.newsletter.returns.sent import make_delivery

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ALL = [
    text
    for name, text in vars(reports).items()
    if name.isupper() and isinstance(text, str) and not name.startswith("_")
]


@pytest.fixture(autouse=True)
def return_path(settings: Settings) -> None:
    settings.BOUNCE_ADDRESS = "bounces@news.example.org"


@pytest.fixture
def delivery() -> Delivery:
    return make_delivery()


@pytest.mark.parametrize("server", reports.BOUNCES)
def test_bounce_of_each_server_suppresses(server: str, delivery: Delivery):
    assert receive(written(reports.BOUNCES[server], delivery.pk)) == Outcome.NOTED
    event = DeliveryEvent.objects.get()
    assert (event.kind, event.delivery) == (EventKind.HARD_BOUNCE, delivery)
    assert Suppression.objects.get().reason == SuppressionReason.HARD_BOUNCE


@pytest.mark.parametrize("server", reports.BOUNCES)
def test_message_id_tells_the_delivery_where_the_address_does_not(server: str, delivery: Delivery):
    receive(written(reports.BOUNCES[server], delivery.pk, to="bounces@news.example.org"))
    assert DeliveryEvent.objects.get().delivery == delivery


@pytest.mark.parametrize("server", reports.BOUNCES)
def test_address_of_the_report_tells_the_delivery_where_nothing_is_quoted(server: str, delivery: Delivery):
    receive(written(reports.BOUNCES[server], delivery.pk, mail_id="<other@example.net>"))
    assert DeliveryEvent.objects.get().delivery == delivery


def test_recipient_of_the_envelope_tells_the_delivery(delivery: Delivery):
    raw = written(reports.QMAIL, delivery.pk, to="postmaster@example.org", mail_id="<x@y>")
    receive(raw, recipients=[bounce_address(delivery.pk)])
    assert DeliveryEvent.objects.get().delivery == delivery


def test_full_mailbox_is_a_soft_bounce(delivery: Delivery):
    receive(written(reports.GMAIL, delivery.pk))
    event = DeliveryEvent.objects.get()
    assert event.kind == EventKind.SOFT_BOUNCE
    assert event.detail.startswith("5.2.2 552-5.2.2 The recipient's inbox is out of storage")
    assert Subscriber.objects.get().soft_bounce_count == 1
    assert not Suppression.objects.exists()


def test_bounce_in_words_of_any_language_is_known_by_its_address(delivery: Delivery):
    """No code and no field: it came back, and that is all that is known."""
    assert receive(written(reports.IN_ARABIC_WORDS, delivery.pk)) == Outcome.NOTED
    assert DeliveryEvent.objects.get().kind == EventKind.SOFT_BOUNCE


def test_refusal_of_the_sender_suppresses_nobody(delivery: Delivery):
    receive(written(reports.MICROSOFT_POLICY, delivery.pk))
    assert DeliveryEvent.objects.get().kind == EventKind.REJECTED
    assert not Suppression.objects.exists()
    assert Subscriber.objects.get().soft_bounce_count == 0


def test_delay_is_noted_and_no_bounce(delivery: Delivery):
    receive(written(reports.POSTFIX_DELAYED, delivery.pk))
    assert DeliveryEvent.objects.get().kind == EventKind.DEFERRED
    assert Subscriber.objects.get().soft_bounce_count == 0


def test_complaint_of_a_feedback_loop_suppresses(delivery: Delivery):
    receive(written(reports.ARF, delivery.pk))
    assert DeliveryEvent.objects.get().kind == EventKind.COMPLAINED
    assert Suppression.objects.get().reason == SuppressionReason.COMPLAINT


def test_opt_out_of_a_feedback_loop_ends_the_subscription(delivery: Delivery):
    receive(written(reports.ARF.replace("Feedback-Type: abuse", "Feedback-Type: opt-out"), delivery.pk))
    assert DeliveryEvent.objects.get().kind == EventKind.UNSUBSCRIBED
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "dmarc", "من", ""])
def test_other_feedback_is_kept_and_harms_nobody(kind: str, delivery: Delivery):
    receive(written(reports.ARF.replace("Feedback-Type: abuse", f"Feedback-Type: {kind}"), delivery.pk))
    assert not DeliveryEvent.objects.exists()
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("notice", [reports.VACATION, reports.VACATION_OF_OLD_SERVER])
def test_invariant_13_notice_of_absence_is_no_bounce_and_gets_no_answer(
    notice: str, delivery: Delivery, mailoutbox: list[EmailMessage]
):
    assert receive(written(notice, delivery.pk)) == Outcome.IGNORED
    assert not DeliveryEvent.objects.exists()
    assert not RawReport.objects.exists()
    assert not mailoutbox


def test_invariant_13_loop_of_reports_sends_nothing(delivery: Delivery, mailoutbox: list[EmailMessage]):
    """Our own bounces, sent to ourselves again and again."""
    report = written(reports.POSTFIX, delivery.pk)
    for _round in range(5):
        receive(report)
        report = written(reports.POSTFIX, delivery.pk, to="bounces@news.example.org") + report
    assert not mailoutbox
    assert DeliveryEvent.objects.count() == 1


def test_mail_of_a_person_is_kept_for_the_pipe_and_left_in_a_mailbox(delivery: Delivery):
    raw = written(reports.PERSON, delivery.pk)
    assert receive(raw, keeps_unrelated=False) == Outcome.UNRELATED
    assert not RawReport.objects.exists()
    assert receive(raw) == Outcome.UNRELATED
    assert RawReport.objects.get().error == MEANINGLESS
    assert not DeliveryEvent.objects.exists()


def test_report_about_mail_that_is_not_ours_is_kept_with_the_reason():
    raw = written(reports.POSTFIX, 1, to="someone@news.example.org", mail_id="<other@example.net>")
    assert receive(raw) == Outcome.KEPT
    assert receive(raw) == Outcome.KEPT
    [kept] = RawReport.objects.all()
    assert kept.error == UNIDENTIFIED
    assert "User unknown" in kept.body


def test_forged_names_suppress_nobody(delivery: Delivery):
    """An address in a report proves nothing; neither does a delivery whose signature is made up."""
    raw = written(
        reports.POSTFIX,
        delivery.pk,
        to=f"bounces+d{delivery.pk}.0123456789@news.example.org",
        mail_id=f"<d{delivery.pk}.01234567@127.0.0.1>",
    )
    assert receive(raw) == Outcome.KEPT
    assert not Suppression.objects.exists()


def test_invariant_13_report_about_a_row_that_is_gone_is_stored():
    assert receive(written(reports.POSTFIX, 4_711)) == Outcome.NOTED
    assert DeliveryEvent.objects.get().delivery is None


def test_one_of_several_mailboxes_that_got_it_is_enough(delivery: Delivery):
    second = "\n\nFinal-Recipient: rfc822; other@example.com\nAction: delivered\nStatus: 2.0.0"
    end = "User unknown in virtual mailbox table\n\n--4F1.1763620200/mx.example.net\nContent-Description: Und"
    assert end in reports.POSTFIX
    receive(written(reports.POSTFIX.replace(end, end.replace("\n\n", f"{second}\n\n", 1)), delivery.pk))
    assert DeliveryEvent.objects.get().kind == EventKind.DELIVERED


def test_status_in_an_encoded_part_is_read(delivery: Delivery):
    head, _mark, rest = reports.POSTFIX.partition("Content-Type: message/delivery-status\n\n")
    status, mark, tail = rest.partition("\n--4F1")
    coded = EmailMessage()
    coded.set_content(status, cte="base64")
    encoded = f"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n{coded.get_payload()}"
    report = read_report(written(head + encoded + mark + tail, delivery.pk))
    assert (report.shape, report.enhanced) == (Shape.BOUNCE, "5.1.1")


def test_report_is_dated_as_it_says(delivery: Delivery):
    receive(written(reports.POSTFIX, delivery.pk))
    assert DeliveryEvent.objects.get().at == datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize("date", ["Fri, 20 Nov 2099 00:00:00 +0000", "Fri, 20 Nov 1999 00:00:00 +0000", "x", "1 2 3 4"])
def test_date_of_a_wrong_clock_is_not_believed(date: str, delivery: Delivery):
    raw = written(reports.POSTFIX.replace("Fri, 20 Nov 2026 06:30:00 +0000 (UTC)", date, 1), delivery.pk)
    receive(raw)
    assert DeliveryEvent.objects.get().at == datetime(2026, 11, 20, 6, 40, tzinfo=UTC)


@pytest.mark.parametrize("text", ALL)
def test_cut_off_anywhere_no_report_breaks_the_reader(text: str):
    raw = written(text, 7)
    for end in range(0, len(raw), 37):
        assert read_report(raw[:end]).shape in Shape


def test_random_bytes_break_nothing():
    chance = random.Random(6)  # noqa: S311 - not a secret
    whole = [written(text, 7) for text in ALL]
    for _round in range(2000):
        raw = bytearray(chance.choice(whole))
        for _byte in range(chance.randrange(1, 40)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        assert read_report(bytes(raw)).shape in Shape
        assert read_report(chance.randbytes(chance.randrange(600))).shape in Shape


HOSTILE = {
    "charset": b"Content-Type: text/plain; charset=\"no\x00such\xff\"\n\n\xff\xfe",
    "charset that is no text": b"Content-Type: text/plain; charset=base64\n\nabc",
    "charset of bytes": b"Content-Type: text/plain; charset=rot13\n\nabc",
    "encoding": b"Content-Type: text/plain\nContent-Transfer-Encoding: uuencode\n\nbegin 666 x\nM",
    "base64": b"Content-Transfer-Encoding: base64\n\n=====a",
    "boundary": b"Content-Type: multipart/report; boundary=\"\"\n\n--\n\n----",
    "continued parameter": b"Content-Type: text/plain; charset*0*=utf-8'x'%ff; charset*1=b\n\nx",
    "deep": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(4000)),
    "nested messages": b"Content-Type: message/rfc822\n\n" * 8000,
    "header of bytes": b"From: \xd9\x84\xff MAILER-DAEMON@x\nDate: \xff\nTo: \xff@\xff\n\n550 5.1.1",
    "endless line": b"To: " + b"<" * 200_000 + b"\n\n",
    "fields": b"Status:\n" * 30_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_bad_mime_breaks_nothing(name: str):
    assert receive(HOSTILE[name]) in {Outcome.UNRELATED, Outcome.KEPT, Outcome.IGNORED}


def test_only_the_beginning_of_a_long_mail_is_read(delivery: Delivery, monkeypatch: pytest.MonkeyPatch):
    seen: list[int] = []
    parse = messages._parse
    monkeypatch.setattr(messages, "_parse", lambda raw: seen.append(len(raw)) or parse(raw))
    assert receive(written(reports.POSTFIX, delivery.pk) + b"x" * 3_000_000) == Outcome.NOTED
    assert seen == [LONGEST]


def test_command_reads_a_pipe(delivery: Delivery, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    raw = written(reports.QMAIL, 1, to="x@example.org", mail_id="<x@y>") + b"x" * 2 * LONGEST
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    call_command("receive_report", recipient=bounce_address(delivery.pk))
    assert capsys.readouterr().out == "noted\n"
    assert DeliveryEvent.objects.get().delivery == delivery


def test_receipt_of_reading_is_no_report_about_delivery(delivery: Delivery):
    raw = written(reports.READ_RECEIPT, delivery.pk)
    assert receive(raw) == Outcome.IGNORED
    assert not DeliveryEvent.objects.exists()


def test_command_asks_the_mail_server_to_try_again_when_the_database_does_not_answer(monkeypatch: pytest.MonkeyPatch):
    def refuse(*args: object, **kwargs: object) -> None:
        raise DatabaseError("locked")

    monkeypatch.setattr("newsletter.management.commands.receive_report.receive", refuse)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"x")))
    with pytest.raises(SystemExit) as end:
        call_command("receive_report")
    assert end.value.code == 75
