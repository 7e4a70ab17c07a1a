"""The secrets in the links of our mails.

A link to confirm is random and kept only as a fingerprint. The others are signed, each for one purpose, and none opens
what another does. They accept settings.SECRET_KEY_FALLBACKS too, so links in old mails survive a change of the key.
"""

import hashlib
import secrets
from datetime import timedelta

from django.core.signing import BadSignature, Signer, TimestampSigner

CONFIRMATION_HOURS = 48
CONFIRMATION_LIFETIME = timedelta(hours=CONFIRMATION_HOURS)
# Of a link to one's own data: a mailbox is read by its owner now, and perhaps by others in a year.
DATA_LIFETIME = timedelta(hours=1)

UNSUBSCRIBE_SALT = "newsletter.unsubscribe"
PREFERENCES_SALT = "newsletter.preferences"
NOT_ME_SALT = "newsletter.not-me"
DOWNLOAD_SALT = "newsletter.download"
ERASURE_SALT = "newsletter.erasure"

# Because a colon would be escaped in an address.
_SEPARATOR = "."


def new_confirmation_token() -> str:
    """256 random bits as 43 characters that need no escaping in an address."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """SHA-256 in hexadecimal. No salt and no stretching: 256 random bits cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


def unsubscribe_token(subscription_id: int) -> str:
    """Ends this subscription, for ever."""
    return _sign(UNSUBSCRIBE_SALT, subscription_id)


def read_unsubscribe_token(token: str) -> int | None:
    """The id of the subscription, which may be gone, or None when the token is not one of ours."""
    return _read_id(UNSUBSCRIBE_SALT, token)


def preferences_token(subscriber_id: int) -> str:
    """Opens the page of preferences, for ever."""
    return _sign(PREFERENCES_SALT, subscriber_id)


def read_preferences_token(token: str) -> int | None:
    """The id of the subscriber, who may be gone, or None when the token is not one of ours."""
    return _read_id(PREFERENCES_SALT, token)


def not_me_token(address_hash: str) -> str:
    """For whoever never asked. About the hash: it must work when the subscriber was forgotten meanwhile."""
    return _sign(NOT_ME_SALT, address_hash)


def read_not_me_token(token: str) -> str | None:
    return _unsigned(Signer(salt=NOT_ME_SALT, sep=_SEPARATOR), token)


def download_token(subscriber_id: int) -> str:
    return TimestampSigner(salt=DOWNLOAD_SALT, sep=_SEPARATOR).sign(str(subscriber_id))


def read_download_token(token: str) -> int | None:
    """None also when it is older than DATA_LIFETIME."""
    return _read_fresh_id(DOWNLOAD_SALT, token)


def erasure_token(subscriber_id: int) -> str:
    return TimestampSigner(salt=ERASURE_SALT, sep=_SEPARATOR).sign(str(subscriber_id))


def read_erasure_token(token: str) -> int | None:
    """None also when it is older than DATA_LIFETIME."""
    return _read_fresh_id(ERASURE_SALT, token)


def _sign(salt: str, value: object) -> str:
    return Signer(salt=salt, sep=_SEPARATOR).sign(str(value))


def _unsigned(signer: Signer, token: str) -> str | None:
    try:
        return signer.unsign(token)
    except BadSignature:
        return None


def _read_id(salt: str, token: str) -> int | None:
    value = _unsigned(Signer(salt=salt, sep=_SEPARATOR), token)
    return None if value is None else int(value)


def _read_fresh_id(salt: str, token: str) -> int | None:
    try:
        return int(TimestampSigner(salt=salt, sep=_SEPARATOR).unsign(token, max_age=DATA_LIFETIME))
    except BadSignature:
        return None
