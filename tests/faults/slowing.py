"""A database that takes its time, without a line of the product changed."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.house import House

STATEMENT_SECONDS = 5  # DB_STATEMENT_SECONDS


@contextmanager
def slow_table(house: House, table: str, seconds: float) -> Iterator[None]:
    """Each statement of a web server that reads `table` takes so long: a rule for rows that sleeps.

    Of web servers alone, which the limit for their statements gives away; workers would sleep without an end.
    """
    is_web = f"current_setting('statement_timeout') = '{STATEMENT_SECONDS}s'"
    house.sql(
        f"CREATE FUNCTION sleeps() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {is_web} THEN PERFORM pg_sleep({seconds}); END IF; RETURN true; END $$"
    )
    house.sql(f"CREATE POLICY slow ON {table} USING ((SELECT sleeps()))")
    house.sql(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    try:
        yield
    finally:
        # Who sleeps holds the table.
        house.sql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
        house.sql(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY")
        house.sql(f"DROP POLICY slow ON {table}")
        house.sql("DROP FUNCTION sleeps()")


def sleeping(house: House) -> int:
    return int(house.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")[0][0])
