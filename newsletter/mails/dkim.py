"""Signs messages where no mail server does it for us: DKIM (RFC 6376, RFC 8463) by OpenSSL.

relaxed/relaxed: what mail servers on the way do to spaces and the case of header names breaks no signature.
"""

import base64
import hashlib
import re
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings

from newsroom.lib.dkim_keys import DkimKey, read_dkim_key

# Both headers of RFC 8058 must be among them (§4), else no mail program shows its button.
SIGNED = (
    "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "list-unsubscribe",
    "list-unsubscribe-post", "list-id", "reply-to", "feedback-id",
)  # fmt: skip
# Named once more than they are there, so that nobody can add another one (§8.15); so are those that are not there.
_NAMES = ":".join([*SIGNED, "from", "to", "subject"])
_SIGNED_BYTES = [name.encode() for name in SIGNED]
_SPACES = re.compile(rb"[ \t]+")
_FOLD = re.compile(rb"\r\n(?=[ \t])")
_LINE = 72


class Signer:
    """Signs for one selector of one domain. Threads may share it."""

    def __init__(self, *, selector: str, domain: str, key: DkimKey) -> None:
        self._key = key
        algorithm = "rsa-sha256" if isinstance(key, RSAPrivateKey) else "ed25519-sha256"
        self._fields = f"v=1; a={algorithm}; c=relaxed/relaxed; d={domain}; s={selector}; "

    def signed(self, message: bytes) -> bytes:
        """The message with its signature above it. Lines of `message` end with CRLF."""
        head, _empty, body = message.partition(b"\r\n\r\n")
        fields = dict(map(_canonical_field, _FOLD.sub(b"", head).split(b"\r\n")))
        body_hash = base64.b64encode(hashlib.sha256(_canonical_body(body)).digest()).decode()
        value = f"{self._fields}h={_NAMES};\r\n bh={body_hash};\r\n b="
        own = b"dkim-signature:" + _canonical_value(value.encode())
        covered = [name + b":" + fields[name] for name in _SIGNED_BYTES if name in fields]
        signature = base64.b64encode(self._sign(b"\r\n".join([*covered, own]))).decode()
        folded = "\r\n ".join(signature[at : at + _LINE] for at in range(0, len(signature), _LINE))
        return f"DKIM-Signature: {value}{folded}\r\n".encode() + message

    def _sign(self, data: bytes) -> bytes:
        if isinstance(self._key, RSAPrivateKey):
            return self._key.sign(data, PKCS1v15(), SHA256())
        return self._key.sign(hashlib.sha256(data).digest())


def site_signer() -> Signer | None:
    """None where the mail server signs."""
    if not settings.DKIM_SELECTOR:
        return None
    return _signer(settings.DKIM_SELECTOR, settings.DKIM_DOMAIN, settings.DKIM_KEY)


@lru_cache(maxsize=4)
def _signer(selector: str, domain: str, key: str) -> Signer:
    return Signer(selector=selector, domain=domain, key=read_dkim_key(key))


def _canonical_field(line: bytes) -> tuple[bytes, bytes]:
    name, _colon, value = line.partition(b":")
    return name.strip().lower(), _canonical_value(value)


def _canonical_value(value: bytes) -> bytes:
    """§3.4.2: unfolded, every run of spaces one space, none around."""
    return _SPACES.sub(b" ", value.replace(b"\r\n", b"")).strip(b" ")


def _canonical_body(body: bytes) -> bytes:
    """§3.4.4. Ours hold no space that it would change; only the empty lines at the end."""
    return body.rstrip(b"\r\n") + b"\r\n" if body else b""
