"""Invariant 14: who wants to be erased is, everywhere; counts stay true; and the data are handed out whole."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from newsletter.address_keys import address_hash
from newsletter.disclosing import disclose
from newsletter.enums import DeliveryState, EventKind, IssueState, SuppressionReason
from newsletter.erasing import erase
from newsletter.models import (
    ConfirmationRequest,
    ConsentRecord,
    Delivery,
    DeliveryEvent,
    Issue,
    RawReport,
    RefusedRow,
    Subscriber,
    SubscriberImport,
    Subscription,
    Suppression,
)
from newsletter.sending.claiming import claim
from newsletter.suppressing import is_suppressed, suppress
from newsletter.tokens import download_token, erasure_token, preferences_token, unsubscribe_token
from tests.factories import make_user
from tests.newsletter.conftest import EMAIL, Post, path_in

pytestmark = pytest.mark.django_db

REFUSAL = "550 5.1.1 <Layla@example.com>: user unknown"


@pytest.fixture
def issue(subscription: Subscription) -> Issue:
    now = timezone.now()
    return Issue.objects.create(
        mailing_list=subscription.mailing_list,
        subject="أخبار اليوم",
        state=IssueState.SENDING,
        compiled_at=now,
        snapshot_at=now,
        candidate_count=2,
        sent_count=1,
    )


@pytest.fixture
def traces(subscription: Subscription, issue: Issue) -> Subscriber:
    """A reader who has left traces in every table."""
    subscriber = subscription.subscriber
    Subscriber.objects.filter(pk=subscriber.pk).update(name="ليلى حداد")
    delivery = Delivery.objects.create(
        issue=issue,
        subscriber=subscriber,
        subscription_id=subscription.pk,
        domain="example.com",
        state=DeliveryState.SENT,
        sent_at=timezone.now(),
        reply=REFUSAL,
    )
    event = {"kind": EventKind.SOFT_BOUNCE, "at": timezone.now(), "detail": REFUSAL, "provider": "smtp"}
    DeliveryEvent.objects.create(delivery=delivery, provider_event_id="1", **event)
    DeliveryEvent.objects.create(address_hash=subscriber.address_hash, provider_event_id="2", **event)
    RawReport.objects.create(provider="smtp", body=f"Final-Recipient: rfc822; {EMAIL.upper()}")
    file = SubscriberImport.objects.create(
        mailing_list=subscription.mailing_list,
        proof="نموذج ورقي",
        file_name="old.csv",
        content=f"email\n{EMAIL}\nlea.{EMAIL}\n{EMAIL}.sa\n",
        refused_count=1,
    )
    RefusedRow.objects.create(subscriber_import=file, line=2, text=f"Layla@EXAMPLE.com;{EMAIL}.sa", reason="مكرر")
    subscriber.refresh_from_db()
    return subscriber


def everything_said() -> str:
    """Every value in every table of the database, but for what a worker has still to do."""
    rows = [list(model.objects.values_list()) for model in apps.get_models(include_auto_created=True)]
    return str(rows).lower()


def ask_for(post: Post, subscriber: Subscriber, what: str, mailoutbox: list[EmailMessage]) -> str:
    post(f"/newsletter/preferences/{preferences_token(subscriber.pk)}/", {what: "1"})
    return path_in(mailoutbox[-1], what)


def test_nothing_that_names_the_reader_is_left_in_any_table(traces: Subscriber) -> None:
    assert EMAIL in everything_said()
    erase(traces)
    said = everything_said().replace(f"lea.{EMAIL}", "").replace(f"{EMAIL}.sa", "")
    for trace in ("layla", "ليلى"):
        assert trace not in said
    assert not Subscriber.objects.exists()
    assert not Subscription.objects.exists()
    assert not ConfirmationRequest.objects.exists()


def test_addresses_that_merely_look_alike_stay(traces: Subscriber) -> None:
    erase(traces)
    assert SubscriberImport.objects.get().content == f"email\n-\nlea.{EMAIL}\n{EMAIL}.sa\n"
    assert RefusedRow.objects.get().text == f";{EMAIL}.sa"


def test_counts_stay_true(traces: Subscriber, issue: Issue) -> None:
    before = Issue.objects.values().get()
    erase(traces)
    assert Issue.objects.values().get() == before
    assert list(issue.deliveries.values_list("subscriber", "state")) == [(None, DeliveryState.SENT)]
    assert DeliveryEvent.objects.count() == 2


def test_send_in_progress_skips_who_was_erased(traces: Subscriber, issue: Issue, subscription: Subscription) -> None:
    issue.deliveries.update(state=DeliveryState.PENDING, sent_at=None)
    erase(traces)
    assert claim(issue, owner="sender-1").letters == []
    assert [(row.state, row.skip_reason) for row in issue.deliveries.all()] == [(DeliveryState.SKIPPED, "erased")]
    issue.refresh_from_db()
    assert issue.skipped_count == 1


def test_consent_stays_under_the_hash_alone_and_says_that_it_ended(traces: Subscriber) -> None:
    count = ConsentRecord.objects.count()
    erase(traces)
    kept = ConsentRecord.objects.order_by("id")
    assert [row.action for row in kept] == ["requested", "confirmed", "erased"]
    assert len(kept) == count + 1
    assert {(row.subscriber, row.network, row.address_hash) for row in kept} == {(None, "", address_hash(EMAIL))}


def test_suppression_outlives_the_reader(traces: Subscriber, sign_up: Post, mailoutbox) -> None:
    suppress(EMAIL, reason=SuppressionReason.COMPLAINT)
    erase(traces)
    assert is_suppressed(EMAIL)
    sign_up()
    assert mailoutbox == []


def test_erasing_alone_keeps_nobody_from_coming_back(traces: Subscriber, sign_up: Post, post: Post, mailoutbox) -> None:
    erase(traces)
    assert not Suppression.objects.exists()
    sign_up()
    post(path_in(mailoutbox[-1]))
    assert Subscription.objects.get().is_confirmed


def test_erasing_twice_is_erasing_once(traces: Subscriber) -> None:
    again = Subscriber.objects.get()
    erase(traces)
    erase(again)
    assert ConsentRecord.objects.filter(action="erased").count() == 1


def test_log_of_the_newsroom_names_who_did_it_and_not_whose_data_they_were(traces: Subscriber) -> None:
    erase(traces, by=make_user())
    assert "layla" not in everything_said().replace(f"lea.{EMAIL}", "").replace(f"{EMAIL}.sa", "")
    assert ConsentRecord.objects.get(action="erased").place == "desk"


def test_links_of_the_erased_do_no_harm_and_say_so(client: Client, traces: Subscriber, subscription) -> None:
    erase(traces)
    leave = f"/newsletter/unsubscribe/{unsubscribe_token(subscription.pk)}/"
    assert client.post(leave, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert client.get(leave).status_code == client.post(leave).status_code == 200
    assert client.get(f"/newsletter/preferences/{preferences_token(traces.pk)}/").status_code == 410
    assert client.get(f"/newsletter/erase/{erasure_token(traces.pk)}/").status_code == 410
    assert client.post(f"/newsletter/download/{download_token(traces.pk)}/").status_code == 410


def test_reader_erases_by_a_link_that_comes_by_mail(client: Client, post: Post, traces: Subscriber, mailoutbox) -> None:
    path = ask_for(post, traces, "erase", mailoutbox)
    page = client.get(path).content.decode()
    assert "l•••@example.com" in page
    assert Subscriber.objects.exists()
    assert post(path).status_code == 200
    assert not Subscriber.objects.exists()
    assert post(path).status_code == 410


def test_reader_downloads_by_a_link_that_comes_by_mail(client, post: Post, traces: Subscriber, mailoutbox) -> None:
    path = ask_for(post, traces, "download", mailoutbox)
    assert EMAIL not in client.get(path).content.decode()
    response = post(path)
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Content-Disposition"] == 'attachment; filename="newsletter-data.json"'
    assert "no-store" in response.headers["Cache-Control"]
    assert json.loads(response.content)["subscriber"]["name"] == "ليلى حداد"


@pytest.mark.parametrize("what", ["download", "erase"])
def test_link_to_the_data_works_for_an_hour(clock, client: Client, post: Post, traces, mailoutbox, what: str) -> None:
    path = ask_for(post, traces, what, mailoutbox)
    clock.shift(timedelta(minutes=60))
    assert client.get(path).status_code == 200
    clock.shift(timedelta(seconds=1))
    assert client.get(path).status_code == post(path).status_code == 410
    assert Subscriber.objects.exists()


def test_link_for_one_purpose_serves_no_other(client: Client, post: Post, traces: Subscriber, mailoutbox) -> None:
    download = ask_for(post, traces, "download", mailoutbox).split("/")[-2]
    tokens = [download, preferences_token(traces.pk), "1", "x", "%FF"]
    assert {post(f"/newsletter/erase/{token}/").status_code for token in tokens} == {410}
    assert {post(f"/newsletter/download/{token}/").status_code for token in tokens[1:]} == {410}
    assert Subscriber.objects.exists()


def test_page_of_settings_hands_out_nothing_and_erases_nothing_itself(post: Post, traces: Subscriber) -> None:
    path = f"/newsletter/preferences/{preferences_token(traces.pk)}/"
    for what in ("download", "erase"):
        page = post(path, {what: "1"}).content.decode()
        assert "layla" not in page
        assert "/newsletter/erase/" not in page
    assert Subscriber.objects.exists()


def test_mails_with_links_to_the_data_count_like_any_other(clock, post: Post, traces: Subscriber, mailoutbox) -> None:
    ConfirmationRequest.objects.all().delete()
    path = f"/newsletter/preferences/{preferences_token(traces.pk)}/"
    codes = [post(path, {"download": "1"}).status_code for _ in range(5)]
    assert (codes, len(mailoutbox)) == ([200, 200, 200, 429, 429], 3)
    clock.shift(timedelta(hours=24))
    assert post(path, {"erase": "1"}).status_code == 200


def test_who_complained_can_still_have_the_data_erased(post: Post, traces: Subscriber, mailoutbox) -> None:
    suppress(EMAIL, reason=SuppressionReason.COMPLAINT)
    assert post(ask_for(post, traces, "erase", mailoutbox)).status_code == 200
    assert not Subscriber.objects.exists()


def test_download_lists_every_kind_of_row(traces: Subscriber) -> None:
    suppress(EMAIL, reason=SuppressionReason.SOFT_BOUNCES, expires_at=timezone.now() + timedelta(days=1))
    told = disclose(traces)
    assert told["subscriber"]["email"] == EMAIL
    assert [(row["mailing_list__name"], row["status"]) for row in told["subscriptions"]] == [
        ("نشرة الصباح", "confirmed")
    ]
    assert [row["action"] for row in told["consent"]] == ["requested", "confirmed"]
    assert [(row["issue__subject"], row["state"]) for row in told["deliveries"]] == [("أخبار اليوم", "sent")]
    assert [row["kind"] for row in told["reports"]] == ["soft_bounce", "soft_bounce"]
    assert [row["reason"] for row in told["suppressions"]] == ["soft_bounces"]
    assert len(told["requests"]) == 1


def test_download_says_what_was_kept_from_before_an_erasure(traces: Subscriber, sign_up: Post) -> None:
    erase(traces)
    sign_up()
    actions = [row["action"] for row in disclose(Subscriber.objects.get())["consent"]]
    assert actions == ["requested", "confirmed", "erased", "requested"]


def test_no_table_that_names_a_subscriber_is_forgotten_here() -> None:
    """A new table with a link to subscribers belongs into erasing.py, disclosing.py and `traces`."""
    named = {
        field.related_model._meta.model_name
        for field in Subscriber._meta.get_fields()
        if field.auto_created and field.is_relation
    }
    assert named == {"subscription", "confirmationrequest", "consentrecord", "delivery"}
