"""Fills the compiled mail of an issue for one reader after another."""

import html
import re
from collections.abc import Iterable
from datetime import UTC
from email.utils import format_datetime

from django.utils import timezone

from newsletter import hits, tokens
from newsletter.mails.compiling import fingerprint
from newsletter.mails.dkim import site_signer
from newsletter.mails.encoding import EncodedPart
from newsletter.mails.envelope import BOUNDARY, sender
from newsletter.mails.headers import HeaderRefused, ascii_address, mailbox
from newsletter.mails.links import CLICK, OPEN
from newsletter.mails.message_ids import message_id
from newsletter.mails.slots import Recipient, fill, names
from newsletter.mails.verp import bounce_address, leaving_address
from newsletter.models import CompiledMail, Issue
from newsroom.lib.bidi import without_marks

__all__ = ["Assembler", "HeaderRefused", "Recipient", "TamperedMail"]

_PART = f"--{BOUNDARY}\r\nContent-Type: text/{{}}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n".format
_START, _MIDDLE = b"\r\n" + _PART("plain").encode(), _PART("html").encode()
_END = f"--{BOUNDARY}--\r\n".encode()


# Mail programs make links of such words. Whoever was passed a newsletter can change the name on the page of
# preferences, and it stands in our next mail.
_LEADS_ELSEWHERE = re.compile(r"//|[a-z0-9-]\.[a-z]{2}", re.ASCII | re.IGNORECASE)


class TamperedMail(Exception):
    """A compiled mail is not what was compiled."""


class Assembler:
    """Makes the messages of one issue. It keeps nothing of what it makes, so threads may share it.

    Raises TamperedMail when a compiled mail does not match its fingerprint.
    """

    def __init__(self, issue: Issue, compiled_mails: Iterable[CompiledMail]) -> None:
        self._issue_id = issue.pk
        self._sender = sender(issue.mailing_list)[1]
        self._signer = site_signer()
        self._forms = {mail.variant: _Form(mail) for mail in compiled_mails}

    def message(self, recipient: Recipient) -> bytes:
        """The whole message: lines end with CRLF, no byte above 127, none begins with a dot.

        Raises HeaderRefused, a ValueError, for an address that no header can hold.
        """
        form = self._forms.get(recipient.variant) or self._forms["a"]
        values = self._values(recipient, form)
        raw = {name: value.encode() for name, value in values.items()}
        escaped = {name: html.escape(value).encode() for name, value in values.items()}
        head = fill(form.headers, values).encode("ascii")
        message = b"".join((head, _START, form.text.filled(raw), _MIDDLE, form.html.filled(escaped), _END))
        return self._signer.signed(message) if self._signer else message

    def envelope_sender(self, delivery_id: int) -> str:
        """Where the mail server reports a message that it cannot deliver."""
        return bounce_address(delivery_id) or self._sender

    def _values(self, recipient: Recipient, form: "_Form") -> dict[str, str]:
        address = ascii_address(recipient.email)
        name = without_marks(" ".join(recipient.name.split()))
        name = "" if _LEADS_ELSEWHERE.search(name) else name
        values = {
            "to": mailbox(name, address, after=len("To: ")),
            "date": format_datetime(timezone.now().astimezone(UTC)),
            "messageid": message_id(recipient.delivery_id),
            "mailto": _mailto(recipient.delivery_id),
            "unsubscribe": tokens.unsubscribe_token(recipient.subscription_id),
            "preferences": tokens.preferences_token(recipient.subscriber_id),
            "name": name or form.fallbacks["name"],
            "email": recipient.email,
        }
        if form.notes_names:
            values |= self._counted(recipient, form)
        return values

    def _counted(self, recipient: Recipient, form: "_Form") -> dict[str, str]:
        delivery = recipient.delivery_id
        found = {
            name: hits.click_token(self._issue_id, recipient.variant, number, delivery)
            for name, number in form.numbers.items()
        }
        return found | {OPEN: hits.open_token(self._issue_id, recipient.variant, delivery)}


def _mailto(delivery_id: int) -> str:
    """For programs that know RFC 2369 alone; only where the mailbox for reports is there to be read."""
    address = leaving_address(delivery_id)
    return f", <mailto:{address}?subject=unsubscribe>" if address else ""


class _Form:
    """One compiled mail, encoded as far as it is the same for all."""

    def __init__(self, mail: CompiledMail) -> None:
        if fingerprint(mail.content) != mail.sha256:
            raise TamperedMail(f"issue {mail.issue_id}, variant {mail.variant}")
        self.headers: list[str] = mail.content["headers"]
        self.text = EncodedPart(mail.content["text"])
        self.html = EncodedPart(mail.content["html"])
        self.fallbacks: dict[str, str] = mail.content["fallbacks"]
        slots = names(mail.content["html"])
        # Whether it is noted who opened what, and the numbers of the links.
        self.notes_names = OPEN in slots
        self.numbers = {name: int(name.removeprefix(CLICK)) for name in slots if name.startswith(CLICK)}
