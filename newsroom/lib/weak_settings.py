"""What the site refuses to start with: each is a door that stands open, or a database that may lose what it was given.

`is_public` and the caller's `not LOOPBACK` mean that SITE_URL names an address which others can reach. Each function
raises ImproperlyConfigured with one sentence that says what to do and repeats no secret.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from newsroom.lib.database_setup import SQLITE
from newsroom.sqlite_library import is_mended, version_in_use

LEAST_KEY = 50  # characters
# A key of fewer different characters was typed or repeated, never drawn at random (as Django's security.W009).
LEAST_DIFFERENT = 5
# What Django's startproject and every tutorial writes in place of a key.
_KEYS_OF_EXAMPLES = ("django-insecure-", "changeme", "change-me", "secret-key", "your-secret", "insecure")
# What images, tutorials and installers set, beside the name of the user or the database itself.
_KNOWN_PASSWORDS = frozenset(
    "postgres postgresql password passw0rd admin root secret changeme change-me newsroom django test example "
    "123456 12345678 qwerty pass letmein".split()
)
# Other ways to prove who we are than a password (libpq's parameters).
_OTHER_PROOFS = ("sslcert", "passfile", "service", "krbsrvname", "gsslib")


def refuse_weak_key(key: str, *, is_public: bool, known: str, name: str = "SECRET_KEY") -> None:
    """`known` is the key of development, which stands in the repository; `name` is the variable that has the key."""
    is_example = key.casefold().startswith(_KEYS_OF_EXAMPLES) or len(set(key)) < LEAST_DIFFERENT
    if len(key) < LEAST_KEY or (is_public and (key == known or is_example)):
        raise ImproperlyConfigured(
            f"Set {name} (or {name}_FILE) to at least {LEAST_KEY} random characters, which stand nowhere else."
        )


def refuse_unnamed_hosts(hosts: Sequence[str]) -> None:
    if not any(hosts):
        raise ImproperlyConfigured("ALLOWED_HOSTS is empty and SITE_URL names no host; name the hosts of the site.")
    if any("*" in host for host in hosts):
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts; '*' would let anyone choose them.")


def refuse_sqlite_that_loses(engine: str) -> None:
    if engine == SQLITE and not is_mended(version_in_use()):
        version = ".".join(map(str, version_in_use()))
        raise ImproperlyConfigured(
            f"SQLite {version} may lose what was saved (WAL-reset bug): install pysqlite3 from requirements.lock, or"
            " SQLite 3.51.3 or newer, or set DATABASE_URL to PostgreSQL."
        )


def refuse_weak_database_password(database: Mapping[str, Any], *, name: str = "DATABASE_URL") -> None:
    """A password that everybody tries first, or none where the database is on another machine.

    `name` is the variable that has its address.
    """
    if database["ENGINE"] == SQLITE:
        return
    password, host = str(database.get("PASSWORD") or ""), str(database.get("HOST") or "")
    own_names = {str(database.get("USER") or "").casefold(), str(database.get("NAME") or "").casefold()}
    if password and password.casefold() in _KNOWN_PASSWORDS | own_names:
        raise ImproperlyConfigured(f"{name} has a password that everybody tries first; give the database another.")
    is_here = not host or host.startswith("/") or host in {"localhost", "127.0.0.1", "::1"}
    if not password and not is_here and not any(name in database.get("OPTIONS", {}) for name in _OTHER_PROOFS):
        raise ImproperlyConfigured(f"{name} has no password though the database is on another machine; give it one.")
