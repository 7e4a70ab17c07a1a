"""The counted links of a mail: an address for its picture of one point, and one for each link.

A token says which issue, variant and link, and in a mail whose readers are noted by name which delivery too. It is
signed, so that nobody counts what we never sent; it opens nothing, since a link leads only to a stored LinkTarget.
"""

import base64
import hmac
import re
from functools import lru_cache
from hashlib import sha256
from typing import Literal, NamedTuple

from django.conf import settings

Purpose = Literal["open", "click"]

# Bytes of the HMAC-SHA256: 96 bits (RFC 2104 §5 wants at least 80), 16 characters of an address.
_SIGNATURE_BYTES = 12
_PAYLOAD = re.compile(r"([1-9][0-9]{0,17})([ab])(0|[1-9][0-9]{0,4})(?:-([1-9][0-9]{0,17}))?", re.ASCII)


class Hit(NamedTuple):
    """What a token is about; `number` 0 is the mail itself, `delivery_id` None where nobody is to be known."""

    issue_id: int
    variant: str
    number: int
    delivery_id: int | None = None


def open_token(issue_id: int, variant: str, delivery_id: int | None = None) -> str:
    """For /newsletter/o/<token>.gif. Takes microseconds: a sender makes one for each mail of an individual issue."""
    return _token("open", issue_id, variant, 0, delivery_id)


def click_token(issue_id: int, variant: str, number: int, delivery_id: int | None = None) -> str:
    """For /newsletter/c/<token>/ which leads to the LinkTarget `number` of the issue, 1 or more."""
    return _token("click", issue_id, variant, number, delivery_id)


def read(token: str, *, purpose: Purpose) -> Hit | None:
    """What a token says, or None when it is not one of ours or was made for the other purpose."""
    payload, _dot, signature = token.rpartition(".")
    found = _PAYLOAD.fullmatch(payload)
    if not (found and signature.isascii()):
        return None
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]  # links in old mails outlive a change of the key
    if not any(hmac.compare_digest(signature, _signature(purpose, payload, key)) for key in keys):
        return None
    issue_id, variant, number, delivery_id = found.groups()
    return Hit(int(issue_id), variant, int(number), int(delivery_id) if delivery_id else None)


def _token(purpose: Purpose, issue_id: int, variant: str, number: int, delivery_id: int | None) -> str:
    payload = f"{issue_id}{variant}{number}" if delivery_id is None else f"{issue_id}{variant}{number}-{delivery_id}"
    return f"{payload}.{_signature(purpose, payload, settings.SECRET_KEY)}"


def _signature(purpose: Purpose, payload: str, secret: str) -> str:
    digest = hmac.digest(_key(purpose, secret), payload.encode(), "sha256")[:_SIGNATURE_BYTES]
    return base64.urlsafe_b64encode(digest).decode()


@lru_cache(maxsize=16)
def _key(purpose: Purpose, secret: str) -> bytes:
    return sha256(f"newsletter.hits.{purpose}:{secret}".encode()).digest()
