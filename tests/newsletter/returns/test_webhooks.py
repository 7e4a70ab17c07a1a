"""Reports of mail providers: signed or not, in any order, twice, too long, or broken (invariant 13)."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from newsletter.enums import EventKind, SubscriptionStatus, SuppressionReason
from newsletter.mails.message_ids import message_id
from newsletter.models import Delivery, DeliveryEvent, RawReport, Subscription, Suppression
from newsletter.report_views import LONGEST
from newsletter.returns.webhooks import NOT_UNDERSTOOD, WAITING, read_waiting
from newsroom.lib.mail_setup import PROVIDERS
from tests.newsletter.returns.sent import EMAIL, make_delivery

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

SIGNING_KEY = "key-of-the-provider-0123456789"
SECRET = "reports:a-long-word-that-nobody-guesses"
Run = Callable[..., int]


@pytest.fixture
def delivery() -> Delivery:
    return make_delivery()


def post(client: Client, provider: str, body: bytes | str, **headers: str) -> HttpResponse:
    path = f"/newsletter/reports/{provider}/"
    return client.post(path, body, content_type="application/json", headers=headers)


# --- Mailgun: a signature over time and token ---


@pytest.fixture
def mailgun(settings: Settings) -> None:
    settings.MAIL_PROVIDER = "mailgun"
    settings.ANYMAIL = {"MAILGUN_API_KEY": "other", "MAILGUN_WEBHOOK_SIGNING_KEY": SIGNING_KEY}


def by_mailgun(delivery: Delivery | None, event: str, number: str = "t1", key: str = SIGNING_KEY, **data: Any) -> str:
    signature = hmac.new(key.encode(), f"1763620200{number}".encode(), hashlib.sha256).hexdigest()
    known = {"message": {"headers": {"message-id": message_id(delivery.pk).strip("<>")}}} if delivery else {}
    return json.dumps(
        {
            "signature": {"timestamp": "1763620200", "token": number, "signature": signature},
            "event-data": {"event": event, "timestamp": 1763620200.5, "recipient": EMAIL, **known, **data},
        }
    )


GONE = {"severity": "permanent", "delivery-status": {"code": 550, "message": "550 5.1.1 <layla@example.com> unknown"}}


@pytest.mark.usefixtures("mailgun")
def test_hard_bounce_reported_by_mailgun_suppresses(client: Client, delivery: Delivery, run_tasks: Run):
    assert post(client, "mailgun", by_mailgun(delivery, "failed", **GONE)).status_code == 200
    assert RawReport.objects.get().error == WAITING, "answered before it is read"
    run_tasks()
    event = DeliveryEvent.objects.get()
    assert (event.provider, event.kind, event.delivery) == ("mailgun", EventKind.HARD_BOUNCE, delivery)
    assert Suppression.objects.get().reason == SuppressionReason.HARD_BOUNCE
    assert not RawReport.objects.exists()


@pytest.mark.usefixtures("mailgun")
@pytest.mark.parametrize(
    "body",
    [
        by_mailgun(None, "complained", key="another key"),
        by_mailgun(None, "complained").replace('"t1"', '"t2"'),
        by_mailgun(None, "complained").replace('"t1"', '"\\u0645"'),
        by_mailgun(None, "complained").replace('"signature": "', '"signature": "\\u0645'),
        '{"signature": []}',
        '{"event-data": {}}',
        "[]",
        "null",
        "{",
        "",
        b"\xff\xfe",
    ],
)
def test_invariant_13_report_without_the_right_signature_is_refused_and_not_stored(body: str | bytes, client: Client):
    assert post(client, "mailgun", body).status_code == 403
    assert not RawReport.objects.exists()
    assert not DeliveryEvent.objects.exists()


@pytest.mark.usefixtures("mailgun")
def test_invariant_13_report_that_is_sent_twice_counts_once(client: Client, delivery: Delivery, run_tasks: Run):
    for _time in range(2):
        post(client, "mailgun", by_mailgun(delivery, "unsubscribed"))
        run_tasks()
        Subscription.objects.update(status=SubscriptionStatus.CONFIRMED, ended_at=None)
    assert DeliveryEvent.objects.count() == 1
    post(client, "mailgun", by_mailgun(delivery, "unsubscribed"))
    run_tasks()
    assert Subscription.objects.get().is_confirmed, "the reader came back after that"


@pytest.mark.usefixtures("mailgun")
@pytest.mark.parametrize("order", [("failed", "complained", "delivered"), ("delivered", "complained", "failed")])
def test_invariant_13_reports_in_any_order_end_alike(order, client: Client, delivery: Delivery, run_tasks: Run):
    for event in order:
        post(client, "mailgun", by_mailgun(delivery, event, number=event, **(GONE if event == "failed" else {})))
    run_tasks()
    assert DeliveryEvent.objects.count() == 3
    assert Suppression.objects.get().reason == SuppressionReason.COMPLAINT


@pytest.mark.usefixtures("mailgun")
def test_invariant_13_report_about_an_unknown_message_is_stored(client: Client, run_tasks: Run):
    post(client, "mailgun", by_mailgun(None, "delivered"))
    run_tasks()
    assert DeliveryEvent.objects.get().delivery is None


@pytest.mark.usefixtures("mailgun")
@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"severity": "temporary", "delivery-status": {"message": "450 4.2.1 try later"}}, EventKind.DEFERRED),
        ({"severity": "permanent", "delivery-status": {"message": "552 5.2.2 mailbox full"}}, EventKind.SOFT_BOUNCE),
        ({"severity": "permanent", "delivery-status": {"message": "550 5.7.1 spam"}}, EventKind.REJECTED),
        ({"severity": "permanent", "delivery-status": None}, EventKind.HARD_BOUNCE),
        ({"delivery-status": {"message": "went wrong"}}, EventKind.SOFT_BOUNCE),
    ],
)
def test_answer_of_the_mail_server_says_what_kind_of_bounce_it_is(
    data, kind, client: Client, delivery: Delivery, run_tasks: Run
):
    post(client, "mailgun", by_mailgun(delivery, "failed", **data))
    run_tasks()
    assert DeliveryEvent.objects.get().kind == kind


@pytest.mark.usefixtures("mailgun")
def test_opens_that_a_provider_counts_are_not_taken(client: Client, delivery: Delivery):
    """Whether opens are counted is the newsroom's decision, not the provider's."""
    assert post(client, "mailgun", by_mailgun(delivery, "opened")).status_code == 200
    assert not RawReport.objects.exists()


@pytest.mark.usefixtures("mailgun")
def test_signed_nonsense_is_kept_and_answered_kindly(client: Client, run_tasks: Run):
    body = json.loads(by_mailgun(None, "failed"))
    body["event-data"] = {"no": "event"}
    assert post(client, "mailgun", json.dumps(body)).status_code == 200
    assert RawReport.objects.get().error == NOT_UNDERSTOOD
    assert read_waiting() == 0


@pytest.mark.usefixtures("mailgun")
def test_report_of_more_than_two_megabytes_is_not_read(client: Client):
    assert post(client, "mailgun", b"x" * (LONGEST + 1)).status_code == 413


@pytest.mark.usefixtures("mailgun")
def test_answer_sets_no_cookie_and_costs_one_row(client: Client, delivery: Delivery, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        response = post(client, "mailgun", by_mailgun(delivery, "delivered"))
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]


@pytest.mark.usefixtures("mailgun")
def test_reports_are_posted(client: Client):
    assert client.get("/newsletter/reports/mailgun/").status_code == 405
    assert client.head("/newsletter/reports/mailgun/").status_code == 200


# --- MailerSend: a signature over the whole body ---


def by_mailersend(delivery: Delivery, kind: str, number: str = "e1") -> bytes:
    return json.dumps(
        {
            "type": f"activity.{kind}",
            "created_at": "2026-11-20T06:30:00.000000Z",
            "data": {
                "id": number,
                "type": kind,
                "created_at": "2026-11-20T06:30:00.000000Z",
                "email": {"message": {"id": "x"}, "recipient": {"email": EMAIL}, "status": "sent", "tags": None},
            },
        }
    ).encode()


@pytest.fixture
def mailersend(settings: Settings) -> None:
    settings.MAIL_PROVIDER = "mailersend"
    settings.ANYMAIL = {"MAILERSEND_API_TOKEN": "x", "MAILERSEND_SIGNING_SECRET": SIGNING_KEY}


def signed(body: bytes) -> dict[str, str]:
    return {"Signature": hmac.new(SIGNING_KEY.encode(), body, hashlib.sha256).hexdigest()}


@pytest.mark.usefixtures("mailersend")
@pytest.mark.parametrize(
    ("kind", "reason"),
    [("spam_complaint", "complaint"), ("hard_bounced", "hard_bounce"), ("soft_bounced", None)],
)
def test_report_signed_by_mailersend(kind: str, reason: str | None, client, delivery: Delivery, run_tasks: Run):
    body = by_mailersend(delivery, kind)
    assert post(client, "mailersend", body, **signed(body)).status_code == 200
    run_tasks()
    assert [row.reason for row in Suppression.objects.all()] == ([reason] if reason else [])
    assert DeliveryEvent.objects.get().provider_event_id == "e1"


@pytest.mark.usefixtures("mailersend")
def test_body_that_was_changed_is_refused(client: Client, delivery: Delivery):
    body = by_mailersend(delivery, "delivered")
    changed = body.replace(b"delivered", b"spam_complaint")
    assert post(client, "mailersend", changed, **signed(body)).status_code == 403
    assert post(client, "mailersend", body).status_code == 403
    assert not RawReport.objects.exists()


# --- Postmark: a secret in the address ---


@pytest.fixture
def postmark(settings: Settings) -> None:
    settings.MAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "x", "WEBHOOK_SECRET": SECRET}


def basic(secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}


def by_postmark(kind: str, delivery: Delivery | None = None) -> str:
    metadata = {"delivery": str(delivery.pk)} if delivery else {}
    return json.dumps({"RecordType": "Bounce", "Type": kind, "ID": 42, "Email": EMAIL, "Metadata": metadata})


@pytest.mark.usefixtures("postmark")
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("HardBounce", EventKind.HARD_BOUNCE),
        ("SoftBounce", EventKind.SOFT_BOUNCE),
        ("SpamNotification", EventKind.REJECTED),
        ("SpamComplaint", EventKind.COMPLAINED),
        ("BadEmailAddress", EventKind.HARD_BOUNCE),
        ("DMARCPolicy", EventKind.REJECTED),
    ],
)
def test_kinds_of_postmark(kind: str, expected: EventKind, client: Client, delivery: Delivery, run_tasks: Run):
    assert post(client, "postmark", by_postmark(kind, delivery), **basic(SECRET)).status_code == 200
    run_tasks()
    event = DeliveryEvent.objects.get()
    assert (event.kind, event.delivery) == (expected, delivery)


@pytest.mark.usefixtures("postmark")
@pytest.mark.parametrize(
    "headers", [{}, basic("reports:wrong"), {"Authorization": "Basic %%%"}, {"Authorization": "x"}]
)
def test_wrong_secret_is_refused(headers: dict[str, str], client: Client):
    assert post(client, "postmark", by_postmark("HardBounce"), **headers).status_code == 403
    assert not RawReport.objects.exists()


@pytest.mark.usefixtures("postmark")
def test_address_of_the_notice_is_believed_when_the_message_is_unknown(client: Client, run_tasks: Run):
    post(client, "postmark", by_postmark("SpamComplaint"), **basic(SECRET))
    run_tasks()
    assert Suppression.objects.get().reason == SuppressionReason.COMPLAINT


@pytest.mark.usefixtures("postmark")
def test_message_is_known_by_the_name_that_the_provider_gave_it(client: Client, delivery: Delivery, run_tasks: Run):
    """Providers that take no data of ours along with a mail give it a number, which is kept as their reply."""
    Delivery.objects.update(reply="id=4fa2-11")
    make_delivery(email="other@example.com", reply="id=4fa2-11")
    body = json.loads(by_postmark("SoftBounce")) | {"MessageID": "4fa2-11"}
    post(client, "postmark", json.dumps(body), **basic(SECRET))
    run_tasks()
    assert DeliveryEvent.objects.get().delivery == delivery


# --- which addresses there are ---


def test_only_the_provider_that_sends_our_mail_may_report(client: Client, settings: Settings):
    settings.MAIL_PROVIDER, settings.ANYMAIL = "brevo", {"WEBHOOK_SECRET": SECRET}
    assert post(client, "postmark", by_postmark("HardBounce"), **basic(SECRET)).status_code == 404
    assert post(client, "brevo", "{}", **basic("no:no")).status_code == 403


@pytest.mark.parametrize("provider", PROVIDERS)
def test_without_a_secret_or_a_key_nobody_is_believed(provider: str, client: Client, settings: Settings):
    settings.MAIL_PROVIDER = provider
    settings.ANYMAIL = {f"{provider.upper()}_{PROVIDERS[provider].key}": "x"}
    assert post(client, provider, "{}").status_code == 404


def test_without_a_provider_there_is_no_address(client: Client):
    assert post(client, "mailgun", "{}").status_code == 404


@pytest.mark.usefixtures("postmark")
def test_what_was_put_down_and_never_read_is_found_later(client: Client, delivery: Delivery):
    """As after a crash: the task is lost, the row is not."""
    post(client, "postmark", by_postmark("HardBounce", delivery), **basic(SECRET))
    assert read_waiting() == 1
    assert read_waiting() == 0
