import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from newsletter.enums import SubscriptionStatus, SuppressionReason
from newsletter.models import ConsentRecord, MailingList, Subscriber, Subscription, Suppression
from newsletter.suppressing import is_suppressed, suppress
from tests.newsletter.conftest import EMAIL, Post, path_in, unsubscribe_path

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(subscription: Subscription) -> Subscription:
    """The same reader on another list."""
    return Subscription.objects.create(
        subscriber=subscription.subscriber,
        mailing_list=MailingList.objects.create(name="نشرة الرياضة", position=1),
        status=SubscriptionStatus.CONFIRMED,
        confirmed_at=timezone.now(),
    )


def buttons(response: HttpResponse) -> list[str]:
    """The names of the buttons in the page's own forms; '' for the one that has none."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return [
        (re.search(r'name="(\w+)"', tag) or ["", ""])[1]
        for tag in re.findall(r'<button [^>]*type="submit"[^>]*>', main)
    ]


def status_of(subscription: Subscription) -> str:
    subscription.refresh_from_db()
    return subscription.status


def test_leaving_can_be_taken_back_on_the_same_page(clock, client: Client, post: Post, subscription) -> None:
    path = unsubscribe_path(subscription)
    post(path)
    assert "undo" in buttons(client.get(path))
    clock.shift(60)
    assert post(path, {"undo": "1"}).status_code == 200
    assert status_of(subscription) == "confirmed"
    assert (subscription.confirmed_at, subscription.ended_at) == (timezone.now(), None)
    record = ConsentRecord.objects.latest("id")
    assert (record.action, record.place) == ("confirmed", "unsubscribe_page")
    assert "إعادة الاشتراك" in record.wording


def test_link_of_an_old_mail_brings_nobody_back(clock, client: Client, post: Post, subscription) -> None:
    """Mails are passed on, and their links work for ever."""
    path = unsubscribe_path(subscription)
    post(path)
    clock.shift(3600)
    assert "undo" not in buttons(client.get(path))
    assert "/newsletter/" in client.get(path).content.decode()
    post(path, {"undo": "1"})
    assert status_of(subscription) == "unsubscribed"


def test_asking_for_somebody_and_ending_it_makes_no_fresh_end_to_take_back(
    clock, sign_up: Post, post: Post, subscription
) -> None:
    """Whoever has an old mail types the address into the form, ends what waits, and takes the end back."""
    path = unsubscribe_path(subscription)
    post(path)
    clock.shift(3600)
    sign_up()
    assert status_of(subscription) == "pending"
    post(path)
    post(path, {"undo": "1"})
    assert status_of(subscription) == "unsubscribed"


def test_leaving_by_the_mail_program_can_be_taken_back_too(client: Client, post: Post, subscription) -> None:
    path = unsubscribe_path(subscription)
    post(path, {"List-Unsubscribe": "One-Click"})
    assert "undo" in buttons(client.get(path))


@pytest.mark.parametrize("reason", ["complaint", "hard_bounce", "manual"])
def test_what_the_reader_did_not_end_is_not_taken_back(client: Client, post: Post, subscription, reason: str) -> None:
    suppress(EMAIL, reason=SuppressionReason(reason))
    path = unsubscribe_path(subscription)
    assert "undo" not in buttons(client.get(path))
    post(path, {"undo": "1"})
    assert status_of(subscription) == "unsubscribed"


def test_subscription_that_nobody_confirmed_is_not_taken_back(sign_up: Post, post: Post) -> None:
    sign_up()
    path = unsubscribe_path(Subscription.objects.get())
    post(path)
    post(path, {"undo": "1"})
    assert Subscription.objects.get().status == "unsubscribed"


def test_taking_back_what_was_not_ended_changes_nothing(post: Post, subscription) -> None:
    records = ConsentRecord.objects.count()
    post(unsubscribe_path(subscription), {"undo": "1"})
    assert (status_of(subscription), ConsentRecord.objects.count()) == ("confirmed", records)


def test_reason_is_given_afterwards_and_may_be_left_out(client: Client, post: Post, subscription) -> None:
    path = unsubscribe_path(subscription)
    post(path)
    assert status_of(subscription) == "unsubscribed"
    assert subscription.end_reason == ""
    values = re.findall(r'name="reason" value="(\w+)"', client.get(path).content.decode())
    assert values == ["too_many", "not_interested", "not_me", "other"]
    post(path, {"reason": "too_many"})
    subscription.refresh_from_db()
    assert subscription.end_reason == "too_many"
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("reason", ["complained", "bounced", "nonsense", ""])
def test_reason_of_ours_or_none_at_all_is_not_taken(post: Post, subscription, reason: str) -> None:
    path = unsubscribe_path(subscription)
    post(path)
    assert post(path, {"reason": reason}).status_code == 200
    subscription.refresh_from_db()
    assert subscription.end_reason == ""


def test_reason_ends_nothing_by_itself(post: Post, subscription) -> None:
    post(unsubscribe_path(subscription), {"reason": "too_many"})
    assert status_of(subscription) == "confirmed"
    assert subscription.end_reason == ""


def test_complaint_is_not_overwritten_by_a_reason(post: Post, subscription) -> None:
    suppress(EMAIL, reason=SuppressionReason.COMPLAINT)
    post(unsubscribe_path(subscription), {"reason": "other"})
    subscription.refresh_from_db()
    assert subscription.end_reason == "complained"


def test_reader_takes_fewer_messages_instead_of_leaving(client: Client, post: Post, subscription) -> None:
    path = unsubscribe_path(subscription)
    assert "fewer" in buttons(client.get(path))
    post(path, {"fewer": "1"})
    assert status_of(subscription) == "confirmed"
    assert subscription.frequency == "weekly"
    record = ConsentRecord.objects.latest("id")
    assert (record.action, record.place) == ("changed", "unsubscribe_page")
    assert "fewer" not in buttons(client.get(path))


def test_fewer_messages_bring_nobody_back(post: Post, subscription) -> None:
    path = unsubscribe_path(subscription)
    post(path)
    post(path, {"fewer": "1"})
    assert status_of(subscription) == "unsubscribed"
    assert subscription.frequency == "each"


def test_one_page_ends_all_subscriptions(client: Client, post: Post, subscription, second) -> None:
    path = unsubscribe_path(subscription)
    assert "all" in buttons(client.get(path))
    post(path, {"all": "1"})
    assert {status_of(subscription), status_of(second)} == {"unsubscribed"}
    assert ConsentRecord.objects.filter(action="unsubscribed").count() == 2


def test_who_has_one_list_is_not_asked_about_all(client: Client, subscription) -> None:
    assert "all" not in buttons(client.get(unsubscribe_path(subscription)))


def test_page_to_leave_opens_no_settings(client: Client, subscription) -> None:
    """Mail programs and their makers read that link; the other one is for the reader."""
    assert "/newsletter/preferences/" not in client.get(unsubscribe_path(subscription)).content.decode()


def test_one_click_works_after_the_key_was_changed(client: Client, settings, subscription) -> None:
    path = unsubscribe_path(subscription)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert status_of(subscription) == "unsubscribed"


def test_one_click_is_not_refused_for_where_it_comes_from(subscription) -> None:
    """Mail providers post from few networks, without the headers of a browser, and much at once."""
    path = unsubscribe_path(subscription)
    strict = Client(enforce_csrf_checks=True)
    answers = [strict.post(path, {"List-Unsubscribe": "One-Click"}, REMOTE_ADDR="198.51.100.7") for _ in range(30)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, b"Unsubscribed")}


def test_other_words_in_the_same_field_are_no_click(post: Post, subscription) -> None:
    response = post(
        unsubscribe_path(subscription), {"List-Unsubscribe": "one-click"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert response.status_code == 403
    assert status_of(subscription) == "confirmed"


def test_who_never_asked_is_never_mailed_again(client: Client, sign_up: Post, post: Post, mailoutbox) -> None:
    sign_up()
    path = path_in(mailoutbox[0], "not-me")
    page = client.get(path).content.decode()
    assert "l•••@example.com" in page
    assert "layla" not in page
    assert not Suppression.objects.exists()
    assert post(path).status_code == post(path).status_code == 200
    assert Subscription.objects.get().status == "unsubscribed"
    record = ConsentRecord.objects.latest("id")
    assert (record.action, ConsentRecord.objects.filter(action="refused").count()) == ("refused", 1)
    sign_up()
    assert len(mailoutbox) == 1


def test_who_never_asked_is_heard_although_the_request_was_forgotten(sign_up: Post, post: Post, mailoutbox) -> None:
    sign_up()
    Subscription.objects.all().delete()
    ConsentRecord.objects.update(subscriber=None)
    Subscriber.objects.all().delete()
    path = path_in(mailoutbox[0], "not-me")
    assert Client().get(path).status_code == post(path).status_code == 200
    assert is_suppressed(EMAIL)


def test_confirmation_after_saying_not_me_confirms_nothing(sign_up: Post, post: Post, mailoutbox) -> None:
    sign_up()
    post(path_in(mailoutbox[0], "not-me"))
    assert post(path_in(mailoutbox[0])).status_code == 410
    assert Subscription.objects.get().status == "unsubscribed"


@pytest.mark.parametrize("token", ["x", "1.x", "%FF", "0" * 32])
def test_altered_link_of_who_never_asked_does_nothing(client: Client, post: Post, subscription, token: str) -> None:
    path = f"/newsletter/not-me/{token}/"
    assert client.get(path).status_code == post(path).status_code == 404
    assert not Suppression.objects.exists()
