"""E-mail addresses as people type them: cleaned, checked, compared and masked."""

import re
import unicodedata
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from newsroom.lib.arabic import fold_digits
from newsroom.lib.hygiene import clean_address as without_hidden
from newsroom.lib.lookalikes import validate_host
from newsroom.lib.names import LONGEST_SEARCH, MOST_WORDS

MAX_LENGTH = 254  # RFC 5321 §4.5.3.1.3: a path of 256 octets less its angle brackets
MAX_LOCAL_LENGTH = 64

# RFC 5322 dot-atom, narrower at its beginning: = + - @ there start a formula in a spreadsheet. ASCII only,
# because mail servers that take other local parts (SMTPUTF8) are too rare to promise delivery.
_LOCAL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9!#$%&'*+/=?^_`{|}~-]*(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
# RFC 1123 labels, at least two, the last one not a number: neither a bare host name nor an IP address.
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$)[a-z0-9][a-z0-9-]{{0,61}}[a-z0-9]")
# What is neither a letter, a mark nor a digit and yet stands in domains; the middle dot is Catalan.
_JOINTS = frozenset(".-\u00b7")


def clean_address(text: str) -> str:
    """What was meant: no invisible marks, no space around, Arabic-Indic digits as ASCII ones.

    A line break inside stays visible as a space, so that a smuggled header makes the address wrong.
    """
    return fold_digits(without_hidden(text))


def validate_address(address: str) -> None:
    """Raises ValidationError unless mail can be sent to `address` and a spreadsheet can show it.

    Django's own EmailValidator lets `=cmd|x@x.com`, `a@localhost` and `a@[127.0.0.1]` through.
    """
    local, at, domain = address.rpartition("@")
    try:
        host = _ascii_domain(domain) if len(address) <= MAX_LENGTH else ""
        host = host if _is_shown_truly(host) else ""
    except UnicodeError:
        host = ""
    fits = len(local) <= MAX_LOCAL_LENGTH and len(local) + len(at) + len(host) <= MAX_LENGTH
    if not (fits and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(host)):
        raise ValidationError(_("Enter a correct e-mail address, like name@example.com."), code="invalid")
    validate_host(address)


def normalise(address: str) -> str:
    """The key by which two spellings are one subscriber: everything lower-case, the domain in its ASCII form.

    Raises UnicodeError for a domain that has no ASCII form; validate_address refuses those before.
    """
    local, _at, domain = address.rpartition("@")
    return f"{local.lower()}@{_ascii_domain(domain)}"


def search_words(typed: str) -> list[str]:
    """The pieces of addresses that somebody looks for, as `normalise` writes them."""
    words = clean_address(typed[:LONGEST_SEARCH]).split()[:MOST_WORDS]
    return [_as_kept(word) for word in words]


def _as_kept(piece: str) -> str:
    """A domain that is only half typed has no ASCII form yet."""
    local, at, domain = piece.lower().rpartition("@")
    try:
        return f"{local}{at}{_ascii_domain(domain)}"
    except UnicodeError:
        return piece.lower()


def readable(normal: str) -> str:
    """A normalised address as a person writes it: xn-- labels become letters again.

    Raises UnicodeError for an xn-- label that stands for nothing; validate_address refuses those before.
    """
    local, _at, domain = normal.rpartition("@")
    return f"{local}@{_domain_in_letters(domain)}"


def mask(normal: str) -> str:
    """Enough for its owner to recognise, too little for anybody else: n•••@example.com."""
    return f"{normal[0]}•••@{readable(normal).rpartition('@')[2]}"


@lru_cache(maxsize=4096)  # in an older list most addresses are of a few domains
def _ascii_domain(domain: str) -> str:
    return domain.encode("idna").decode("ascii").lower()


def _domain_in_letters(host: str) -> str:
    return host.encode("ascii").decode("idna")


@lru_cache(maxsize=4096)
def _is_shown_truly(host: str) -> bool:
    """Whether the letters of `host` are visible and lead back to it, so that what we show is where mail goes.

    An xn-- label can hide a full stop or a direction mark. Raises UnicodeError for one that holds nothing.
    """
    letters = _domain_in_letters(host)
    visible = all(char in _JOINTS or unicodedata.category(char)[0] in "LMN" for char in letters)
    return visible and _ascii_domain(letters) == host
