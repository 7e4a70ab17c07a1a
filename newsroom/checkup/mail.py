"""Mail: whether the server takes us, and whether others would believe what comes from us. Nothing is sent."""

import smtplib
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.models import SenderCheck
from newsletter.sender_check import sender_domains
from newsroom.checkup.configuration import is_public
from newsroom.checkup.findings import Finding, fault, ok, warning

SMTP = "django.core.mail.backends.smtp.EmailBackend"
FILES = "newsroom.lib.mail.EmlFileBackend"
OLD = timedelta(days=30)


def check_server() -> Iterator[Finding]:
    if settings.EMAIL_BACKEND == FILES:
        if is_public():
            yield warning(
                "mail.server",
                _("Mail is written to files and reaches nobody."),
                _("Set EMAIL_URL (docs/deliverability.md)."),
            )
        else:
            yield ok("mail.server", _("Mail is written to files, as it should be on this machine."))
    elif settings.EMAIL_BACKEND == SMTP:
        yield _greeted()
    else:
        yield ok("mail.server", _("Mail goes out by %(name)s."), name=settings.MAIL_PROVIDER or settings.EMAIL_BACKEND)


def _greeted() -> Finding:
    """Connect, say hello, encrypt and sign in, as for a mail, and leave."""
    connection = get_connection(fail_silently=False)
    try:
        connection.open()
        connection.close()
    except (OSError, smtplib.SMTPException) as error:
        return fault(
            "mail.server",
            _("The mail server %(host)s does not take us (%(error)s)."),
            _("Compare EMAIL_URL with what its operator gave you; mail waits and is sent later."),
            host=settings.EMAIL_HOST,
            error=type(error).__name__,
        )
    return ok("mail.server", _("The mail server %(host)s takes us."), host=settings.EMAIL_HOST)


def check_sender_records() -> Iterator[Finding]:
    """What the name servers said when somebody last asked; asking takes up to twenty seconds."""
    if not is_public() or settings.EMAIL_BACKEND == FILES:
        return
    known = {check.domain: check for check in SenderCheck.objects.filter(domain__in=sender_domains())}
    for domain in sender_domains():
        check = known.get(domain)
        if check is None or check.checked_at < timezone.now() - OLD:
            yield warning(
                "mail.dns",
                _("Nobody has looked lately whether others believe mail from %(domain)s."),
                _("Open Newsletter, Sender in the admin and have it checked."),
                domain=domain,
            )
        elif bad := [found["about"].upper() for found in check.result["findings"] if found["level"] == "bad"]:
            yield warning(
                "mail.dns",
                _("Others may not believe mail from %(domain)s: %(names)s."),
                _("Open Newsletter, Sender in the admin: it says what to write into the DNS."),
                domain=domain,
                names=", ".join(dict.fromkeys(bad)),
            )
        else:
            yield ok("mail.dns", _("Others can believe mail from %(domain)s."), domain=domain)
