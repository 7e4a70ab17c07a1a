"""An index of the words of a KeyField, for columns too long to be read from end to end (newsroom.lib.names).

SQLite keeps an FTS5 table that triggers fill, PostgreSQL a GIN index on an expression. A migration that makes the table
anew on SQLite (most that change a column) loses the triggers: it must add `word_index` again.
"""

from typing import Any

from django.db.migrations import RunPython
from django.db.models import Lookup, Q

from newsroom.lib.fields import KeyField
from newsroom.lib.names import word_starts

_SQLITE = (
    "DROP TRIGGER IF EXISTS {index}_insert",
    "DROP TRIGGER IF EXISTS {index}_delete",
    "DROP TRIGGER IF EXISTS {index}_update",
    "DROP TABLE IF EXISTS {index}",
    "CREATE VIRTUAL TABLE {index} USING fts5("
    "{column}, content='{table}', content_rowid='id', tokenize='ascii', prefix='2 3 4', detail=none, columnsize=0)",
    "INSERT INTO {index} ({index}) VALUES ('rebuild')",
    "CREATE TRIGGER {index}_insert AFTER INSERT ON {table} BEGIN {add}; END",
    "CREATE TRIGGER {index}_delete AFTER DELETE ON {table} BEGIN {remove}; END",
    "CREATE TRIGGER {index}_update AFTER UPDATE OF id, {column} ON {table} BEGIN {remove}; {add}; END",
)
_ADD = "INSERT INTO {index} (rowid, {column}) VALUES (new.id, new.{column})"
_REMOVE = "INSERT INTO {index} ({index}, rowid, {column}) VALUES ('delete', old.id, old.{column})"
_TRIGGERS = ("insert", "delete", "update")
# Our words are parted by single spaces and hold letters and digits alone: no parser of the database is asked.
_VECTOR = "array_to_tsvector(string_to_array({column}, ' '))"


def word_index(app_label: str, model_name: str, name: str) -> RunPython:
    def forwards(apps: Any, schema_editor: Any) -> None:
        table, column, index = _names(apps, app_label, model_name, name)
        if schema_editor.connection.vendor == "postgresql":
            vector = _VECTOR.format(column=column)
            made = f"CREATE INDEX IF NOT EXISTS {index} ON {table} USING gin ({vector}) WITH (fastupdate = off)"
            schema_editor.execute(made)
            return
        add, remove = (statement.format(index=index, column=column) for statement in (_ADD, _REMOVE))
        for statement in _SQLITE:
            schema_editor.execute(
                statement.format(index=index, table=table, column=column, add=add, remove=remove), params=None
            )

    def backwards(apps: Any, schema_editor: Any) -> None:
        _table, _column, index = _names(apps, app_label, model_name, name)
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX {index}")
            return
        for trigger in _TRIGGERS:
            schema_editor.execute(f"DROP TRIGGER {index}_{trigger}")
        schema_editor.execute(f"DROP TABLE {index}")

    return RunPython(forwards, backwards)


def _names(apps: Any, app_label: str, model_name: str, name: str) -> tuple[str, str, str]:
    meta = apps.get_model(app_label, model_name)._meta
    column = meta.get_field(name).column
    return meta.db_table, column, f"{meta.db_table}_{column}"


def said(typed: str, *, field: str) -> Q:
    """Rows in whose words each typed one begins one. Asks the index of `field`.

    A single letter begins a word of almost every text and asks for nothing.
    """
    starts = word_starts(typed)
    return Q(**{f"{field}__begin": starts}) if starts else Q()


@KeyField.register_lookup
class WordsBegin(Lookup):
    """For each group of beginnings (word_starts), a word of the key begins with one of it."""

    lookup_name = "begin"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[str]]:
        meta = self.lhs.target.model._meta
        row = compiler.quote_name_unless_alias(self.lhs.alias)
        index = f"{meta.db_table}_{self.lhs.target.column}"
        asked = " AND ".join("({})".format(" OR ".join(f'"{start}"*' for start in starts)) for starts in self.rhs)
        return f"{row}.{meta.pk.column} IN (SELECT rowid FROM {index} WHERE {index} MATCH %s)", [asked]  # noqa: S608 - names of ours

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[str]]:
        """Keys first: with a limit, the planner would rather make a vector of each row than ask the index."""
        meta = self.lhs.target.model._meta
        row = compiler.quote_name_unless_alias(self.lhs.alias)
        vector = _VECTOR.format(column=self.lhs.target.column)
        asked = " & ".join("({})".format(" | ".join(f"'{start}':*" for start in starts)) for starts in self.rhs)
        keys = f"SELECT {meta.pk.column} FROM {meta.db_table} WHERE {vector} @@ %s::tsquery"  # noqa: S608 - names of ours
        return f"{row}.{meta.pk.column} = ANY(ARRAY({keys}))", [asked]
