"""The mails of the sign-up."""

from collections.abc import Iterable, Sequence

from django.urls import reverse

from newsletter.models import Subscriber, Subscription
from newsletter.tokens import CONFIRMATION_HOURS, unsubscribe_token
from pages.mailing import Mail, absolute, make_mail


def confirmation(subscriber: Subscriber, *, subscriptions: Iterable[Subscription], token: str) -> Mail:
    """The mail with the button."""
    context = {
        "mailing_lists": [subscription.mailing_list for subscription in subscriptions],
        "link": absolute(reverse("newsletter:confirm", args=[token])),
        "hours": CONFIRMATION_HOURS,
    }
    return _mail("confirm_subscription", subscriber, context)


def already_subscribed(subscriber: Subscriber, *, subscriptions: Sequence[Subscription]) -> Mail:
    """The answer to somebody who asks for what they get already; the page on the site does not say so."""
    links = [(item.mailing_list, unsubscribe_link(item)) for item in subscriptions]
    return _mail("already_subscribed", subscriber, {"links": links})


def welcome(subscription: Subscription) -> Mail:
    """The first mail of a list, with the headers by which mail programs show their own button (RFC 8058)."""
    link = unsubscribe_link(subscription)
    return _mail(
        "welcome",
        subscription.subscriber,
        {"mailing_list": subscription.mailing_list, "link": link},
        headers={"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )


def unsubscribe_link(subscription: Subscription) -> str:
    return absolute(reverse("newsletter:unsubscribe", args=[unsubscribe_token(subscription.pk)]))


def _mail(
    folder: str, subscriber: Subscriber, context: dict[str, object], headers: dict[str, str] | None = None
) -> Mail:
    return make_mail(folder, to=subscriber.email, context=context, headers=headers)
