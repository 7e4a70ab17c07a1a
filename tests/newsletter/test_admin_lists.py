"""The pages of lists, of readers and of suppressed addresses."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from audit.enums import Action
from audit.models import AuditEntry
from newsletter.address_keys import address_hash
from newsletter.enums import ConsentAction, ConsentPlace, SubscriptionStatus, SuppressionReason
from newsletter.models import ConsentRecord, MailingList, Subscriber, Subscription, Suppression
from newsletter.suppressing import is_suppressed, suppress
from tests.articles.desk import errors_of, form_data
from tests.factories import make_issue, make_mailing_list, make_subscription, make_user
from tests.newsletter.test_admin import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

LISTS = "/admin/newsletter/mailinglist/"
SUPPRESSIONS = "/admin/newsletter/suppression/"


def change_list(client: Client, mailing_list: MailingList, **changes: Any) -> Any:
    address = f"{LISTS}{mailing_list.pk}/change/"
    return client.post(address, form_data(client, address) | changes)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("digest_minimum", {"digest_minimum": "9", "digest_most": "8"}),
        ("digest_minimum", {"digest_minimum": "0"}),
        ("digest_most", {"digest_most": "41"}),
        ("stale_after_hours", {"stale_after_hours": "0"}),
        ("is_default", {"is_default": "on", "is_offered": ""}),
        ("from_email", {"from_email": "nobody@localhost"}),
    ],
)
def test_settings_that_contradict_each_other_are_refused(field: str, changes: dict[str, str]) -> None:
    mailing_list = make_mailing_list()
    client = signed_in(Role.NEWSLETTER_EDITOR)
    data = {name: value for name, value in changes.items() if value}
    address = f"{LISTS}{mailing_list.pk}/change/"
    form = {name: value for name, value in form_data(client, address).items() if changes.get(name) != ""}
    response = client.post(address, form | data)
    assert response.status_code == 200
    assert list(errors_of(response)) == [field]


def test_a_new_time_of_the_digest_means_the_times_to_come() -> None:
    mailing_list = make_mailing_list()
    client = signed_in(Role.NEWSLETTER_EDITOR)
    change_list(client, mailing_list, cadence="كل يوم")
    mailing_list.refresh_from_db()
    assert mailing_list.digested_at is None
    change_list(client, mailing_list, digest_every="day", digest_at="٦:٣٠")
    mailing_list.refresh_from_db()
    assert mailing_list.digested_at == timezone.now()


def test_who_may_not_send_decides_about_no_digest() -> None:
    """A digest can send itself."""
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["change_mailinglist", "view_mailinglist"]))
    client, mailing_list = Client(), make_mailing_list()
    client.force_login(user)
    change_list(client, mailing_list, cadence="كل يوم", digest_every="day", digest_mode="send")
    mailing_list.refresh_from_db()
    assert (mailing_list.cadence, mailing_list.digest_every, mailing_list.digest_mode) == ("كل يوم", "", "draft")


def test_the_list_says_how_many_readers_it_has(django_assert_max_num_queries: Any) -> None:
    client = signed_in(Role.NEWSLETTER_EDITOR)
    for count in (1, 3):
        for _number in range(count):
            mailing_list = make_mailing_list()
            make_subscription(mailing_list)
            make_subscription(mailing_list, status=SubscriptionStatus.UNSUBSCRIBED)
        with django_assert_max_num_queries(11):
            rows = client.get(LISTS).context["cl"].result_list
        assert {row.reader_count for row in rows} == {1}


# The file of readers


def rows_of(response: Any) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))


def test_readers_are_taken_out_as_a_file_and_the_log_says_how_many() -> None:
    mailing_list = make_mailing_list()
    reader = make_subscription(mailing_list, email="layla@example.com").subscriber
    reader.name = "=HYPERLINK(1)"
    reader.save()
    make_subscription(mailing_list, status=SubscriptionStatus.UNSUBSCRIBED)
    make_subscription(make_mailing_list())
    response = signed_in(Role.ADMINISTRATOR).post(f"{LISTS}{mailing_list.pk}/export/")
    headings, row = rows_of(response)
    assert len(headings) == len(row)
    assert row[:3] == ["layla@example.com", "'=HYPERLINK(1)", "2026-11-20 09:40:00"]
    line = AuditEntry.objects.get(action=Action.EXPORTED)
    assert line.subject_id == str(mailing_list.pk)
    assert "1" in line.note


def test_pieces_of_the_file_leave_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsletter.exporting.ROWS_AT_ONCE", 2)
    mailing_list = make_mailing_list()
    emails = [make_subscription(mailing_list).subscriber.email for _number in range(5)]
    response = signed_in().post(f"{LISTS}{mailing_list.pk}/export/")
    assert [row[0] for row in rows_of(response)[1:]] == emails


def test_only_who_may_export_takes_readers_out() -> None:
    mailing_list = make_mailing_list()
    address = f"{LISTS}{mailing_list.pk}/export/"
    assert signed_in(Role.NEWSLETTER_EDITOR).post(address).status_code == 403
    assert signed_in(Role.CHIEF_EDITOR).post(address).status_code == 403
    assert signed_in(Role.ADMINISTRATOR).get(address).status_code == 405
    assert not AuditEntry.objects.filter(action=Action.EXPORTED).exists()


# A reader


def test_the_page_of_a_reader_shows_what_is_known() -> None:
    mailing_list = make_mailing_list("نشرة المساء")
    subscription = make_subscription(mailing_list, email="layla@example.com", frequency="weekly")
    reader = subscription.subscriber
    reader.paused_until, reader.soft_bounce_count = timezone.now() + timedelta(days=3), 2
    reader.soft_bounced_at = timezone.now()
    reader.save()
    issue = make_issue(mailing_list, subject="عدد الجمعة")
    issue.deliveries.create(subscriber=reader, subscription_id=subscription.pk, domain="example.com", reply="250 ok")
    ConsentRecord.objects.create(
        subscriber=reader, address_hash=reader.address_hash, action=ConsentAction.CONFIRMED,
        mailing_list_name=mailing_list.name, place=ConsentPlace.CONFIRMATION_PAGE,
    )  # fmt: skip
    page = signed_in(Role.NEWSLETTER_EDITOR).get(f"/admin/newsletter/subscriber/{reader.pk}/change/").content.decode()
    for word in ("نشرة المساء", "عدد الجمعة", "250 ok", "layla@example.com"):
        assert word in page, word
    assert subscription.get_frequency_display() in page


def test_the_records_of_an_erased_reader_are_found_by_the_whole_address() -> None:
    ConsentRecord.objects.create(
        address_hash=address_hash("layla@example.com"), action=ConsentAction.ERASED, place=ConsentPlace.PREFERENCES_PAGE
    )
    client = signed_in(Role.NEWSLETTER_EDITOR)
    for typed, count in (("LAYLA@example.com", 1), ("layla", 0), ("other@example.com", 0)):
        found = client.get("/admin/newsletter/consentrecord/", {"q": typed}).context["cl"]
        assert found.result_count == count


def test_administrators_erase_a_reader_who_asked_for_it() -> None:
    reader = make_subscription(make_mailing_list(), email="layla@example.com").subscriber
    address = f"/admin/newsletter/subscriber/{reader.pk}/erase/"
    assert signed_in(Role.NEWSLETTER_EDITOR).post(address).status_code == 403
    client = signed_in(Role.ADMINISTRATOR)
    assert "layla@example.com" in client.get(address).content.decode()
    assert Subscriber.objects.filter(pk=reader.pk).exists(), "the question alone erases nothing"
    assert client.post(address).status_code == 302
    assert not Subscriber.objects.exists()


# Suppressed addresses


def test_an_address_is_suppressed_by_typing_it_and_only_its_hash_is_kept() -> None:
    subscription = make_subscription(make_mailing_list(), email="layla@example.com")
    client = signed_in(Role.NEWSLETTER_EDITOR)
    data = form_data(client, f"{SUPPRESSIONS}add/") | {"address": " LAYLA@example.com\u200f", "note": "طلب بالهاتف"}
    assert client.post(f"{SUPPRESSIONS}add/", data).status_code == 302
    row = Suppression.objects.get()
    assert (row.address_hash, row.reason, row.note) == (
        address_hash("layla@example.com"), SuppressionReason.MANUAL, "طلب بالهاتف",
    )  # fmt: skip
    subscription.refresh_from_db()
    assert subscription.status == SubscriptionStatus.UNSUBSCRIBED
    line = AuditEntry.objects.get(action=Action.ADDED, subject_type="newsletter.suppression")
    assert "layla" not in line.subject_title + line.note


def test_suppressing_twice_is_no_error() -> None:
    suppress("layla@example.com", reason=SuppressionReason.COMPLAINT)
    client = signed_in(Role.NEWSLETTER_EDITOR)
    data = form_data(client, f"{SUPPRESSIONS}add/") | {"address": "layla@example.com"}
    assert client.post(f"{SUPPRESSIONS}add/", data).status_code == 302
    assert Suppression.objects.get().reason == SuppressionReason.COMPLAINT


@pytest.mark.parametrize("typed", ["", "layla", "a@localhost", "=cmd|x@x.com"])
def test_what_is_no_address_is_not_suppressed(typed: str) -> None:
    client = signed_in(Role.NEWSLETTER_EDITOR)
    response = client.post(f"{SUPPRESSIONS}add/", form_data(client, f"{SUPPRESSIONS}add/") | {"address": typed})
    assert list(errors_of(response)) == ["address"]
    assert not Suppression.objects.exists()


def test_a_suppression_is_found_by_the_whole_address() -> None:
    row = suppress("layla@example.com", reason=SuppressionReason.MANUAL)
    suppress("nizar@example.com", reason=SuppressionReason.MANUAL)
    client = signed_in(Role.NEWSLETTER_EDITOR)
    for typed in ("Layla@Example.com", row.address_hash[:8]):
        assert list(client.get(SUPPRESSIONS, {"q": typed}).context["cl"].result_list) == [row]
    assert not client.get(SUPPRESSIONS, {"q": "layla"}).context["cl"].result_list


def test_administrators_lift_a_suppression_and_the_log_says_so() -> None:
    row = suppress("layla@example.com", reason=SuppressionReason.MANUAL)
    address = f"{SUPPRESSIONS}{row.pk}/delete/"
    assert signed_in(Role.NEWSLETTER_EDITOR).post(address, {"post": "yes"}).status_code == 403
    assert signed_in(Role.ADMINISTRATOR).post(address, {"post": "yes"}).status_code == 302
    assert not is_suppressed("layla@example.com")
    lines = AuditEntry.objects.filter(subject_type="newsletter.suppression")
    assert [line.action for line in lines] == [Action.SUPPRESSION_LIFTED]


def test_nobody_changes_a_suppression() -> None:
    row = suppress("layla@example.com", reason=SuppressionReason.MANUAL)
    client = signed_in()
    assert client.get(f"{SUPPRESSIONS}{row.pk}/change/").status_code == 200
    assert client.post(f"{SUPPRESSIONS}{row.pk}/change/", {"note": "x"}).status_code == 403


def test_a_reader_who_is_taken_off_gets_no_second_life(client: Client) -> None:
    """Lifting a suppression brings no subscription back."""
    make_subscription(make_mailing_list(), email="layla@example.com")
    row = suppress("layla@example.com", reason=SuppressionReason.MANUAL)
    signed_in(Role.ADMINISTRATOR).post(f"{SUPPRESSIONS}{row.pk}/delete/", {"post": "yes"})
    assert Subscription.objects.get().status == SubscriptionStatus.UNSUBSCRIBED
