"""What the site refuses to start with: each is a door that stands open, or a database that may lose what it was given.

`is_public`, and PUBLIC of the settings, mean that others than this machine can reach the site (`Doors`). Each function
raises ImproperlyConfigured with one sentence that says what to do and repeats no secret.
"""

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

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


def is_loopback(host: str) -> bool:
    """Whether only this machine is called so: localhost, 127.0.0.1, ::1 and their kin, with brackets or without."""
    name = host.strip("[]").casefold()
    if name == "localhost" or name.endswith(".localhost"):  # RFC 6761, 6.3
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Doors:
    """Through what others can come: each value as the environment has it, '' where it says nothing."""

    site_url: str
    allowed_hosts: Sequence[str]
    bind: str  # of gunicorn: "0.0.0.0:8000", ":8000", "unix:/run/site.sock", or several with commas
    behind_proxy: bool

    @property
    def are_open(self) -> bool:
        return bool(self._site or self._names or self._binds or self._proxy)

    @property
    def need_https(self) -> bool:
        """Whoever says that the site is at 127.0.0.1 may try it behind a proxy or in a container without https; but
        where it answers to another name, readers use that."""
        return bool(self._site or self._names or (self.are_open and not self.site_url))

    def __str__(self) -> str:
        return ", ".join(filter(None, (self._site, self._names, self._binds, self._proxy)))

    @property
    def _site(self) -> str:
        is_here = not self.site_url or is_loopback(urlsplit(self.site_url).hostname or "")
        return "" if is_here else f"SITE_URL is {self.site_url}"

    @property
    def _names(self) -> str:
        names = [host for host in self.allowed_hosts if not is_loopback(host)]
        return f"ALLOWED_HOSTS names {', '.join(names)}" if names else ""

    @property
    def _binds(self) -> str:
        """A socket in the file system is there for a proxy."""
        places = [place.strip() for place in self.bind.split(",") if place.strip()]
        return "" if all(map(_is_bound_here, places)) else f"BIND is {self.bind}"

    @property
    def _proxy(self) -> str:
        return "BEHIND_PROXY is 1" if self.behind_proxy and not self.site_url else ""


def _is_bound_here(place: str) -> bool:
    host, colon, _port = place.removeprefix("tcp://").rpartition(":")
    return is_loopback(host if colon else place)


def refuse_plain_http(doors: Doors, *, is_https: bool) -> None:
    if doors.need_https and not is_https:
        raise ImproperlyConfigured(
            f"SITE_URL must begin with https://, since others can reach the site: {doors}. Without https it is for this"
            " machine alone (http://127.0.0.1:8000)."
        )


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
