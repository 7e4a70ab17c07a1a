"""Sending what was promised to a reader. Rows say what was promised, tasks send it, and the tick finds what was lost.

Nothing is sent while a page is answered, so that no answer takes longer for one address than for another.
"""

import logging
import smtplib
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from newsletter import emails
from newsletter.enums import SubscriptionStatus
from newsletter.models import ConfirmationRequest, Subscriber, Subscription
from newsletter.tokens import CONFIRMATION_LIFETIME, fingerprint, new_confirmation_token
from newsroom.lib import meters
from tasks.defining import BACKOFF, task

logger = logging.getLogger(__name__)

# Longer than any attempt can last (settings.EMAIL_TIMEOUT), so that no two processes send the same mail.
PATIENCE = timedelta(minutes=10)
# A mail that comes later than that surprises more than it helps.
STILL_WELCOME = timedelta(days=7)
# Before those of the desk: somebody is waiting in front of a screen.
SOON = 50
# Of a mail that no row promises, so that a server that is down for a day is outlasted: the last pause is repeated.
ATTEMPTS_OF_A_DAY = len(BACKOFF) + 24 * 3600 // BACKOFF[-1]


class MailNotSent(Exception):
    """The mail server did not take a mail. Says which mail, never to whom: errors are kept and read."""


class MailRefused(MailNotSent):
    """For good: there is no such mailbox (RFC 5321 §4.2.1, 5yz). Sending it again only harms the name of the sender."""


def promise_confirmation(request: ConfirmationRequest) -> None:
    """Send the mail of `request` after the commit. It is asked for where no mail follows too: that costs as much."""
    mail_confirmation.enqueue(request.pk)


def promise_welcome(subscription: Subscription) -> None:
    """Send the welcome after the commit. A lost one stays lost: the next issue says all that it says."""
    mail_welcome.enqueue(subscription.pk)


@task(max_attempts=3, priority=SOON)
def mail_confirmation(request_id: int) -> None:
    """What is not sent after these attempts, send_pending_confirmations finds."""
    request = (
        ConfirmationRequest.objects.filter(pk=request_id, sent_at__isnull=True).select_related("subscriber").first()
    )
    if request and _claim(request):
        send_confirmation(request)


@task(priority=SOON)
def mail_welcome(subscription_id: int) -> None:
    confirmed = Subscription.objects.filter(pk=subscription_id, status=SubscriptionStatus.CONFIRMED)
    subscription = confirmed.select_related("subscriber", "mailing_list").first()
    if subscription:
        _send(emails.welcome(subscription), about=f"welcome to subscription {subscription.pk}")


@task(max_attempts=ATTEMPTS_OF_A_DAY, priority=SOON)
def mail_link_to_data(subscriber_id: int, erases: bool) -> None:
    """The link to download one's own data, or to erase it. It is made here, so that its hour begins now.

    The reader was told that it comes, and the task is all that knows it: hence the many attempts.
    """
    subscriber = Subscriber.objects.filter(pk=subscriber_id).first()
    if subscriber:
        mail = emails.erasure_link(subscriber) if erases else emails.download_link(subscriber)
        with suppress(MailRefused):
            _send(mail, about=f"link to the data of subscriber {subscriber.pk}")


def send_confirmation(request: ConfirmationRequest, *, connection: BaseEmailBackend | None = None) -> None:
    """Send the button to confirm with, or say that everything is confirmed already: one mail in either case.

    None when nothing is left to say, because the reader has ended it meanwhile. Raises MailNotSent.
    """
    subscriptions = list(request.subscriptions.select_related("mailing_list").order_by("mailing_list"))
    pending = [item for item in subscriptions if item.status == SubscriptionStatus.PENDING]
    confirmed = [item for item in subscriptions if item.is_confirmed]
    if pending:
        mail = emails.confirmation(request.subscriber, subscriptions=pending, token=_new_link(request))
    elif confirmed:
        mail = emails.already_subscribed(request.subscriber, subscriptions=confirmed)
    else:
        return
    _send(mail, about=f"confirmation request {request.pk}", connection=connection)
    request.sent_at = timezone.now()
    request.save(update_fields=["sent_at"])


def send_pending_confirmations() -> Iterator[bool]:
    """Send every mail that was promised and lost; yields for each whether it went out.

    Several processes may run this at once: each row is claimed first. Raises OSError when the mail server
    does not answer at all.
    """
    with get_connection() as connection:
        unsent = ConfirmationRequest.objects.unsent(patience=PATIENCE, at_most=STILL_WELCOME)
        for request in unsent.select_related("subscriber"):
            if _claim(request):
                yield _went_out(request, connection)


def _went_out(request: ConfirmationRequest, connection: BaseEmailBackend) -> bool:
    try:
        send_confirmation(request, connection=connection)
    except MailNotSent:
        return False
    return True


def _new_link(request: ConfirmationRequest) -> str:
    """A fresh token, since only the fingerprint of an earlier one is left."""
    token = new_confirmation_token()
    request.token_hash = fingerprint(token)
    request.expires_at = timezone.now() + CONFIRMATION_LIFETIME
    request.save(update_fields=["token_hash", "expires_at"])
    return token


def _claim(request: ConfirmationRequest) -> bool:
    untouched = ConfirmationRequest.objects.filter(
        pk=request.pk, sent_at__isnull=True, attempted_at=request.attempted_at
    )
    return untouched.update(attempted_at=timezone.now()) == 1


def _send(mail: EmailMessage, *, about: str, connection: BaseEmailBackend | None = None) -> None:
    mail.connection = connection
    try:
        mail.send()
    except Exception as error:  # noqa: BLE001 - a backend of a provider raises what it likes, with the address in it
        # Neither address nor link: logs and failed tasks are read by more people than the database.
        logger.error("Mail not sent (%s): %s", about, type(error).__name__)
        meters.add("newsroom_mails_total", kind="readers", outcome="failed")
        failure = MailRefused if _is_for_good(error) else MailNotSent
        raise failure(f"{about}: {type(error).__name__}") from None
    meters.add("newsroom_mails_total", kind="readers", outcome="sent")


def _is_for_good(error: Exception) -> bool:
    """Whether the server spoke of the recipient, and will say the same tomorrow."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    return all(500 <= code < 600 for code, _reply in error.recipients.values())
