"""The record in the DNS by which others verify a DKIM signature (RFC 6376 §3.6.1, RFC 8463)."""

import base64
import binascii

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from django.conf import settings

from newsroom.lib.dkim_keys import read_dkim_key


def tags_of(record: str) -> dict[str, str]:
    """`v=DKIM1; p=…` as a dict; spaces inside a value are folding (RFC 6376 §3.2)."""
    pairs = (part.partition("=") for part in record.split(";") if "=" in part)
    return {name.strip().lower(): "".join(value.split()) for name, _sep, value in pairs}


def key_bits(record: dict[str, str]) -> int:
    """Length of an RSA key, 0 for Ed25519 (whose keys are all of one length), -1 for what is no key."""
    try:
        raw = base64.b64decode(record["p"], validate=True)
        if record.get("k", "rsa").lower() == "ed25519":
            Ed25519PublicKey.from_public_bytes(raw)
            return 0
        key = load_der_public_key(raw)
    except (ValueError, KeyError, binascii.Error, UnsupportedAlgorithm):
        return -1
    return key.key_size if isinstance(key, RSAPublicKey) else -1


def own_record() -> str:
    """What belongs into the DNS when this site signs; '' when the mail server does."""
    if not settings.DKIM_KEY:
        return ""
    public = read_dkim_key(settings.DKIM_KEY).public_key()
    if isinstance(public, Ed25519PublicKey):
        raw, kind = public.public_bytes(Encoding.Raw, PublicFormat.Raw), "ed25519"
    else:
        raw, kind = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo), "rsa"
    return f"v=DKIM1; k={kind}; p={base64.b64encode(raw).decode()}"
