"""The deeds of the mailing list. What the site answers never tells whether an address is known."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsletter.delivering import LINK_LIFETIME, promise_confirmation, promise_welcome
from newsletter.addresses import normalise
from newsletter.enums import ConsentAction, ConsentPlace, SubscriptionStatus
from newsletter.models import ConfirmationRequest, ConsentRecord, MailingList, Subscriber, Subscription
from newsletter.tokens import fingerprint

# Nobody can fill a stranger's mailbox through our form.
MAILS_A_DAY = 3
DAY = timedelta(hours=24)


class LinkBroken(Exception):
    """No link of ours: cut off, altered, or made for something else."""


class LinkExpired(Exception):
    """It was a link of ours and confirms nothing any more."""


class LinkUsed(LinkExpired):
    """It has confirmed before, and what it confirmed still stands."""


@transaction.atomic
def subscribe(email: str, *, mailing_lists: Iterable[MailingList] = (), wording: str) -> ConfirmationRequest:
    """Note the wish of whoever typed `email` and promise one mail to that address, whatever is known about it.

    `email` must have passed validate_address; no `mailing_lists` means those of the box on the site; `wording`
    is the text beside the form. After MAILS_A_DAY within 24 hours nothing more is written or sent, and the last
    request is returned.
    """
    subscriber = _lock_subscriber(email)
    recent = subscriber.confirmation_requests.asked_after(timezone.now() - DAY)[:MAILS_A_DAY]
    if len(recent) == MAILS_A_DAY:
        return recent[0]
    subscriptions = [_ask(subscriber, chosen) for chosen in mailing_lists or lists_of_box()]
    return _request(subscriber, subscriptions, wording=wording)


@transaction.atomic
def ask_again(token: str, *, wording: str) -> ConfirmationRequest:
    """Promise a new link to whoever holds an expired one. Raises LinkBroken; counts like subscribe()."""
    old = _find(token)
    lists = [subscription.mailing_list for subscription in old.subscriptions.select_related("mailing_list")]
    return subscribe(old.subscriber.email, mailing_lists=lists, wording=wording)


def request_to_confirm(token: str) -> ConfirmationRequest:
    """What the button would confirm. Changes nothing. Raises LinkBroken, LinkExpired, LinkUsed."""
    request = _find(token)
    ...
