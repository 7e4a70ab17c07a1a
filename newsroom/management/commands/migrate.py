import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

# SQLSTATE lock_not_available, https://www.postgresql.org/docs/15/errcodes-appendix.html
REFUSED = "55P03"
# Seconds before each further try: everybody who waited behind it is served meanwhile.
PAUSES = (2, 5, 10, 20)


class Command(migrate.Command):
    """On PostgreSQL a change of a table waits behind who reads it, and everybody else waits behind the change.

    So it gives up after a second, lets them go on, and tries again; what was migrated before stays. A migration that
    moves data for an hour is not broken off by the server's limit for a statement.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--lock-timeout", type=float, default=1, help="seconds that readers may wait behind a migration (1)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        for pause in (*PAUSES, None):
            try:
                with limits(connection, lock_timeout=options["lock_timeout"]):
                    super().handle(*args, **options)
                return
            except OperationalError as error:
                if not was_refused(error):
                    raise
                if pause is None:
                    raise CommandError(
                        f"A table is in use and could not be changed, {len(PAUSES) + 1} times: end what reads or "
                        "writes it for long (pg_stat_activity), and migrate again. Nothing is half done."
                    ) from error
            self.stderr.write(f"A table is in use; trying again in {pause} s.")
            time.sleep(pause)


@contextmanager
def limits(connection: BaseDatabaseWrapper, *, lock_timeout: float) -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{int(lock_timeout * 1000)}ms"])
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
    try:
        yield
    finally:
        if connection.connection is not None and connection.is_usable():
            with connection.cursor() as cursor:
                for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
                    cursor.execute(f"RESET {name}")


def was_refused(error: OperationalError) -> bool:
    """psycopg2 and psycopg 3 name the state differently."""
    cause = error.__cause__
    return REFUSED in {getattr(cause, "pgcode", None), getattr(cause, "sqlstate", None)}
