"""Sending what was promised. The row of a ConfirmationRequest is written first; a lost mail is sent later."""

import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from newsletter import emails
from newsletter.enums import SubscriptionStatus
from newsletter.models import ConfirmationRequest, MailingList, Subscription
from newsletter.tokens import CONFIRMATION_LIFETIME, fingerprint, new_confirmation_token

logger = logging.getLogger(__name__)

# Longer than any attempt can last (settings.EMAIL_TIMEOUT), so that no two processes send the same mail.
PATIENCE = timedelta(minutes=10)
# A mail that comes later than that surprises more than it helps.
STILL_WELCOME = timedelta(days=7)


def promise_confirmation(request: ConfirmationRequest) -> None:
    """Send the mail of `request` after the commit. Whatever goes wrong then, the reader gets an answer."""
    # No functools.partial: `robust` logs the __qualname__ of what failed, and a partial has none.
    transaction.on_commit(lambda: send_confirmation(request), robust=True)


def rehearse_confirmation(request: ConfirmationRequest, *, mailing_lists: Iterable[MailingList]) -> None:
    """After the commit make the mail of `request` and drop it, so that a refused one takes as long as any.

    Only the time of the mail server itself is missing.
    """
    transaction.on_commit(lambda: _make_in_vain(request, mailing_lists), robust=True)


def promise_welcome(subscription: Subscription) -> None:
    """Send the welcome after the commit. A lost one stays lost: the next issue says all that it says."""
    transaction.on_commit(lambda: send_welcome(subscription), robust=True)


def send_confirmation(request: ConfirmationRequest, *, connection: BaseEmailBackend | None = None) -> bool:
    """Send the button to confirm with, or say that everything is confirmed already: one mail in either case.

    Returns whether the mail server took the mail.
    """
    subscriptions = list(request.subscriptions.select_related("mailing_list").order_by("mailing_list"))
    pending = [item for item in subscriptions if item.status == SubscriptionStatus.PENDING]
    if pending:
        mail = emails.confirmation(request.subscriber, subscriptions=pending, token=_new_link(request))
    else:
        mail = emails.already_subscribed(
            request.subscriber, subscriptions=[item for item in subscriptions if item.is_confirmed]
        )
    if not _send(mail, about=f"confirmation request {request.pk}", connection=connection):
        return False
    request.sent_at = timezone.now()
    request.save(update_fields=["sent_at"])
    return True


def send_welcome(subscription: Subscription) -> bool:
    return _send(emails.welcome(subscription), about=f"welcome to subscription {subscription.pk}")


def send_pending_confirmations() -> Iterator[bool]:
    """Send every mail that was promised and lost; yields for each whether it went out.

    Several processes may run this at once: each row is claimed first. Raises OSError when the mail server
    does not answer at all.
    """
    with get_connection() as connection:
        unsent = ConfirmationRequest.objects.unsent(patience=PATIENCE, at_most=STILL_WELCOME)
        for request in unsent.select_related("subscriber"):
            if _claim(request):
                yield send_confirmation(request, connection=connection)


def _new_link(request: ConfirmationRequest) -> str:
    """A fresh token, since only the fingerprint of an earlier one is left."""
    token = new_confirmation_token()
    request.token_hash = fingerprint(token)
    request.expires_at = timezone.now() + CONFIRMATION_LIFETIME
    request.save(update_fields=["token_hash", "expires_at"])
    return token


def _make_in_vain(request: ConfirmationRequest, mailing_lists: Iterable[MailingList]) -> None:
    subscriptions = [Subscription(subscriber=request.subscriber, mailing_list=item) for item in mailing_lists]
    mail = emails.confirmation(request.subscriber, subscriptions=subscriptions, token=new_confirmation_token())
    mail.message().as_bytes()


def _claim(request: ConfirmationRequest) -> bool:
    untouched = ConfirmationRequest.objects.filter(
        pk=request.pk, sent_at__isnull=True, attempted_at=request.attempted_at
    )
    return untouched.update(attempted_at=timezone.now()) == 1


def _send(mail: EmailMessage, *, about: str, connection: BaseEmailBackend | None = None) -> bool:
    mail.connection = connection
    try:
        mail.send()
    except OSError as error:  # smtplib.SMTPException is one as well
        # Neither address nor link: logs are read by more people than the database.
        logger.error("Mail not sent (%s): %s", about, type(error).__name__)
        return False
    return True
