"""The database: whether it answers, is up to date, ends what takes too long, and how far its copies are behind."""

import math
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext_lazy as _

from newsroom.checkup.findings import Finding, fault, ok, warning
from newsroom.lib.replicas import LAG, lag_of

SLOW = 0.5  # s for a connection and one question


def ask(sql: str, alias: str = DEFAULT_DB_ALIAS) -> Any:
    """The first column of the first row."""
    with connections[alias].cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return row[0] if row else None


def check_reachable() -> Iterator[Finding]:
    began = time.monotonic()
    try:
        ask("SELECT 1")
    except (DatabaseError, InterfaceError) as error:
        yield fault(
            "database.reachable",
            _("The database does not answer (%(error)s)."),
            _("Start it, or correct DATABASE_URL."),
            error=type(error).__name__,
        )
        return
    milliseconds = round((time.monotonic() - began) * 1000)
    if milliseconds > SLOW * 1000:
        yield warning(
            "database.reachable",
            _("The database answered after %(ms)s ms."),
            _("Look at its load and at the network between."),
            ms=milliseconds,
        )
    else:
        yield ok("database.reachable", _("The database answered after %(ms)s ms."), ms=milliseconds)


def check_migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _backwards in plan[:5])
        yield fault(
            "database.migrations",
            _("The database is older than the code: %(names)s."),
            _("Run manage.py migrate."),
            names=names,
        )
    else:
        yield ok("database.migrations", _("Every migration is applied."))


def check_engine() -> Iterator[Finding]:
    if connections[DEFAULT_DB_ALIAS].vendor == "sqlite":
        yield _journal()
        return
    yield _timeouts()
    yield _compiling()
    yield _checksums()


def _journal() -> Finding:
    if (mode := str(ask("PRAGMA journal_mode"))) == "wal":
        return ok("database.journal", _("SQLite writes ahead (WAL), so readers wait for no writer."))
    return fault(
        "database.journal",
        _("SQLite is in mode %(mode)s, in which writers and readers lock each other out."),
        _("Put DATA_DIR on a disk of this machine; WAL does not work on a network folder."),
        mode=mode,
    )


def _timeouts() -> Finding:
    """Through a bouncer no limit can be asked for at the start of a connection: the role must have it."""
    if settings.DB_BOUNCER:
        missing = [name for name in ("statement_timeout", "lock_timeout") if str(ask(f"SHOW {name}")) == "0"]
    else:
        given = {"statement_timeout": settings.DB_STATEMENT_SECONDS, "lock_timeout": settings.DB_LOCK_SECONDS}
        missing = [name for name, seconds in given.items() if not seconds]
    if missing:
        return warning(
            "database.timeouts",
            _("A slow query of a page is never ended: %(names)s is 0."),
            _("Set DB_STATEMENT_SECONDS and DB_LOCK_SECONDS; behind pgbouncer use ALTER ROLE."),
            names=", ".join(missing),
        )
    return ok("database.timeouts", _("Queries of pages are ended when they take too long."))


def _compiling() -> Finding:
    if ask("SHOW jit") == "on":
        return warning(
            "database.jit",
            _("PostgreSQL compiles queries (jit), which makes the first pages of each connection slower."),
            _("Set jit = off for the database of the site."),
        )
    return ok("database.jit", _("PostgreSQL compiles no queries (jit is off)."))


def _checksums() -> Finding:
    if ask("SHOW data_checksums") == "on":
        return ok("database.checksums", _("PostgreSQL notices a damaged disk (data checksums are on)."))
    return warning(
        "database.checksums",
        _("PostgreSQL would not notice a damaged disk (data checksums are off)."),
        _("Stop it once and run pg_checksums --enable."),
    )


def check_replicas() -> Iterator[Finding]:
    for alias in settings.DATABASES:
        if alias != DEFAULT_DB_ALIAS and connections[alias].vendor == "postgresql":
            yield _replica(alias)


def _replica(alias: str) -> Finding:
    try:
        is_replica = ask("SELECT pg_is_in_recovery()", alias)
        lag = lag_of(alias) if is_replica else 0.0
        if lag is None:
            raise InterfaceError  # it went while it was asked
    except (DatabaseError, InterfaceError) as error:
        return warning(
            "database.replicas",
            _("The replica %(name)s does not answer (%(error)s); its readers use the primary."),
            _("Start it, or take it out of REPLICA_URLS."),
            name=alias,
            error=type(error).__name__,
        )
    if not is_replica:
        return warning(
            "database.replicas",
            _("%(name)s is no replica: it takes writes of its own."),
            _("Correct REPLICA_URLS, or make it a copy of the primary again."),
            name=alias,
        )
    if lag > LAG:
        return warning(
            "database.replicas",
            _("The replica %(name)s is %(seconds)s seconds behind; its readers use the primary."),
            _("Look at its load and at the network between."),
            name=alias,
            seconds="∞" if math.isinf(lag) else round(lag),
        )
    return ok(
        "database.replicas", _("The replica %(name)s is %(seconds)s seconds behind."), name=alias, seconds=round(lag, 1)
    )
