"""The Message-ID of a delivery: the same at every attempt, so that whoever gets a copy can see that it is one."""

import re

from django.conf import settings

from newsletter.mails.signing import is_signature, signature

_PURPOSE = "newsletter.message-id"
_LENGTH = 8
_OURS = re.compile(rf"<?d([0-9]{{1,18}})\.([0-9a-f]{{{_LENGTH}}})@", re.ASCII | re.IGNORECASE)


def message_id(delivery_id: int) -> str:
    """`<d{delivery}.{hmac}@host>`."""
    return f"<d{delivery_id}.{signature(_PURPOSE, delivery_id, length=_LENGTH)}@{settings.SITE_HOST}>"


def delivery_of_message_id(text: str) -> int | None:
    """The delivery that a Message-ID names, None when it is not one of ours. The host may have changed since."""
    found = _OURS.match(text.strip())
    if found is None:
        return None
    number, given = int(found[1]), found[2].lower()
    return number if is_signature(given, _PURPOSE, number, length=_LENGTH) else None
