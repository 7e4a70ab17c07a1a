"""Mails that were kept as files instead of sent (newsroom.lib.mail), for the desk to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db.models.functions import Lower

from accounts.models import User
from newsletter.mails.uncounting import uncounted
from newsroom.lib.mail import kept_names, kept_path

PER_PAGE = 50
# Headers of ours fit into it many times over; only they are read for the list.
_HEAD_BYTES = 16_384
# A mail that somebody put there by hand may be of any size.
MOST_BYTES = 2_000_000
# What is shown of a mail, in this order.
HEADERS = (
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
)


@dataclass(frozen=True)
class Line:
    """A mail in the list."""

    name: str
    at: datetime
    subject: str
    recipients: str


@dataclass(frozen=True)
class Mail:
    """`html` '' when it has none."""

    line: Line
    headers: list[tuple[str, str]]
    text: str
    html: str


def keeps_mail() -> bool:
    """Whether mails end in files: no mail server and no provider is named."""
    return settings.EMAIL_BACKEND == "newsroom.lib.mail.EmlFileBackend"


def page_of_mails(*, before: str = "", for_user: User) -> tuple[list[Line], str]:
    """The newest ones before that name, and the name that the next page begins before ('' on the last)."""
    names = list(islice(kept_names(before=before), PER_PAGE + 1))
    paths = [(name, kept_path(name)) for name in names[:PER_PAGE]]
    read = [(name, _parse(_head(path))) for name, path in paths if path]
    hidden = _hidden(read, for_user)
    lines = [_line(name, message) for name, message in read if name not in hidden]
    return lines, names[PER_PAGE - 1] if len(names) > PER_PAGE else ""


def read_mail(name: str, *, for_user: User) -> Mail | None:
    """None for a name that is none of ours, and for a mail that `for_user` may not read."""
    path = kept_path(name)
    if path is None or path.stat().st_size > MOST_BYTES:
        return None
    message = _parse(path.read_bytes())
    if _hidden([(name, message)], for_user):
        return None
    headers = [(key, _text(message, key)) for key in HEADERS if message[key]]
    # Whoever looks at it here is no reader, and a frame without cookies could not tell.
    html, text = uncounted(_part(message, "html"), _part(message, "plain"))
    return Mail(_line(name, message), headers, text, html)


def _hidden(mails: Sequence[tuple[str, EmailMessage]], user: User) -> set[str]:
    """What the desk says to its members, about drafts too, is for them and for who keeps the accounts."""
    if user.has_perm("accounts.view_user"):
        return set()
    by_name = {name: _addresses(message) for name, message in mails if not message["List-Id"]}
    everybody = {address for addresses in by_name.values() for address in addresses}
    others = User.objects.exclude(pk=user.pk).annotate(address=Lower("email")).filter(address__in=everybody)
    staff = set(others.values_list("address", flat=True))
    return {name for name, addresses in by_name.items() if addresses & staff}


def _addresses(message: EmailMessage) -> set[str]:
    return {address.lower() for _name, address in getaddresses([_text(message, "To")]) if address}


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


def _parse(raw: bytes) -> EmailMessage:
    return BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(raw)


def _line(name: str, message: EmailMessage) -> Line:
    return Line(name, _moment(name), _text(message, "Subject"), _text(message, "To"))


def _moment(name: str) -> datetime:
    """20261120/0940/094012-….eml, in UTC."""
    return datetime.strptime(name[:8] + name[14:20], "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _text(message: EmailMessage, key: str) -> str:
    """One line, whatever a header holds."""
    return " ".join(str(message[key] or "").split())


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    raw = part.get_payload(decode=True)
    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
