"""The private key that signs mail, read so that a wrong one is a sentence at start and not a traceback at night."""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.exceptions import ImproperlyConfigured

DkimKey = RSAPrivateKey | Ed25519PrivateKey
_SMALLEST = 2048  # bits of an RSA key: RFC 8301 §3.2, and what providers ask for


def read_dkim_key(pem: str) -> DkimKey:
    r"""Read a key in PEM; its line breaks may be written as \n, since not every env file holds real ones.

    Raises ImproperlyConfigured, without repeating any of it.
    """
    try:
        key = load_pem_private_key(pem.replace("\\n", "\n").encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ImproperlyConfigured("DKIM_KEY must be a private key in PEM, without a password.") from error
    if isinstance(key, Ed25519PrivateKey) or (isinstance(key, RSAPrivateKey) and key.key_size >= _SMALLEST):
        return key
    raise ImproperlyConfigured("DKIM_KEY must be an RSA key of at least 2048 bits, or an Ed25519 key.")
