"""What a reader wants of us: which lists, how often, from when on, under which name. All of it is recorded."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from newsletter import limits, suppressing, wording
from newsletter.consenting import record
from newsletter.delivering import mail_link_to_data
from newsletter.enums import ConsentAction, ConsentPlace, Frequency, SubscriptionStatus
from newsletter.models import ConfirmationRequest, MailingList, Subscriber, Subscription
from newsletter.subscribing import subscribe, unsubscribe
from newsletter.tokens import DATA_LIFETIME

_PAGE = ConsentPlace.PREFERENCES_PAGE


class Wish(NamedTuple):
    """How often a reader wants a list; None: not at all."""

    mailing_list: MailingList
    frequency: Frequency | None


def choices(subscriber: Subscriber) -> list[Wish]:
    """What the page shows: all that is offered and can be had, and what the reader has."""
    has = {item.mailing_list_id: item for item in subscriber.subscriptions.all() if item.is_confirmed}
    lists = MailingList.objects.filter(Q(is_offered=True) | Q(pk__in=has)).order_by("position", "id")
    askable = {item.pk for item in suppressing.without_final(subscriber.email, mailing_lists=lists)}
    return [
        Wish(item, Frequency(has[item.pk].frequency) if item.pk in has else None)
        for item in lists
        if item.pk in askable or item.pk in has
    ]


@transaction.atomic
def change(subscriber: Subscriber, *, wishes: Iterable[Wish], name: str, pause: timedelta | None = None) -> bool:
    """Make it so at once, but for lists that the subscriber does not have: those begin with the button in a mail.

    The link to the page stands in every newsletter, which readers pass on; nobody shall be subscribed by a friend.
    `pause` is from now on; zero ends one, None leaves it. Lists that the subscriber may not have are passed over.
    Returns whether such a mail was promised. Raises TooManyRequests, and then nothing is changed.
    """
    subscriber = Subscriber.objects.select_for_update(no_key=True).get(pk=subscriber.pk)
    can_have = {wish.mailing_list.pk for wish in choices(subscriber)}
    wanted = [wish for wish in wishes if wish.mailing_list.pk in can_have]
    new = [wish for wish in wanted if not _fulfil(subscriber, wish)]
    _ask_to_confirm(subscriber, new)
    if name != subscriber.name:
        Subscriber.objects.filter(pk=subscriber.pk).update(name=name)
        _note(subscriber, wording.renamed())
    if pause is not None:
        _pause(subscriber, timezone.now() + pause if pause else None)
    return bool(new)


@transaction.atomic
def ask_for_data(subscriber: Subscriber, *, erases: bool) -> None:
    """Mail a link by which the data are downloaded or erased: whoever was forwarded a newsletter gets neither.

    Raises TooManyRequests when this address has been sent as many mails as anybody may ask for.
    """
    subscriber = Subscriber.objects.select_for_update(no_key=True).get(pk=subscriber.pk)
    limits.check_mails(subscriber)
    now = timezone.now()
    # About no subscription; counted like any mail that somebody asked for.
    ConfirmationRequest.objects.create(
        subscriber=subscriber, network_hash=limits.network_hash(), sent_at=now, expires_at=now + DATA_LIFETIME
    )
    mail_link_to_data.enqueue(subscriber.pk, erases)


def _fulfil(subscriber: Subscriber, wish: Wish) -> bool:
    """False for a list that begins with a confirmation."""
    confirmed = Subscription.objects.filter(subscriber=subscriber, status=SubscriptionStatus.CONFIRMED)
    subscription = confirmed.filter(mailing_list=wish.mailing_list).select_related("subscriber", "mailing_list").first()
    if subscription is None:
        return wish.frequency is None
    if wish.frequency is None:
        unsubscribe(subscription, place=_PAGE)
    elif subscription.frequency != wish.frequency:
        Subscription.objects.filter(pk=subscription.pk).update(frequency=wish.frequency)
        _note(subscriber, wording.how_often(wish.frequency), wish.mailing_list)
    return True


def _ask_to_confirm(subscriber: Subscriber, wishes: Iterable[Wish]) -> None:
    """One mail for all of them. How often is noted already; it means nothing before the button is pressed."""
    lists = {wish.mailing_list: wish.frequency for wish in wishes}
    if not lists:
        return
    limits.check_requests()
    limits.check_mails(subscriber)
    subscribe(subscriber.email, mailing_lists=lists, place=_PAGE)
    for mailing_list, frequency in lists.items():
        waiting = Subscription.objects.filter(subscriber=subscriber, mailing_list=mailing_list)
        waiting.filter(status=SubscriptionStatus.PENDING).update(frequency=frequency)


def _pause(subscriber: Subscriber, until: datetime | None) -> None:
    if until or subscriber.paused_until:
        Subscriber.objects.filter(pk=subscriber.pk).update(paused_until=until)
        _note(subscriber, wording.paused(until))


def _note(subscriber: Subscriber, text: str, mailing_list: MailingList | None = None) -> None:
    record(subscriber, ConsentAction.CHANGED, place=_PAGE, mailing_list=mailing_list, wording=text)
