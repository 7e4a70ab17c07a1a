"""Reads a mail that came to the address for reports: what kind it is and what it says. Knows no database.

Reports of RFC 3464 (bounces) and RFC 5965 (complaints) say it in fields; the bounces of older servers in words of any
language, of which only codes and our own addresses are read; answers of people and machines are told apart from both.
Nothing here raises for any bytes, and nothing here answers.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from email.errors import MessageError
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import NamedTuple

# A report repeats at most the message, and what it says stands at its beginning.
LONGEST = 256 * 1024
# Each part opens with its boundary; a mail with more is made to keep a parser busy.
_MOST_BOUNDARIES = 60
_LONGEST_REPLY = 1000


class Shape(StrEnum):
    BOUNCE = "bounce"
    DELAY = "delay"
    ARRIVAL = "arrival"
    COMPLAINT = "complaint"
    LEAVING = "leaving"  # asks to be unsubscribed, by a feedback loop
    ANSWER_OF_MACHINE = "answer of a machine"
    OTHER_REPORT = "other report"
    UNRELATED = "unrelated"


class Report(NamedTuple):
    """`recipients`: addresses that the mail came to; `text`: all that may name a message of ours."""

    shape: Shape
    recipients: list[str]
    text: str
    date: datetime | None = None
    code: int | None = None
    enhanced: str = ""
    reply: str = ""

    @property
    def is_report(self) -> bool:
        return self.shape not in {Shape.UNRELATED, Shape.ANSWER_OF_MACHINE}


_ACTIONS = {
    "failed": Shape.BOUNCE,
    "delayed": Shape.DELAY,
    "delivered": Shape.ARRIVAL,
    "relayed": Shape.OTHER_REPORT,
    "expanded": Shape.OTHER_REPORT,
}
# RFC 5965 §7.3 and the types registered since; the others are about forgery or take a complaint back.
_FEEDBACK = {
    "abuse": Shape.COMPLAINT,
    "fraud": Shape.COMPLAINT,
    "other": Shape.COMPLAINT,
    "virus": Shape.COMPLAINT,
    "opt-out": Shape.LEAVING,
    "opt-out-list": Shape.LEAVING,
}
_REQUIRED = {"feedback-type", "user-agent", "version"}  # RFC 5965 §3.1
_RECIPIENT_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "To", "Cc")
_DAEMONS = re.compile(r"(?:^|<|\s)\"?(mailer-?daemon|postmaster|mail[-.]?daemon|mdaemon|nobody\+bounces?)@", re.I)
# qmail and Exim without parts: the marks that their authors documented (QSBMF; X-Failed-Recipients).
_QMAIL = re.compile(rb"^Hi\. This is the ", re.MULTILINE)
_ANSWER = re.compile(r"(?<![0-9.])(?:[45][0-9]{2}[ -]+[^\n]{0,300}|#[45]\.[0-9]{1,3}\.[0-9]{1,3})")
_FIELD = re.compile(r"^([A-Za-z-]{3,40})[ \t]*:[ \t]*(.*(?:\n[ \t]+.*)*)", re.MULTILINE)


def read_report(raw: bytes) -> Report:
    """What a mail says, of which the first LONGEST bytes are read."""
    raw = raw[:LONGEST].lstrip(b"\r\n")
    message = _parse(raw)
    texts = [*_texts(message)] or [_decoded(raw, None)]
    everything = "\n".join([*texts, _decoded(raw, None)])
    report = Report(Shape.UNRELATED, _recipients(message), everything, _date(message))
    fields = [_fields(text) for text in texts]
    feedback = next((found["feedback-type"] for found in fields if found.keys() >= _REQUIRED), "")
    if feedback:
        return report._replace(shape=_FEEDBACK.get(feedback.strip().lower(), Shape.OTHER_REPORT))
    if "x-hmxmroriginalrecipient" in report.text.lower():  # Outlook.com's feedback loop is older than RFC 5965
        return report._replace(shape=Shape.COMPLAINT)
    if "message/disposition-notification" in {part.get_content_type() for part in message.walk()}:
        return report._replace(shape=Shape.ANSWER_OF_MACHINE)  # RFC 8098: that it was read, or deleted unread
    status = _delivery_status(message, texts)
    if status is not None:
        return _by_status(report, status)
    return _by_words(report, message, raw, texts)


def _by_status(report: Report, status: str) -> Report:
    """RFC 3464: one group of fields for each recipient; of several, one that arrived is enough."""
    groups = [group for group in map(_fields, re.split(r"\n[ \t]*\n", status)) if group.keys() & {"action", "status"}]
    shapes = [_shape(group) for group in groups]
    for shape in (Shape.ARRIVAL, Shape.BOUNCE, Shape.DELAY, Shape.OTHER_REPORT):
        if shape in shapes:
            group = groups[shapes.index(shape)]
            reply = _diagnosis(group)
            enhanced = re.match(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}(?![0-9.])", group.get("status", "").strip())
            return report._replace(shape=shape, enhanced=enhanced[0] if enhanced else "", reply=reply)
    return report._replace(shape=Shape.OTHER_REPORT)


def _shape(group: dict[str, str]) -> Shape:
    action = re.match(r"[a-z]*", group.get("action", "").strip().lower())
    by_class = {"2": Shape.ARRIVAL, "4": Shape.DELAY, "5": Shape.BOUNCE}.get(group.get("status", "").strip()[:1])
    return _ACTIONS.get(action[0] if action else "") or by_class or Shape.OTHER_REPORT


def _diagnosis(group: dict[str, str]) -> str:
    """«smtp; 550-5.1.1 ...» without the kind of the answer (RFC 3464 §2.3.6)."""
    kind, found, words = group.get("diagnostic-code", "").partition(";")
    return " ".join((words if found else kind).split())[:_LONGEST_REPLY]


def _by_words(report: Report, message: Message, raw: bytes, texts: list[str]) -> Report:
    """Not in fields: an answer that a program sends by itself, a bounce in words, or a mail that is none of ours.

    A notice of absence comes to the return path as well (RFC 3834 §4), which therefore proves no bounce.
    """
    sender = _header(message, "From")
    is_bounce = bool(_DAEMONS.search(sender) or message.get("X-Failed-Recipients") or _QMAIL.search(raw))
    if is_bounce and not _is_absence(message):
        answer = next((found[0] for text in texts for found in [_ANSWER.search(text)] if found), "")
        return report._replace(shape=Shape.BOUNCE, reply=" ".join(answer.split())[:_LONGEST_REPLY])
    if _is_by_itself(message):
        return report._replace(shape=Shape.ANSWER_OF_MACHINE)
    return report


def _is_absence(message: Message) -> bool:
    return _header(message, "Auto-Submitted").lower().startswith("auto-replied") and not (
        message.get("X-Failed-Recipients") or _DAEMONS.search(_header(message, "From"))
    )


def _is_by_itself(message: Message) -> bool:
    """RFC 3834 §5 and what was usual before and beside it."""
    said = _header(message, "Auto-Submitted").strip().lower()
    if said and said != "no":
        return True
    if any(message.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply-From")):
        return True
    return _header(message, "Precedence").strip().lower() in {"auto_reply", "auto-reply"}


def _delivery_status(message: Message, texts: list[str]) -> str | None:
    """The machine's part of a bounce, also where a server between gave it another name."""
    for part in message.walk():
        if part.get_content_type() in {"message/delivery-status", "message/global-delivery-status"}:
            return _unfolded_part(part)
    wanted = ("final-recipient", "status")
    return next((text for text in texts if all(name in _fields(text) for name in wanted)), None)


def _unfolded_part(part: Message) -> str:
    """Python parses the groups as messages of their own; when the part is encoded, there is one with a body."""
    payload = part.get_payload()
    if not isinstance(payload, list):
        return _text(part)
    groups = [group for group in payload if isinstance(group, Message)]
    text = "\n\n".join(
        "\n".join([*(f"{name}: {value}" for name, value in group.items()), "", _text(group)]) for group in groups
    )
    encoding = _header(part, "Content-Transfer-Encoding").strip().lower()
    if encoding not in {"base64", "quoted-printable"}:
        return text.replace("\r\n", "\n")
    coded = Message()
    coded["Content-Transfer-Encoding"] = encoding
    coded.set_payload("\n".join(str(group.get_payload()) for group in groups))
    return _text(coded)


def _parse(raw: bytes) -> Message:
    """The whole message, or its headers alone when its parts cannot be followed."""
    if raw.lower().count(b"boundary") <= _MOST_BOUNDARIES:
        try:
            message = BytesParser().parsebytes(raw)
            list(message.walk())
        except (MessageError, ValueError, LookupError, RecursionError, AttributeError, TypeError):
            pass  # the parser of the standard library gives up in many ways
        else:
            return message
    try:
        return BytesHeaderParser().parsebytes(raw)
    except (MessageError, ValueError, LookupError):
        return Message()


def _texts(message: Message) -> Iterator[str]:
    """Every part that can be read, and the headers of returned messages."""
    for part in message.walk():
        if part is not message:
            yield "\n".join(f"{name}: {_plain(value)}" for name, value in part.items())
        if not part.is_multipart():
            yield _text(part)


def _text(part: Message) -> str:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AssertionError):
        payload = None
    if not isinstance(payload, bytes):
        return ""
    return _decoded(payload, part)


def _decoded(raw: bytes, part: Message | None) -> str:
    try:
        charset = (part.get_content_charset() if part else None) or "utf-8"
        text = raw.decode(charset, "replace")
    except (LookupError, ValueError, TypeError):
        text = raw.decode("latin-1")
    return text.replace("\x00", "").replace("\r\n", "\n")


def _fields(text: str) -> dict[str, str]:
    """Lines «Name: value» with small names; of two the first counts."""
    found: dict[str, str] = {}
    for name, value in _FIELD.findall(text):
        found.setdefault(name.lower(), value)
    return found


def _recipients(message: Message) -> list[str]:
    found = [_plain(value) for name in _RECIPIENT_HEADERS for value in message.get_all(name, [])]
    return [
        address for value in found for address in re.findall(r"[^\s<>,;\"]{1,300}@[^\s<>,;\"]{1,255}", value[:4000])
    ]


def _date(message: Message) -> datetime | None:
    """When the mail was written, if it says so with a zone."""
    try:
        date = parsedate_to_datetime(_header(message, "Date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else None


def _header(message: Message, name: str) -> str:
    return _plain(message.get(name, ""))


def _plain(value: object) -> str:
    """Headers with bytes that are no ASCII are objects of their own in the old policy of `email`."""
    return str(value).encode("utf-8", "replace").decode("utf-8")
