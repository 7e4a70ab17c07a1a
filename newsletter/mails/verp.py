"""Addresses of ours that tell by themselves what a mail to them is about.

The return path of each message differs (VERP: a variable envelope return path): `bounces@news.example.org` becomes
`bounces+d123.0123456789@news.example.org`. Mail servers deliver both to one mailbox (RFC 5233), and a report names its
delivery however little else it says. `bounces+u123...` is for mail programs that unsubscribe by a mail (RFC 2369).
"""

import re
from typing import Literal

from django.conf import settings

from newsletter.mails.signing import is_signature, signature

_PURPOSES = {"d": "newsletter.return-path", "u": "newsletter.leaving"}
_LENGTH = 10
_OURS = re.compile(rf"\+([du])([0-9]{{1,18}})\.([0-9a-f]{{{_LENGTH}}})@", re.ASCII | re.IGNORECASE)


def bounce_address(delivery_id: int) -> str:
    """The address for reports about one delivery; '' where settings.BOUNCE_ADDRESS is not set."""
    return _address("d", delivery_id)


def delivery_of(address: str) -> int | None:
    """The delivery that a return path was made for, None when nobody here made it."""
    return _delivery("d", address)


def leaving_address(delivery_id: int) -> str:
    """A mail to it ends the subscription that the delivery was made for; '' as above."""
    return _address("u", delivery_id)


def delivery_leaving(address: str) -> int | None:
    return _delivery("u", address)


def _address(kind: Literal["d", "u"], delivery_id: int) -> str:
    local, at, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    if not at:
        return ""
    return f"{local}+{kind}{delivery_id}.{signature(_PURPOSES[kind], delivery_id, length=_LENGTH)}@{domain}"


def _delivery(kind: Literal["d", "u"], address: str) -> int | None:
    found = _OURS.search(address)
    if found is None or found[1].lower() != kind:
        return None
    number, given = int(found[2]), found[3].lower()
    return number if is_signature(given, _PURPOSES[kind], number, length=_LENGTH) else None
