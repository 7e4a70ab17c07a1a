"""The headers of an issue's mail: RFC 5322, RFC 2369, RFC 2919 and RFC 8058, RFC 3834."""

import re
from email.utils import parseaddr

from django.conf import settings
from django.urls import reverse

from newsletter.mails.headers import ascii_address, encoded, header, mailbox
from newsletter.mails.rendering import subject_of
from newsletter.mails.slots import Slots
from newsletter.models import Issue, MailingList
from newsroom.lib.hygiene import clean_line
from pages.current import current_site
from pages.mailing import absolute

# Base64 holds no "_", so no body can hold it.
BOUNDARY = "=_alternative_="
_ASCII_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?", re.ASCII)


def header_pieces(issue: Issue, variant: str) -> list[str]:
    """The whole head of the message; its slots are date, to, messageid, unsubscribe and mailto."""
    slots = Slots()
    mailing_list = issue.mailing_list
    unsubscribe = absolute(reverse("newsletter:unsubscribe", args=[slots["unsubscribe"]]))
    name, address = sender(mailing_list)
    lines = {
        "From": mailbox(name, address, after=len("From: ")),
        "To": slots["to"],
        "Reply-To": ascii_address(mailing_list.reply_to) if mailing_list.reply_to else "",
        "Subject": encoded(subject_of(issue, variant), after=len("Subject: ")),
        "Date": slots["date"],
        "Message-ID": slots["messageid"],
        "List-Unsubscribe": f"<{unsubscribe}>{slots['mailto']}",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<{list_id(mailing_list)}>",
        "Feedback-ID": feedback_id(issue),
        # Old programs that answer by themselves know only the second one.
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="{BOUNDARY}"',
    }
    return slots.cut("".join(header(key, value) for key, value in lines.items() if value))


def sender(mailing_list: MailingList) -> tuple[str, str]:
    """Name and address: those of the list, else those of all mail of the site."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    name = mailing_list.from_name or name or current_site().settings.name
    return clean_line(name), ascii_address(mailing_list.from_email or address)


def list_id(mailing_list: MailingList) -> str:
    """`<slug>.<host>` (RFC 2919: ASCII alone); a name in Arabic letters is stood for by the number of the list."""
    slug = mailing_list.slug
    label = slug if _ASCII_SLUG.fullmatch(slug) else f"list-{mailing_list.pk}"
    return f"{label}.{settings.SITE_HOST}"


def feedback_id(issue: Issue) -> str:
    """By which Gmail counts complaints: issue, list, kind and, last, the sender as at most 15 letters."""
    site = re.sub(r"[^a-z0-9]", "", settings.SITE_HOST)[-15:]
    return f"issue{issue.pk}:list{issue.mailing_list_id}:{issue.kind}:{site}"
