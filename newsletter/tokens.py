"""The secrets in the links of our mails.

A link to confirm is random and kept only as a fingerprint; a link to unsubscribe is signed and never expires.
Neither opens what the other does.
"""

import hashlib
import secrets
from datetime import timedelta

from django.core.signing import BadSignature, Signer

CONFIRMATION_HOURS = 48
CONFIRMATION_LIFETIME = timedelta(hours=CONFIRMATION_HOURS)
UNSUBSCRIBE_SALT = "newsletter.unsubscribe"


def new_confirmation_token() -> str:
    """256 random bits as 43 characters that need no escaping in an address."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """SHA-256 in hexadecimal. No salt and no stretching: 256 random bits cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


def unsubscribe_token(subscription_id: int) -> str:
    return _unsubscribe_signer().sign(str(subscription_id))


def read_unsubscribe_token(token: str) -> int | None:
    """The id of the subscription, which may be gone, or None when the token is not one of ours."""
    try:
        return int(_unsubscribe_signer().unsign(token))
    except BadSignature:
        return None


def _unsubscribe_signer() -> Signer:
    # It accepts settings.SECRET_KEY_FALLBACKS too, so links in old mails survive a change of the key.
    # "." because a colon would be escaped in an address.
    return Signer(salt=UNSUBSCRIBE_SALT, sep=".")
