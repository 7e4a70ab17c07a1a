"""Signatures, verified by dkimpy, which shares no code with ours."""

import base64
from types import SimpleNamespace

import dkim
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.core.exceptions import ImproperlyConfigured

from newsletter.mails.assembling import Assembler
from newsletter.mails.compiling import compile_issue
from newsroom.lib.dkim_keys import read_dkim_key

RSA = generate_private_key(public_exponent=65537, key_size=2048)
SHORT = generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - is to be refused
ED25519 = Ed25519PrivateKey.generate()


def pem(key) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def record(key) -> bytes:
    """What the name server says: the public key as RFC 6376 §3.6.1 and RFC 8463 §4 write it."""
    if isinstance(key, RSAPrivateKey):
        public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    return b"v=DKIM1; k=ed25519; p=" + base64.b64encode(key.public_key().public_bytes_raw())


def is_valid(message: bytes, key) -> bool:
    def ask(name: bytes, timeout: float = 5) -> bytes:
        assert name == b"news._domainkey.example.org."
        return record(key)

    return dkim.verify(message, dnsfunc=ask, minkey=1024)


class CurveKey:
    """What dkimpy asks of PyNaCl, by OpenSSL: all but the curve itself stays dkimpy's."""

    def __init__(self, public: bytes, encoder: None) -> None:
        self.key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public))

    def verify(self, data: bytes, signature: bytes) -> bytes:
        self.key.verify(signature, data)
        return data


@pytest.fixture(autouse=True)
def curve(monkeypatch) -> None:
    nacl = SimpleNamespace(
        signing=SimpleNamespace(VerifyKey=CurveKey),
        encoding=SimpleNamespace(Base64Encoder=None),
        exceptions=SimpleNamespace(BadSignatureError=InvalidSignature, ValueError=ValueError),
    )
    monkeypatch.setattr(dkim, "nacl", nacl, raising=False)


@pytest.fixture(params=[RSA, ED25519], ids=["rsa", "ed25519"])
def key(request, settings):
    settings.DKIM_SELECTOR, settings.DKIM_DOMAIN, settings.DKIM_KEY = "news", "example.org", pem(request.param)
    return request.param


def test_signature_is_valid(issue, recipient, key) -> None:
    message = Assembler(issue, compile_issue(issue)).message(recipient)
    assert message.startswith(b"DKIM-Signature: v=1; ")
    assert is_valid(message, key)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"layla@example.com", b"lila@example.com"),
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Click"),
        (b"List-Unsubscribe: <http", b"List-Unsubscribe: <httq"),
        (b"MIME-Version: 1.0", b"Reply-To: thief@example.net\r\nMIME-Version: 1.0"),
        (b"MIME-Version: 1.0", b"From: thief@example.net\r\nMIME-Version: 1.0"),
        (b"--=_alternative_=--", b"PHA+\r\n--=_alternative_=--"),
    ],
)
def test_any_change_breaks_it(issue, recipient, key, old: bytes, new: bytes) -> None:
    message = Assembler(issue, compile_issue(issue)).message(recipient)
    assert old in message
    assert not is_valid(message.replace(old, new, 1), key)


def test_both_headers_of_the_one_click_are_signed(issue, recipient, key) -> None:
    """RFC 8058 §4."""
    head = Assembler(issue, compile_issue(issue)).message(recipient).partition(b"\r\n\r\n")[0]
    signed = head.partition(b" h=")[2].partition(b";")[0].split(b":")
    assert {b"list-unsubscribe", b"list-unsubscribe-post", b"from", b"message-id", b"date"} <= set(signed)


def test_nothing_is_signed_without_a_key(issue, recipient) -> None:
    assert b"DKIM" not in Assembler(issue, compile_issue(issue)).message(recipient)


@pytest.mark.parametrize(
    "text",
    ["", "secret", pem(SHORT)],
    ids=["empty", "no key", "short key"],
)
def test_bad_key_is_one_sentence_that_does_not_repeat_it(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"DKIM_KEY must be [^\n]+\.$") as told:
        read_dkim_key(text)
    assert "secret" not in str(told.value)


def test_line_breaks_may_be_written_out() -> None:
    assert read_dkim_key(pem(RSA).replace("\n", "\\n"))
