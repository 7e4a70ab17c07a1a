"""Short signatures by which we know our own numbers again when they come back in addresses and message ids."""

import hmac

from django.conf import settings


def signature(purpose: str, number: int, *, length: int) -> str:
    """The first `length` hexadecimal digits of HMAC-SHA256: lower case, since mail servers may fold an address."""
    return _signature(settings.SECRET_KEY, purpose, number, length)


def is_signature(given: str, purpose: str, number: int, *, length: int) -> bool:
    """Whether it was made here, also with a key that was changed since."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(given.encode(), _signature(key, purpose, number, length).encode()) for key in keys)


def _signature(key: str, purpose: str, number: int, length: int) -> str:
    return hmac.digest(key.encode(), f"{purpose}:{number}".encode(), "sha256").hex()[:length]
