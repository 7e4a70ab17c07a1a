from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from newsletter import subscribing
from newsletter.address_keys import address_hash
from newsletter.delivering import mail_confirmation
from newsletter.enums import ConsentAction, ConsentPlace, SubscriptionStatus
from newsletter.models import ConfirmationRequest, ConsentRecord, MailingList, Subscriber, Subscription
from tests.newsletter.conftest import EMAIL, Post, path_in

pytestmark = pytest.mark.django_db


def token_in(mail: EmailMessage) -> str:
    return path_in(mail).rstrip("/").rpartition("/")[2]


@pytest.fixture
def token(sign_up: Post, mailoutbox: list[EmailMessage]) -> str:
    """Of a link that has just arrived."""
    sign_up()
    return token_in(mailoutbox[-1])


def test_new_address_waits_for_confirmation(sign_up: Post, mailing_list: MailingList) -> None:
    sign_up("Layla@Example.com")
    subscription = Subscription.objects.get()
    assert subscription.status == SubscriptionStatus.PENDING
    assert subscription.mailing_list == mailing_list
    assert (subscription.subscriber.email, subscription.subscriber.email_normal) == (
        "Layla@Example.com",
        "layla@example.com",
    )


def test_same_address_in_another_spelling_is_the_same_subscriber(sign_up: Post) -> None:
    sign_up("Layla@Example.com")
    sign_up(" layla@EXAMPLE.COM\u200f")
    assert Subscriber.objects.get().email == "Layla@Example.com"


def test_confirming_makes_the_reader_a_subscriber(token: str) -> None:
    subscribing.confirm(token)
    subscription = Subscription.objects.get()
    assert subscription.is_confirmed
    assert subscription.confirmed_at is not None
    assert ConfirmationRequest.objects.get().used_at is not None


def test_only_the_fingerprint_of_a_link_is_stored(token: str) -> None:
    stored = ConfirmationRequest.objects.values().get()
    assert token not in str(stored)
    assert len(stored["token_hash"]) == 64


def test_link_confirms_once(token: str) -> None:
    subscribing.confirm(token)
    with pytest.raises(subscribing.LinkUsed):
        subscribing.confirm(token)
    assert ConsentRecord.objects.filter(action=ConsentAction.CONFIRMED).count() == 1


def test_link_works_for_48_hours(clock, sign_up: Post, mailoutbox) -> None:
    sign_up()
    clock.shift(timedelta(hours=48, seconds=-1))
    subscribing.request_to_confirm(token_in(mailoutbox[-1]))
    clock.shift(timedelta(seconds=1))
    with pytest.raises(subscribing.LinkExpired):
        subscribing.confirm(token_in(mailoutbox[-1]))
    assert Subscription.objects.get().status == SubscriptionStatus.PENDING


def test_altered_link_is_no_link(token: str) -> None:
    for altered in (token[:-1], token.swapcase(), token + "x", "", "\ud7ff"):
        with pytest.raises(subscribing.LinkBroken):
            subscribing.confirm(altered)


def test_second_link_of_a_confirmed_reader_changes_nothing(sign_up: Post, post: Post, mailoutbox) -> None:
    sign_up()
    sign_up()
    first, second = map(path_in, mailoutbox)
    post(first)
    confirmed_at = Subscription.objects.get().confirmed_at
    post(second)
    assert Subscription.objects.get().confirmed_at == confirmed_at
    assert [mail.subject for mail in mailoutbox[2:]] == ["اكتمل اشتراكك: نشرة الصباح"]


def test_old_link_does_not_bring_back_who_has_unsubscribed(sign_up: Post, mailoutbox) -> None:
    sign_up()
    sign_up()
    first, second = map(token_in, mailoutbox)
    subscribing.confirm(first)
    subscribing.unsubscribe(Subscription.objects.get(), place=ConsentPlace.UNSUBSCRIBE_PAGE)
    with pytest.raises(subscribing.LinkExpired):
        subscribing.confirm(second)
    with pytest.raises(subscribing.LinkExpired):
        subscribing.confirm(first)
    assert Subscription.objects.get().status == SubscriptionStatus.UNSUBSCRIBED


def test_unsubscribing_twice_is_unsubscribing_once(clock, subscription: Subscription) -> None:
    subscribing.unsubscribe(subscription, place=ConsentPlace.ONE_CLICK)
    ended_at = Subscription.objects.get().ended_at
    clock.shift(timedelta(days=1))
    subscribing.unsubscribe(subscription, place=ConsentPlace.ONE_CLICK)
    subscription.refresh_from_db()
    assert (subscription.status, subscription.ended_at) == (SubscriptionStatus.UNSUBSCRIBED, ended_at)
    assert ConsentRecord.objects.filter(action=ConsentAction.UNSUBSCRIBED).count() == 1


def test_who_left_can_come_back(subscription: Subscription, sign_up: Post, post: Post, mailoutbox) -> None:
    subscribing.unsubscribe(subscription, place=ConsentPlace.ONE_CLICK)
    sign_up()
    subscription.refresh_from_db()
    assert subscription.status == SubscriptionStatus.PENDING
    post(path_in(mailoutbox[-1]))
    subscription.refresh_from_db()
    assert (subscription.is_confirmed, subscription.ended_at) == (True, None)


@pytest.mark.parametrize("state", ["new", "pending", "confirmed", "unsubscribed"])
def test_exactly_one_mail_goes_out_whatever_is_known(state, clock, sign_up: Post, post: Post, mailoutbox) -> None:
    if state != "new":
        sign_up()
    if state in {"confirmed", "unsubscribed"}:
        post(path_in(mailoutbox[-1]))
    if state == "unsubscribed":
        subscribing.unsubscribe(Subscription.objects.get(), place=ConsentPlace.ONE_CLICK)
    mailoutbox.clear()
    clock.shift(timedelta(days=2))
    sign_up()
    assert [mail.to for mail in mailoutbox] == [[EMAIL]]
    expected = "أنت مشترك بالفعل" if state == "confirmed" else "أكّد اشتراكك"
    assert mailoutbox[0].subject.startswith(expected)


def test_thousand_requests_for_one_victim_send_three_mails(clock, mailing_list, mailoutbox) -> None:
    """As they would come from fifty networks within the hour, in all spellings; of one network see test_limits."""
    for number in range(1000):
        request = subscribing.subscribe((EMAIL, EMAIL.upper(), EMAIL.title())[number % 3])
        mail_confirmation.call(request.pk)
    assert [mail.to for mail in mailoutbox] == [[EMAIL]] * 3
    assert ConfirmationRequest.objects.with_mail().count() == ConsentRecord.objects.count() == 3


def test_a_day_later_the_address_may_be_mailed_again(clock, sign_up: Post, mailoutbox) -> None:
    for _ in range(4):
        sign_up()
    clock.shift(timedelta(hours=24))
    for _ in range(4):
        sign_up()
    assert len(mailoutbox) == 6


def test_limit_of_one_address_does_not_hinder_another(sign_up: Post, mailoutbox) -> None:
    for _ in range(5):
        sign_up()
    sign_up("other@example.com")
    assert mailoutbox[-1].to == ["other@example.com"]


def test_asking_for_a_new_link_counts_like_any_request(clock, sign_up: Post, mailoutbox) -> None:
    sign_up()
    for _ in range(5):
        subscribing.ask_again(token_in(mailoutbox[0]))
    assert ConfirmationRequest.objects.with_mail().count() == 3
    with pytest.raises(subscribing.LinkBroken):
        subscribing.ask_again("unknown")


def test_consent_is_recorded_with_list_place_time_and_the_words_shown(clock, token: str) -> None:
    subscribing.confirm(token)
    subscribing.unsubscribe(Subscription.objects.get(), place=ConsentPlace.ONE_CLICK)
    rows = ConsentRecord.objects.order_by("id")
    assert [(row.action, row.place, row.mailing_list_name, row.at) for row in rows] == [
        ("requested", "sign_up_form", "نشرة الصباح", timezone.now()),
        ("confirmed", "confirmation_page", "نشرة الصباح", timezone.now()),
        ("unsubscribed", "one_click", "نشرة الصباح", timezone.now()),
    ]
    assert rows[0].wording.endswith("سنرسل إليك رسالة لتأكيد الاشتراك، ولن نشارك بريدك مع أي جهة.")
    # Without the address: the record outlives the data of the reader.
    assert rows[1].wording == "اضغط الزر لتصلك النشرة على {email}."
    assert rows[2].wording == ""
    assert {row.address_hash for row in rows} == {address_hash(EMAIL)}
    assert not any("example" in str(value) for row in rows.values() for value in row.values())


def test_box_asks_for_all_marked_lists_and_one_button_confirms_them(sign_up: Post, post: Post, mailoutbox) -> None:
    weekly = MailingList.objects.create(name="نشرة الجمعة", is_default=True, position=1)
    MailingList.objects.create(name="نشرة الرياضة", position=2)
    sign_up()
    assert "نشرة الجمعة" in mailoutbox[0].body
    assert "نشرة الرياضة" not in mailoutbox[0].body
    post(path_in(mailoutbox[0]))
    assert [item.is_confirmed for item in Subscription.objects.all()] == [True, True]
    assert [mail.subject for mail in mailoutbox[1:]] == [
        f"اكتمل اشتراكك: {name}" for name in ("نشرة الصباح", weekly.name)
    ]


def test_newsroom_without_a_list_gets_its_first_at_the_first_sign_up() -> None:
    subscribing.subscribe(EMAIL)
    assert MailingList.objects.get().name == "النشرة الإخبارية"
    subscribing.subscribe("other@example.com")
    assert Subscription.objects.count() == 2
