"""What a migration does to KeyFields of rows that were there before."""

from collections.abc import Callable
from typing import Any, cast

from django.db.migrations import RunPython
from django.db.models import Model

from newsroom.lib.fields import KeyField

BATCH = 500


def refill(app_label: str, model_name: str, *names: str, apart: str = "") -> RunPython:
    """Make the keys of all rows again, in the order of code points (see `recollate`).

    `apart` is the key that a constraint is going to make unique: of two rows that say the same there, the later one
    gets a number behind its name.
    """

    def forwards(apps: Any, schema_editor: Any) -> None:
        model = apps.get_model(app_label, model_name)
        keys = [cast(KeyField, model._meta.get_field(name)) for name in names]
        _recollate(model, keys, schema_editor)
        rows = model._base_manager.using(schema_editor.connection.alias).order_by("pk")
        if apart:
            _part(rows, cast(KeyField, model._meta.get_field(apart)))
        changed: list[Model] = []
        for row in rows.only("pk", *names, *(source for key in keys for source in key.sources)).iterator(BATCH):
            if _make(row, keys):
                changed.append(row)
            if len(changed) == BATCH:
                rows.bulk_update(changed, names)
                changed.clear()
        rows.bulk_update(changed, names)

    return RunPython(forwards, RunPython.noop, elidable=True)


def recollate(app_label: str, model_name: str, *names: str) -> RunPython:
    """Give columns that PostgreSQL made before KeyField asked for it the order of code points. Keys stay."""

    def forwards(apps: Any, schema_editor: Any) -> None:
        model = apps.get_model(app_label, model_name)
        _recollate(model, [cast(KeyField, model._meta.get_field(name)) for name in names], schema_editor)

    return RunPython(forwards, RunPython.noop, elidable=True)


def _recollate(model: type[Model], keys: list[KeyField], schema_editor: Any) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    quote: Callable[[str], str] = schema_editor.quote_name
    # A row that was written in the same transaction may have a foreign key that is still to be checked.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for key in keys:
        kind = key.db_parameters(schema_editor.connection)["type"]
        schema_editor.execute(
            f'ALTER TABLE {quote(model._meta.db_table)} ALTER COLUMN {quote(str(key.column))} TYPE {kind} COLLATE "C"'
        )
    schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def _make(row: Model, keys: list[KeyField]) -> bool:
    """Fill the keys of a row; say whether one of them was another."""
    before = [getattr(row, key.attname) for key in keys]
    return before != [key.pre_save(row, False) for key in keys]


def _part(rows: Any, key: KeyField) -> None:
    """Number the names that say the same as an earlier one, «اقتصاد (2)», or nothing, «★ (2)»."""
    (source,) = key.sources
    longest = rows.model._meta.get_field(source).max_length
    taken = {key.of(row) for row in rows.only("pk", source)}
    seen = {""}
    for row in rows.only("pk", source):
        name, number = getattr(row, source), 2
        while key.of(row) in seen or (number > 2 and key.of(row) in taken):
            ending = f" ({number})"
            setattr(row, source, name[: longest - len(ending)] + ending)
            number += 1
        seen.add(key.of(row))
        if getattr(row, source) != name:
            rows.filter(pk=row.pk).update(**{source: getattr(row, source)})
