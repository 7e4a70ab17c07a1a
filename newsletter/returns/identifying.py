"""Which delivery a report is about. Only signed names are believed, since anybody can write a mail to us."""

import re
from collections.abc import Iterable

from newsletter.address_keys import address_hash
from newsletter.addresses import MAX_LENGTH, normalise
from newsletter.mails import message_ids, verp
from newsletter.models import Delivery

# Names that a report may hold: our own mail is quoted once or twice.
_MOST = 50
_MESSAGE_ID = re.compile(r"<?d[0-9]{1,18}\.[0-9a-f]{8}@[^\s<>]{1,255}>?", re.ASCII | re.IGNORECASE)
_RETURN_PATH = re.compile(r"[^\s<>@=:;,\"]{1,64}\+d[0-9]{1,18}\.[0-9a-f]{10}@[^\s<>]{1,255}", re.ASCII | re.IGNORECASE)


def delivery_named(recipients: Iterable[str], text: str) -> int | None:
    """The id by the address that the report came to, else by the Message-ID or the return path that it quotes.

    A row of that id may be gone since.
    """
    by_address = (verp.delivery_of(address) for address in recipients)
    quoted_ids = (message_ids.delivery_of_message_id(found) for found in _found(_MESSAGE_ID, text))
    quoted_paths = (verp.delivery_of(found) for found in _found(_RETURN_PATH, text))
    for names in (by_address, quoted_ids, quoted_paths):
        named = next((name for name in names if name is not None), None)
        if named is not None:
            return named
    return None


def delivery_known_as(message_id: str, address: str) -> int | None:
    """The id by the name that a provider gave the message when it took it, which is kept as its reply.

    Only for reports of somebody who was checked: neither is a secret.
    """
    if not (message_id and is_address(address)):
        return None
    known = Delivery.objects.filter(subscriber__address_hash=address_hash(address), reply=f"id={message_id}")
    return known.order_by("-id").values_list("pk", flat=True).first()


def is_address(text: str) -> bool:
    """Whether there is a key for it; not whether anybody has it."""
    local, _at, domain = text.rpartition("@")
    if not (local and domain and len(text) <= MAX_LENGTH):
        return False
    try:
        normalise(text)
    except UnicodeError:
        return False
    return True


def _found(pattern: re.Pattern[str], text: str) -> Iterable[str]:
    matches = zip(range(_MOST), pattern.finditer(text), strict=False)
    return (match[0] for _number, match in matches)
