"""Rows straight into their tables: COPY on PostgreSQL, many at a time on SQLite."""

from collections.abc import Sequence
from io import StringIO
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from articles.filling.stories import COLUMNS, Rows
from articles.filling.world import World

_ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def write(rows: Rows, world: World) -> None:
    """All, or none."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _trust_keys(cursor, world)
        for model in COLUMNS:
            told, constant = COLUMNS[model], _defaults(model)
            columns = ", ".join(f'"{name}"' for name in (*told, *constant))
            into = f'"{model._meta.db_table}" ({columns})'
            if connection.vendor == "postgresql":
                _copy(cursor, into, rows[model], list(constant.values()))
            else:
                _insert(cursor, into, rows[model], list(constant.values()))


def _trust_keys(cursor: Any, world: World) -> None:
    """Have PostgreSQL not look up each key again, a sixth of its work, where its settings are ours to change.

    What the rows point at is held instead until they are there. Raises LookupError when some of it is gone.
    """
    for model, ids in world.rows().items():
        held = f"SELECT 1 FROM {model._meta.db_table} WHERE id = ANY(%s) FOR KEY SHARE"  # noqa: S608 - our own name
        cursor.execute(f"SELECT count(*) FROM ({held}) AS held", [ids])  # noqa: S608
        if cursor.fetchone()[0] < len(ids):
            raise LookupError(f"Somebody has deleted {model._meta.verbose_name_plural} meanwhile.")
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if cursor.fetchone()[0]:
        cursor.execute("SET LOCAL session_replication_role = replica")


def new_ids(count: int) -> list[int]:
    """Ids for articles, which nobody else gets. On SQLite within the transaction that writes them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence('articles_article', 'id')) FROM generate_series(1, %s)", [count]
            )
            return [pk for (pk,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = 'articles_article'")
        last = (cursor.fetchone() or (0,))[0]
    return list(range(last + 1, last + 1 + count))


def _defaults(model: type[Model]) -> dict[str, Any]:
    """What the other columns of a new row say, as the database is told it."""
    told = COLUMNS[model]
    others = [field for field in model._meta.local_concrete_fields if field.attname not in told]
    return {
        field.attname: field.get_db_prep_save(field.get_default(), connection)
        for field in others
        if field is not model._meta.auto_field  # the database's own
    }


def _copy(cursor: Any, into: str, rows: Sequence[tuple[object, ...]], constant: list[Any]) -> None:
    end = "".join(f"\t{_copied(value)}" for value in constant) + "\n"
    lines = "".join(["\t".join(map(str, row)).replace("\n", r"\n") + end for row in rows])
    statement = f"COPY {into} FROM STDIN"
    if hasattr(cursor, "copy_expert"):
        cursor.copy_expert(statement, StringIO(lines))
    else:  # Psycopg 3
        with cursor.copy(statement) as copy:
            copy.write(lines)


def _copied(value: Any) -> str:
    if value is None:
        return r"\N"
    return ("t" if value else "f") if isinstance(value, bool) else str(value).translate(_ESCAPED)


def _insert(cursor: Any, into: str, rows: Sequence[tuple[object, ...]], constant: list[Any]) -> None:
    places = ", ".join(["%s"] * (len(rows[0]) + len(constant))) if rows else ""
    cursor.executemany(f"INSERT INTO {into} VALUES ({places})", [(*row, *constant) for row in rows])  # noqa: S608
