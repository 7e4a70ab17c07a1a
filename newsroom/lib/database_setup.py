"""The connections that DATABASE_URL and its like name, with the limits of whoever uses them.

A page waits for nothing longer than a reader would: the limits of the web server follow from one chain (client, proxy
and gunicorn 30 s, a statement 5 s, a lock 3 s). Tasks and commands may take minutes.
"""

import sys
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

POSTGRESQL = "newsroom.lib.postgresql"
SQLITE = "django.db.backends.sqlite3"
# SQLite under writers: WAL and IMMEDIATE together, or "database is locked" comes back; FULL because an
# acknowledged save must outlive a power cut.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA journal_size_limit=67108864;PRAGMA foreign_keys=ON;"
    ),
}
# A machine that is gone without a word is noticed within half a minute, and a request waits for no more than one try.
NETWORK_OPTIONS: dict[str, Any] = {
    "connect_timeout": 3,  # s
    "keepalives_idle": 10,  # s
    "keepalives_interval": 5,  # s
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # ms
}
KEPT_SECONDS = 60


@dataclass(frozen=True)
class Limits:
    """Seconds; 0: no limit."""

    statement: float
    lock: float
    # Between two statements of a transaction, in which it holds what others wait for.
    idle: float

    def as_startup_options(self) -> str:
        """As PostgreSQL takes them in its startup packet (`-c name=ms`)."""
        named = {
            "statement_timeout": self.statement,
            "lock_timeout": self.lock,
            "idle_in_transaction_session_timeout": self.idle,
        }
        return " ".join(f"-c {name}={int(seconds * 1000)}" for name, seconds in named.items())


@dataclass(frozen=True)
class Manner:
    """How this process connects: `bouncer` through one that gives each transaction another connection of the server."""

    limits: Limits
    bouncer: bool = False
    # Connections that a pool of this process opens at most; 0: no pool.
    pool: int = 0
    name: str = "newsroom"


def serves_pages() -> bool:
    """Whether this process is a web server, whose readers wait."""
    return "gunicorn" in sys.modules or "runserver" in sys.argv[1:2]


def read_database_url(url: str, manner: Manner) -> dict[str, Any]:
    """Raises ImproperlyConfigured for what cannot work, in one sentence without the password."""
    try:
        found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=KEPT_SECONDS, conn_health_checks=True))
    except ValueError as error:  # also UnknownSchemeError
        raise ImproperlyConfigured("DATABASE_URL must look like postgres://user:password@host:5432/name.") from error
    if found["ENGINE"] == SQLITE:
        return found | {"OPTIONS": SQLITE_OPTIONS}
    if found["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must name PostgreSQL (postgres://) or SQLite (sqlite:///path).")
    return found | _for_postgresql(found.get("OPTIONS", {}), manner)


def _for_postgresql(given: dict[str, Any], manner: Manner) -> dict[str, Any]:
    """What the address itself says wins."""
    options = {**NETWORK_OPTIONS, "application_name": manner.name, **given}
    if not manner.bouncer:
        options["options"] = f"{manner.limits.as_startup_options()} {given.get('options', '')}".strip()
    changed: dict[str, Any] = {"ENGINE": POSTGRESQL, "OPTIONS": options}
    if manner.bouncer:
        # It knows neither a cursor nor a statement of the transaction before, and refuses `options`: the limits stand
        # at the role then (docs/operations.md).
        changed |= {"DISABLE_SERVER_SIDE_CURSORS": True, "CONN_MAX_AGE": 0}
    if manner.pool:
        _refuse_pool_without_driver()
        options["pool"] = {"min_size": 1, "max_size": manner.pool, "timeout": 5, "max_idle": 300, "name": manner.name}
        changed["CONN_MAX_AGE"] = 0
    return changed


def _refuse_pool_without_driver() -> None:
    if not (find_spec("psycopg") and find_spec("psycopg_pool")):
        raise ImproperlyConfigured(
            "DB_POOL=1 needs psycopg 3: pip install --require-hashes -r requirements-distributed.lock."
        )
