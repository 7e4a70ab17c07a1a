"""What makes spam filters and readers suspicious of an issue: rules of our own, each with a sentence."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsletter.models import Issue
from newsroom.lib.arabic import TATWEEL, fold
from newsroom.lib.dates import format_digits
from newsroom.lib.site_style import site_style
from newsroom.lib.tables import words

# Phones show about so much of a subject.
LONGEST_SUBJECT = 60
MOST_MARKS = 2
MOST_EMOJI = 2
MOST_LINKS = 60
MOST_LINKS_PER_ITEM = 6
# Of a mail that is text: bytes of HTML for each letter that is read.
MOST_HTML_PER_LETTER = 25
FEWEST_LETTERS_PER_IMAGE = 80

_REPLY = re.compile(r"^\s*(?:re|fw|fwd|رد|تحويل|إعادة توجيه)\s*[:：]", re.IGNORECASE)
_MARKS = re.compile("[!؟?！？]")
_DOUBLED = re.compile(r"[!؟?！？]{2,}")
# A line of them: NATO alone is a name.
_CAPITALS = re.compile(r"\b[A-Z]{2,}(?:[\s,-]+[A-Z]{2,})+")
_EMOJI = re.compile("[\u2600-\u27bf\u2b50\u2b55\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff]")
_STRETCHED = re.compile(rf"{TATWEEL}|([^\W\d_])\1{{3,}}")
_LINK = re.compile(r"<a\b[^<>]*\bhref=[\"']([^\"']+)", re.IGNORECASE)
_IMAGE = re.compile(r"<img\b", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


class Mail(Protocol):
    """What newsletter.mails.rendering returns."""

    @property
    def subject(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def text(self) -> str: ...


class Risk(NamedTuple):
    """`field` is that of the issue in which it is mended, "" for the mail as a whole."""

    field: str
    text: str


def risks(issue: Issue, mail: Mail) -> list[Risk]:
    """Everything that was found, the subject first. Nothing of it forbids to send."""
    subjects = [("subject", issue.subject), ("subject_b", issue.subject_b)]
    found = [Risk(field, text) for field, subject in subjects if subject for text in _of_subject(subject)]
    if not issue.preheader:
        found.append(Risk("preheader", _("Without a preheader mail programs show the first words of the mail there.")))
    return found + [Risk("items", text) for text in _of_mail(issue, mail)]


def _of_subject(subject: str) -> Iterator[str]:
    style = site_style()
    if (length := len(subject)) > LONGEST_SUBJECT:
        sentence = ngettext(
            "The subject has %(count)s letter; phones cut it after about %(most)s.",
            "The subject has %(count)s letters; phones cut it after about %(most)s.",
            length,
        )
        yield sentence % {"count": format_digits(length, style), "most": format_digits(LONGEST_SUBJECT, style)}
    for is_found, says in _SUBJECT_RULES:
        if is_found(subject):
            yield says()
    if spam := spam_words(subject):
        yield _("Filters know these words of the subject from advertising: %(words)s") % {"words": "، ".join(spam)}


def _of_mail(issue: Issue, mail: Mail) -> Iterator[str]:
    links = [link for link in _LINK.findall(mail.html) if link.startswith(("http:", "https:"))]
    letters = len(_SPACES.sub("", mail.text))
    images = len(_IMAGE.findall(mail.html))
    if short := sorted({host for link in links if (host := _host(link)) in _SHORTENERS}):
        yield _("Shortened addresses hide where they lead, and filters refuse them: %(hosts)s") % {
            "hosts": "، ".join(short)
        }
    if len(links) > max(MOST_LINKS, MOST_LINKS_PER_ITEM * issue.items.count()):
        yield _("The mail has very many links (%(count)s).") % {"count": format_digits(len(links), site_style())}
    if images and letters < FEWEST_LETTERS_PER_IMAGE * images:
        yield _("The mail has much picture and little text: filters take it for an advertisement.")
    if letters and len(mail.html) > MOST_HTML_PER_LETTER * letters + 15_000:
        yield _("The mail has very little text for its size.")
    if spam := spam_words(mail.text, at_least=3):
        yield _("Filters know these words of the text from advertising: %(words)s") % {"words": "، ".join(spam)}


def spam_words(text: str, at_least: int = 1) -> list[str]:
    """The entries of the table `spam_words` that stand in `text`, when there are so many; as the table writes them."""
    folded = f" {fold(text)} "
    found = [entry for entry, key in _SPAM if f" {key} " in folded]
    return found if len(found) >= at_least else []


def _is_shouting(subject: str) -> bool:
    """Several Latin words on end in capitals."""
    return any(len(line) > 12 for line in _CAPITALS.findall(subject))


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


_SUBJECT_RULES: list[tuple[Callable[[str], bool], Callable[[], str]]] = [
    (
        lambda subject: bool(_DOUBLED.search(subject)) or len(_MARKS.findall(subject)) > MOST_MARKS,
        lambda: _("The subject has too many exclamation or question marks."),
    ),
    (
        lambda subject: bool(_REPLY.match(subject)),
        lambda: _("The subject pretends to be an answer or a forwarded mail."),
    ),
    (_is_shouting, lambda: _("The subject is written in capital letters.")),
    (
        lambda subject: bool(_STRETCHED.search(subject)),
        lambda: _("The subject has stretched words; readers search for words as they are usually written."),
    ),
    (lambda subject: len(_EMOJI.findall(subject)) > MOST_EMOJI, lambda: _("The subject has too many little pictures.")),
]
_SPAM = [(entry, fold(entry)) for entry in words("spam_words")]
_SHORTENERS = frozenset(words("link_shorteners"))
