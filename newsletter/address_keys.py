"""What stands for an address where the address itself must not stand."""

import hashlib
import hmac

from django.conf import settings

from newsletter.addresses import normalise

HASH_LENGTH = 32  # hexadecimal digits: HMAC-SHA256 cut to 128 bits (RFC 2104 §5)


def address_hash(address: str) -> str:
    """The keyed hash by which an address is known after it was erased.

    The key is settings.SUPPRESSION_KEY, which never changes: nobody could make these hashes anew.
    """
    key = settings.SUPPRESSION_KEY.encode()
    return hmac.new(key, normalise(address).encode(), hashlib.sha256).hexdigest()[:HASH_LENGTH]


def mail_domain(address: str) -> str:
    """The domain in its ASCII form: what limits of sending and counts by provider go by."""
    return normalise(address).rpartition("@")[2]
