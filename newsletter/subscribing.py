"""The deeds of the mailing list. What the site answers never tells whether an address is known."""

from collections.abc import Iterable

from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from newsletter import limits, suppressing, wording
from newsletter.addresses import normalise
from newsletter.consenting import record
from newsletter.delivering import promise_confirmation, promise_welcome
from newsletter.enums import ConsentAction, ConsentPlace, EndReason, SubscriptionStatus
from newsletter.models import ConfirmationRequest, MailingList, Subscriber, Subscription
from newsletter.querysets import MailingListQuerySet, SubscriptionQuerySet
from newsletter.tokens import CONFIRMATION_LIFETIME, fingerprint, read_unsubscribe_token


class LinkBroken(Exception):
    """No link of ours: cut off, altered, or made for something else."""


class LinkExpired(Exception):
    """It was a link of ours and confirms nothing any more."""


class LinkUsed(LinkExpired):
    """It has confirmed before, and what it confirmed still stands."""


@transaction.atomic
def subscribe(
    email: str,
    *,
    mailing_lists: Iterable[MailingList] = (),
    by_machine: bool = False,
    place: ConsentPlace = ConsentPlace.SIGN_UP_FORM,
) -> ConfirmationRequest:
    """Note the wish of whoever typed `email` at `place` and promise that address one mail, whatever is known about it.

    `email` must have passed validate_address; no `mailing_lists` means those of the box on the site. No mail follows
    past the limits of an address, to one that wants no mail from us, and where a machine has filled in the form. The
    request that is returned is then about no subscription: to hand out an earlier one would tell that somebody else
    had asked.
    """
    subscriber = _lock_subscriber(email)
    asked_for = list(mailing_lists or lists_in_box())
    askable = suppressing.without_final(email, mailing_lists=asked_for)
    may_mail = limits.may_be_mailed(subscriber) and not by_machine
    request = ConfirmationRequest.objects.create(
        subscriber=subscriber,
        network_hash=limits.network_hash(),
        expires_at=timezone.now() + CONFIRMATION_LIFETIME,
    )
    if may_mail and askable:
        _note(request, askable, place)
    else:
        with transaction.atomic():
            # In vain, so that a refused request takes as long as any.
            _note(request, asked_for, place)
            transaction.set_rollback(True)
    promise_confirmation(request)
    return request


@transaction.atomic
def ask_again(token: str) -> ConfirmationRequest:
    """Promise a new link to whoever holds an old one; counts like subscribe(). Raises LinkBroken."""
    old = _find(token)
    lists = [subscription.mailing_list for subscription in old.subscriptions.select_related("mailing_list")]
    return subscribe(old.subscriber.email, mailing_lists=lists)


def request_to_confirm(token: str) -> ConfirmationRequest:
    """What the button would confirm; changes nothing. Raises LinkBroken, LinkUsed and LinkExpired."""
    request = _find(token)
    statuses = {subscription.status for subscription in request.subscriptions.all()}
    if request.used_at and SubscriptionStatus.CONFIRMED in statuses:
        raise LinkUsed
    # Who has unsubscribed since then is not brought back by an old mail.
    if request.used_at or request.is_expired or statuses == {SubscriptionStatus.UNSUBSCRIBED}:
        raise LinkExpired
    return request


@transaction.atomic
def confirm(token: str) -> None:
    """Confirm the pending subscriptions of the link, once. Raises LinkBroken, LinkUsed and LinkExpired."""
    request = request_to_confirm(token)
    now = timezone.now()
    # Of two clicks at the same moment the second finds nothing to update.
    if not ConfirmationRequest.objects.filter(pk=request.pk, used_at__isnull=True).update(used_at=now):
        raise LinkUsed
    asked_for = request.subscriptions.select_related("mailing_list", "subscriber").order_by("mailing_list")
    suppressing.lift_by_consent(request.subscriber, mailing_lists=[item.mailing_list for item in asked_for])
    for subscription in asked_for:
        pending = Subscription.objects.filter(pk=subscription.pk, status=SubscriptionStatus.PENDING)
        if make_confirmed(pending):
            _record(subscription, ConsentAction.CONFIRMED, place=ConsentPlace.CONFIRMATION_PAGE)
            promise_welcome(subscription)


def make_confirmed(subscriptions: SubscriptionQuerySet) -> int:
    """In the transaction of the caller, who writes the record of consent. Returns how many there were."""
    return subscriptions.update(
        status=SubscriptionStatus.CONFIRMED, confirmed_at=timezone.now(), ended_at=None, end_reason=""
    )


def subscription_to_end(token: str) -> Subscription | None:
    """What an unsubscribe link is about; None when it was erased since. Raises LinkBroken."""
    subscription_id = read_unsubscribe_token(token)
    if subscription_id is None:
        raise LinkBroken
    subscriptions = Subscription.objects.select_related("subscriber", "mailing_list")
    return subscriptions.filter(pk=subscription_id).first()


@transaction.atomic
def unsubscribe(subscription: Subscription, *, place: ConsentPlace, reason: EndReason | str = "") -> None:
    """End a subscription; ending it again changes nothing.

    One that was only asked for again ended when it ended first: `leaving.can_be_undone` goes by that.
    """
    wanted = Subscription.objects.wanted().filter(pk=subscription.pk)
    ended_at = Coalesce("ended_at", models.Value(timezone.now(), models.DateTimeField()))
    if wanted.update(status=SubscriptionStatus.UNSUBSCRIBED, ended_at=ended_at, end_reason=reason):
        _record(subscription, ConsentAction.UNSUBSCRIBED, place=place)


def lists_in_box() -> MailingListQuerySet:
    """What an address typed into the box asks for.

    The box stands on every page from the first day, so a newsroom without any list gets its first one here.
    """
    if not MailingList.objects.exists():
        MailingList.objects.get_or_create(
            slug="daily",
            defaults={"name": _("Newsletter"), "cadence": _("every day at seven"), "is_default": True},
        )
    return MailingList.objects.offered().in_box()


def _lock_subscriber(email: str) -> Subscriber:
    """The row is locked until the commit, so that simultaneous requests are counted one after the other."""
    subscriber, _created = Subscriber.objects.select_for_update(no_key=True).get_or_create(
        email_normal=normalise(email), defaults={"email": email}
    )
    return subscriber


def _note(request: ConfirmationRequest, mailing_lists: Iterable[MailingList], place: ConsentPlace) -> None:
    request.subscriptions.set([_ask(request.subscriber, mailing_list, place) for mailing_list in mailing_lists])


def _ask(subscriber: Subscriber, mailing_list: MailingList, place: ConsentPlace) -> Subscription:
    subscription, _created = subscriber.subscriptions.get_or_create(mailing_list=mailing_list)
    if subscription.status == SubscriptionStatus.UNSUBSCRIBED:
        subscription.status = SubscriptionStatus.PENDING
        subscription.save(update_fields=["status"])
    _record(subscription, ConsentAction.REQUESTED, place=place)
    return subscription


def _find(token: str) -> ConfirmationRequest:
    requests = ConfirmationRequest.objects.select_related("subscriber")
    request = requests.filter(token_hash=fingerprint(token)).first()
    if request is None:
        raise LinkBroken
    return request


def _record(subscription: Subscription, action: ConsentAction, *, place: ConsentPlace) -> None:
    record(
        subscription.subscriber,
        action,
        place=place,
        mailing_list=subscription.mailing_list,
        wording=wording.shown(place),
    )
