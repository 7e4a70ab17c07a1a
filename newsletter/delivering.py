"""Sending what was promised. The row of a ConfirmationRequest is written first; a lost mail is sent later."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from newsletter import emails
from newsletter.enums import SubscriptionStatus
from newsletter.models import ConfirmationRequest, Subscription
from newsletter.tokens import fingerprint, new_confirmation_token

logger = logging.getLogger(__name__)

LINK_LIFETIME = timedelta(hours=48)
# Longer than any attempt can last (settings.EMAIL_TIMEOUT), so that no two processes send the same mail.
PATIENCE = timedelta(minutes=10)


def promise_confirmation(request: ConfirmationRequest) -> None:
    """Send the mail of `request` after the commit. Whatever goes wrong then, the reader gets an answer."""
    transaction.on_commit(partial(send_confirmation, request), robust=True)


def promise_welcome(subscription: Subscription) -> None:
    """Send the welcome after the commit. It brings nothing that the next issue does not: a lost one stays lost."""
    mail = emails.welcome(subscription)
    transaction.on_commit(partial(_send, mail, about=f"welcome {subscription.pk}"), robust=True)


def send_confirmation(request: ConfirmationRequest, *, connection: BaseEmailBackend | None = None) -> bool:
    """Send the button to confirm with, or say that everything is confirmed already: one mail in either case.

    Makes a new link, since only fingerprints are kept; an older one of the same request stops working.
    Returns whether the mail server took the mail.
    """
    subscriptions = list(request.subscriptions.select_related("mailing_list"))
    pending = [item for item in subscriptions if item.status == SubscriptionStatus.PENDING]
    if pending:
        token = new_confirmation_token()
        request.token_hash = fingerprint(token)
        request.expires_at = timezone.now() + LINK_LIFETIME
        request.save(update_fields=["token_hash", "expires_at"])
        hours = LINK_LIFETIME // timedelta(hours=1)
        mail = emails.confirmation(request.subscriber, subscriptions=pending, token=token, hours=hours)
    else:
        confirmed = [item for item in subscriptions if item.is_confirmed]
        mail = emails.already_subscribed(request.subscriber, subscriptions=confirmed)
    if not _send(mail, about=f"confirmation request {request.pk}", connection=connection):
        return False
    request.sent_at = timezone.now()
    request.save(update_fields=["sent_at"])
    return True


def send_pending_confirmations() -> Iterator[bool]:
    """Send every mail that was promised and lost; yields for each whether it went out.

    Several processes may run this at once: each row is claimed first. Raises OSError when the mail server
    does not answer at all.
    """
    with get_connection() as connection:
        for request in ConfirmationRequest.objects.unsent(patience=PATIENCE).select_related("subscriber"):
            if _claim(request):
                yield send_confirmation(request, connection=connection)


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
