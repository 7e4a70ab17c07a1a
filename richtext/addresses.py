"""Which addresses a body may point to. Anything that a browser could read in a second way is refused."""

import re
import unicodedata
from urllib.parse import urlsplit

from richtext.schema import LINK_SCHEMES, SOURCE_PREFIXES

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[^\s@?<>\"]+@[^\s@?<>\"]+(\?[^\s<>\"]*)?", re.IGNORECASE)
_PHONE = re.compile(r"tel:\+?[0-9().-]+", re.IGNORECASE)
_TRAVERSAL = re.compile(r"(^|/)(\.|%2e){1,2}(/|$)", re.IGNORECASE)


def clean_link(address: str) -> str | None:
    """Return a link as it may be stored: http(s)://host, mailto, tel, /path or #part; else None."""
    address = _visible(address)
    if "\\" in address:  # browsers read it as a slash
        return None
    if address.startswith(("/", "#")):
        return None if address.startswith("//") or address == "#" else address
    scheme = _SCHEME.match(address)
    if not scheme or scheme[1].lower() not in LINK_SCHEMES:
        return None
    if scheme[1].lower() == "mailto":
        return address if _MAIL.fullmatch(address) else None
    if scheme[1].lower() == "tel":
        return address if _PHONE.fullmatch(address) else None
    return address if _has_plain_host(address) else None


def clean_source(address: str) -> str | None:
    """Return the address of a picture as it may be stored, or None unless it is a file of this site."""
    address = _visible(address)
    path = address.split("?")[0].split("#")[0]
    if "\\" in address or _TRAVERSAL.search(path) or not path.startswith(SOURCE_PREFIXES):
        return None
    return address


def is_external(address: str) -> bool:
    return address.lower().startswith(("http://", "https://"))


def _visible(address: str) -> str:
    """Drop what browsers ignore and readers cannot see (controls, bidi, zero width); write spaces out."""
    seen = "".join(c for c in address if unicodedata.category(c) not in {"Cc", "Cf", "Zl", "Zp"})
    return re.sub(r"\s", "%20", seen.strip())


def _has_plain_host(address: str) -> bool:
    """True for //host and //host:port; a user name before @ makes a reader trust the wrong host."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - raises ValueError when it is no number
    except ValueError:
        return False
    after_scheme = address.partition(":")[2]
    return after_scheme.startswith("//") and bool(parts.hostname) and "@" not in parts.netloc
