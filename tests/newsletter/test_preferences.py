import re
from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from newsletter.enums import SuppressionReason
from newsletter.models import ConsentRecord, MailingList, Subscription
from newsletter.suppressing import is_suppressed, suppress
from newsletter.tokens import preferences_token, unsubscribe_token
from tests.newsletter.conftest import EMAIL, Post, path_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(subscription: Subscription) -> str:
    return f"/newsletter/preferences/{preferences_token(subscription.subscriber_id)}/"


@pytest.fixture
def sport(db) -> MailingList:
    return MailingList.objects.create(name="نشرة الرياضة", position=1)


def values(response: HttpResponse) -> dict[str, str]:
    """What each select of the page stands on."""
    page = response.content.decode()
    selects = re.findall(r'<select name="([^"]+)".*?</select>', page, re.DOTALL)
    chosen = re.findall(r'<select name="([^"]+)".*?<option value="([^"]*)" selected', page, re.DOTALL)
    return dict.fromkeys(selects, "") | dict(chosen)


def records() -> list[tuple[str, str, str]]:
    rows = ConsentRecord.objects.filter(place="preferences_page").order_by("id")
    return [(row.action, row.mailing_list_name, row.wording.partition("\n")[2]) for row in rows]


def test_page_shows_what_the_reader_has_and_could_have(client: Client, path: str, subscription, sport) -> None:
    MailingList.objects.create(name="نشرة قديمة", is_offered=False, position=2)
    page = client.get(path)
    assert page.status_code == 200
    assert values(page) == {
        f"list-{subscription.mailing_list_id}": "each",
        f"list-{sport.pk}": "off",
        "pause": "",
    }
    assert "layla" not in page.content.decode()


def test_list_that_is_no_longer_offered_stays_with_who_has_it(client: Client, path: str, subscription) -> None:
    MailingList.objects.update(is_offered=False)
    assert values(client.get(path))[f"list-{subscription.mailing_list_id}"] == "each"


@pytest.mark.parametrize("count", [1, 3])
def test_page_makes_a_fixed_number_of_queries(
    client: Client, path: str, count: int, django_assert_max_num_queries
) -> None:
    for number in range(count):
        MailingList.objects.create(name=f"نشرة {number}")
    client.get(path)
    with django_assert_max_num_queries(7):
        client.get(path)


def test_new_list_begins_with_the_button_in_a_mail(clock, client, post: Post, path: str, sport, mailoutbox) -> None:
    """The link to the page stands in every newsletter, and those are passed on."""
    response = post(path, {f"list-{sport.pk}": "daily"})
    assert (response.status_code, response.url) == (302, f"{path}?asked")
    assert client.get(response.url).context["is_asked"]
    new = Subscription.objects.get(mailing_list=sport)
    assert (new.status, new.frequency) == ("pending", "daily")
    assert [row[:2] for row in records()] == [("requested", "نشرة الرياضة")]
    post(path_in(mailoutbox[-1]))
    new.refresh_from_db()
    assert (new.is_confirmed, new.confirmed_at, new.frequency) == (True, timezone.now(), "daily")


def test_list_that_was_ended_begins_with_the_button_in_a_mail(post: Post, path: str, subscription, mailoutbox) -> None:
    field = f"list-{subscription.mailing_list_id}"
    post(path, {field: "off"})
    subscription.refresh_from_db()
    assert subscription.status == "unsubscribed"
    post(path, {field: "each"})
    subscription.refresh_from_db()
    assert subscription.status == "pending"
    assert [row[0] for row in records()] == ["unsubscribed", "requested"]
    post(path_in(mailoutbox[-1]))
    subscription.refresh_from_db()
    assert (subscription.is_confirmed, subscription.ended_at) == (True, None)


def test_page_fills_nobodys_mailbox(post: Post, path: str, subscription, sport, mailoutbox) -> None:
    """Past the limit nothing is changed, which whoever holds the link may know."""
    for _ in range(4):
        response = post(path, {f"list-{sport.pk}": "each", "your_name": str(len(mailoutbox))})
    assert response.status_code == 429
    assert "Retry-After" in response.headers
    assert len(mailoutbox) == 2  # and the one by which the reader came
    subscription.subscriber.refresh_from_db()
    assert subscription.subscriber.name == "1"


def test_change_of_frequency_is_recorded_and_the_same_again_is_not(post: Post, path: str, subscription) -> None:
    for _ in range(2):
        post(path, {f"list-{subscription.mailing_list_id}": "weekly"})
    subscription.refresh_from_db()
    assert (subscription.is_confirmed, subscription.frequency) == (True, "weekly")
    assert [row[:2] for row in records()] == [("changed", "نشرة الصباح")]


def test_what_the_form_did_not_hold_stays(post: Post, path: str, subscription, sport) -> None:
    post(path, {f"list-{subscription.mailing_list_id}": "each", "your_name": "ليلى"})
    post(path, {})
    subscription.subscriber.refresh_from_db()
    assert subscription.subscriber.name == "ليلى"
    subscription.refresh_from_db()
    assert subscription.is_confirmed
    assert not Subscription.objects.filter(mailing_list=sport).exists()


@pytest.mark.parametrize("weeks", [1, 2, 4])
def test_pause_lasts_for_weeks_and_is_recorded(clock, client, post: Post, path: str, subscription, weeks: int) -> None:
    post(path, {"pause": str(weeks)})
    subscription.subscriber.refresh_from_db()
    assert subscription.subscriber.paused_until == timezone.now() + timedelta(weeks=weeks)
    [(action, list_name, wording)] = records()
    assert (action, list_name) == ("changed", "")
    assert f"{timezone.now() + timedelta(weeks=weeks):%Y-%m-%d}" in wording
    # As long as it lasts, the page offers to end it.
    assert '<option value="0">' in client.get(path).content.decode()
    post(path, {"pause": ""})
    subscription.subscriber.refresh_from_db()
    assert subscription.subscriber.paused_until is not None


def test_pause_is_ended(post: Post, path: str, subscription) -> None:
    post(path, {"pause": "4"})
    post(path, {"pause": "0"})
    subscription.subscriber.refresh_from_db()
    assert subscription.subscriber.paused_until is None
    assert len(records()) == 2


@pytest.mark.parametrize("bad", [{"pause": "52"}, {"pause": "-1"}, {"your_name": "x" * 81}])
def test_choice_that_is_not_offered_is_refused(post: Post, path: str, subscription, bad: dict[str, str]) -> None:
    response = post(path, {f"list-{subscription.mailing_list_id}": "off", **bad})
    assert response.status_code == 400
    subscription.refresh_from_db()
    assert subscription.is_confirmed
    assert records() == []


def test_name_is_cleaned_and_the_record_does_not_hold_it(post: Post, path: str, subscription) -> None:
    post(path, {"your_name": " ليلى\r\nBcc: x@example.com\u202e "})
    subscription.subscriber.refresh_from_db()
    assert subscription.subscriber.name == "ليلى Bcc: x@example.com"
    assert [row[:2] for row in records()] == [("changed", "")]
    assert "ليلى" not in str(records())


def test_all_subscriptions_end_with_one_button(post: Post, path: str, subscription, sport) -> None:
    post(path, {f"list-{sport.pk}": "each"})
    assert Subscription.objects.filter(status="pending").exists()
    post(path, {"leave": "1"})
    assert set(Subscription.objects.values_list("status", flat=True)) == {"unsubscribed"}


@pytest.mark.parametrize("reason", ["complaint", "not_me"])
def test_who_complained_gets_no_list_here_either(client: Client, post: Post, path: str, sport, reason: str) -> None:
    suppress(EMAIL, reason=SuppressionReason(reason))
    page = client.get(path)
    assert values(page) == {}
    post(path, {f"list-{sport.pk}": "each"})
    assert not Subscription.objects.filter(mailing_list=sport).exists()


def test_only_the_button_in_the_mail_proves_that_mail_is_wanted_after_a_bounce(
    post: Post, path: str, sport, mailoutbox
) -> None:
    suppress(EMAIL, reason=SuppressionReason.HARD_BOUNCE)
    post(path, {f"list-{sport.pk}": "each"})
    assert is_suppressed(EMAIL)
    post(path_in(mailoutbox[-1]))
    assert not is_suppressed(EMAIL)


def test_link_never_expires_and_survives_a_new_key(clock, client: Client, settings, path: str) -> None:
    clock.shift(timedelta(days=3650))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]
    assert client.get(path).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(path).status_code == 404


def test_link_to_leave_opens_no_settings_and_the_other_way_round(client: Client, subscription, path: str) -> None:
    token = path.split("/")[-2]
    leave = unsubscribe_token(subscription.pk)
    for bad in (leave, token[:-1], token.swapcase(), "1", "%FF"):
        assert client.get(f"/newsletter/preferences/{bad}/").status_code == 404
    assert client.post(f"/newsletter/unsubscribe/{token}/", {"List-Unsubscribe": "One-Click"}).status_code == 404


def test_two_who_save_at_the_same_time_leave_one_subscription(post: Post, path: str, sport) -> None:
    for _ in range(2):
        post(path, {f"list-{sport.pk}": "each"})
    assert Subscription.objects.filter(mailing_list=sport).count() == 1
    assert {row[0] for row in records()} == {"requested"}


def test_day_of_a_pause_is_printed_as_the_site_prints_days(clock, client, post: Post, path: str) -> None:
    clock.move_to(datetime(2026, 11, 20, 6, 40, tzinfo=UTC))
    post(path, {"pause": "1"})
    assert "٢٧ نوفمبر/تشرين الثاني ٢٠٢٦" in client.get(path).content.decode()
