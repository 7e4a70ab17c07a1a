"""The mails of the sign-up. A mail is a folder in templates/emails: subject.txt, body.txt, body.html."""

from collections.abc import Iterable, Sequence
from email.headerregistry import Address
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from newsletter.models import Subscriber, Subscription
from newsletter.tokens import unsubscribe_token
from newsroom.lib.hygiene import clean_line
from pages.current import current_site

# RFC 3834: tells holiday notices not to answer.
AUTOMATIC = {"Auto-Submitted": "auto-generated"}


def confirmation(
    subscriber: Subscriber, *, subscriptions: Iterable[Subscription], token: str, hours: int
) -> EmailMultiAlternatives:
    """The mail with the button. `hours` says how long its link works."""
    link = absolute(reverse("newsletter:confirm", args=[token]))
    lists = [subscription.mailing_list for subscription in subscriptions]
    return _mail("confirm_subscription", subscriber, {"mailing_lists": lists, "link": link, "hours": hours})


def already_subscribed(subscriber: Subscriber, *, subscriptions: Sequence[Subscription]) -> EmailMultiAlternatives:
    """The answer to somebody who asks for what they get already; the page on the site does not say so."""
    links = [(item.mailing_list, unsubscribe_link(item)) for item in subscriptions]
    return _mail("already_subscribed", subscriber, {"links": links})


def welcome(subscription: Subscription) -> EmailMultiAlternatives:
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


def absolute(path: str) -> str:
    """Links in mails start with SITE_URL, never with the Host header of whoever caused the mail."""
    return settings.SITE_URL + path


def sender() -> str:
    """DEFAULT_FROM_EMAIL under the name of the site, unless the setting brings a name of its own."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return str(Address(clean_line(name or current_site().settings.name), addr_spec=address))


def _mail(
    folder: str, subscriber: Subscriber, context: dict[str, object], headers: dict[str, str] | None = None
) -> EmailMultiAlternatives:
    context = {"site_name": clean_line(current_site().settings.name), "site_url": settings.SITE_URL} | context
    subject, text, html = (
        render_to_string(f"emails/{folder}/{part}", context) for part in ("subject.txt", "body.txt", "body.html")
    )
    one_line = " ".join(subject.split())
    mail = EmailMultiAlternatives(
        one_line, text, sender(), [subscriber.email], headers=AUTOMATIC | (headers or {})
    )
    mail.attach_alternative(html, "text/html")
    return mail
