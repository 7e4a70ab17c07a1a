"""The mails of the sign-up, and those with a link to one's own data."""

from collections.abc import Iterable, Sequence

from django.urls import reverse

from newsletter.address_keys import address_hash
from newsletter.models import Subscriber, Subscription
from newsletter.tokens import (
    CONFIRMATION_HOURS,
    download_token,
    erasure_token,
    not_me_token,
    preferences_token,
    unsubscribe_token,
)
from pages.mailing import Mail, absolute, make_mail


def confirmation(subscriber: Subscriber, *, subscriptions: Iterable[Subscription], token: str) -> Mail:
    """The mail with the button, and with the way out for whoever never asked."""
    context = {
        "mailing_lists": [subscription.mailing_list for subscription in subscriptions],
        "link": _link("confirm", token),
        "not_me_link": _link("not_me", not_me_token(address_hash(subscriber.email))),
        "hours": CONFIRMATION_HOURS,
    }
    return _mail("confirm_subscription", subscriber, context)


def already_subscribed(subscriber: Subscriber, *, subscriptions: Sequence[Subscription]) -> Mail:
    """The answer to somebody who asks for what they get already; the page on the site does not say so."""
    links = [(item.mailing_list, unsubscribe_link(item)) for item in subscriptions]
    context: dict[str, object] = {"links": links, "preferences_link": preferences_link(subscriber)}
    return _mail("already_subscribed", subscriber, context)


def welcome(subscription: Subscription) -> Mail:
    """The first mail of a list, with the headers by which mail programs show their own button (RFC 8058)."""
    link = unsubscribe_link(subscription)
    context = {
        "mailing_list": subscription.mailing_list,
        "link": link,
        "preferences_link": preferences_link(subscription.subscriber),
    }
    headers = {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return _mail("welcome", subscription.subscriber, context, headers=headers)


def download_link(subscriber: Subscriber) -> Mail:
    return _mail("download_data", subscriber, {"link": _link("download", download_token(subscriber.pk))})


def erasure_link(subscriber: Subscriber) -> Mail:
    return _mail("erase_data", subscriber, {"link": _link("erase", erasure_token(subscriber.pk))})


def unsubscribe_link(subscription: Subscription) -> str:
    return _link("unsubscribe", unsubscribe_token(subscription.pk))


def preferences_link(subscriber: Subscriber) -> str:
    return _link("preferences", preferences_token(subscriber.pk))


def _link(page: str, token: str) -> str:
    return absolute(reverse(f"newsletter:{page}", args=[token]))


def _mail(
    folder: str, subscriber: Subscriber, context: dict[str, object], headers: dict[str, str] | None = None
) -> Mail:
    return make_mail(folder, to=subscriber.email, context=context, headers=headers)
