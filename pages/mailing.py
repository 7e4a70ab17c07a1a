"""What every mail of the site has in common: sender, headers, two texts from one folder of templates."""

from email.headerregistry import Address
from email.utils import make_msgid, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from newsroom.lib.bidi import plain_title
from newsroom.lib.hygiene import clean_line
from pages.current import current_site

# RFC 3834: tells holiday notices not to answer.
AUTOMATIC = {"Auto-Submitted": "auto-generated"}


class Mail(EmailMultiAlternatives):
    """Keeps each header on the line of its name, unless it consists of several words.

    Python folds whatever passes 78 characters and leaves `List-Unsubscribe:` alone on its line, which not
    every mail program reads. RFC 5322 §2.1.1 allows 998.
    """

    def message(self, *args: Any, **kwargs: Any) -> Any:
        message = super().message(*args, **kwargs)
        message.policy = message.policy.clone(max_line_length=998)
        return message


def make_mail(folder: str, *, to: str, context: dict[str, object], headers: dict[str, str] | None = None) -> Mail:
    """A mail is a folder in templates/emails: subject.txt, body.txt, body.html."""
    context = {"site_name": clean_line(current_site().settings.name), "home": absolute("/")} | context
    subject, text, html = (
        render_to_string(f"emails/{folder}/{part}", context) for part in ("subject.txt", "body.txt", "body.html")
    )
    mail = Mail(
        one_line(subject),
        text,
        sender(),
        [to],
        headers=AUTOMATIC | {"Message-ID": make_msgid(domain=settings.SITE_HOST)} | (headers or {}),
    )
    mail.attach_alternative(html, "text/html")
    return mail


def absolute(path: str) -> str:
    """Links in mails start with SITE_URL, never with the Host header of whoever caused the mail."""
    return settings.SITE_URL + path


def sender() -> str:
    """DEFAULT_FROM_EMAIL under the name of the site, unless the setting brings a name of its own."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return str(Address(clean_line(name or current_site().settings.name), addr_spec=address))


def one_line(subject: str) -> str:
    """A subject that cannot end its header, laid out from right to left whatever its first word is."""
    return plain_title(" ".join(subject.split()))
