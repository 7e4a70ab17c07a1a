"""What a migration may not do while the version before still answers readers.

A release is rolled out machine by machine, and may be taken back: for a while old code works on the new schema. So a
release only adds (expand), and what nobody uses any more is taken away by a later one (contract), whose migration
names the release in which the old code was gone: `CONTRACTS = "0.4: articles 0012 stopped using kicker_old"`.
"""

from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.state import ProjectState
from django.db.models.fields import NOT_PROVIDED

from newsroom.lib.postgresql.indexes import AddIndexBeside

MARKER = "CONTRACTS"
TAKEN_AWAY = (
    operations.RemoveField,
    operations.DeleteModel,
    operations.RenameField,
    operations.RenameModel,
    operations.AlterModelTable,
)
# Old code may write rows that these refuse.
DEMANDS = (operations.AddConstraint, operations.AlterUniqueTogether)
WIDER = {
    ("SmallIntegerField", "IntegerField"),
    ("SmallIntegerField", "BigIntegerField"),
    ("IntegerField", "BigIntegerField"),
    ("PositiveSmallIntegerField", "PositiveIntegerField"),
    ("PositiveSmallIntegerField", "PositiveBigIntegerField"),
    ("PositiveIntegerField", "PositiveBigIntegerField"),
    ("AutoField", "BigAutoField"),
    ("CharField", "TextField"),
    ("SlugField", "CharField"),
    ("SlugField", "TextField"),
    ("URLField", "TextField"),
}


def faults(migration: Migration, before: ProjectState, *, landed: set[tuple[str, str]]) -> list[str]:
    """A sentence for each operation that old code would not survive; `landed`: (app, model) that old code knows."""
    state, found = before.clone(), []
    for operation in _flat(migration.operations):
        model = getattr(operation, "model_name", None) or getattr(operation, "name", "")
        if (migration.app_label, str(model).lower()) in landed:
            reason = _reason(operation, migration, state)
            found += [f"{migration.app_label}.{migration.name}: {operation.describe()}: {reason}"] if reason else []
        operation.state_forwards(migration.app_label, state)
    return found


def unmarked(module: ModuleType, said: Iterable[str]) -> list[str]:
    return [] if str(getattr(module, MARKER, "")).strip() else list(said)


def _flat(given: Iterable[Any]) -> Iterator[Any]:
    for operation in given:
        if isinstance(operation, operations.SeparateDatabaseAndState):
            yield from _flat(operation.database_operations)
        else:
            yield operation


def _reason(operation: Any, migration: Migration, state: ProjectState) -> str:
    if isinstance(operation, TAKEN_AWAY):
        return "old code still asks for it"
    if isinstance(operation, operations.RenameModel):
        return "old code still asks for it"
    if isinstance(operation, DEMANDS):
        return "old code may write rows that it refuses"
    if isinstance(operation, operations.AddIndex) and not isinstance(operation, AddIndexBeside):
        return "nobody can write while it is made: AddIndexBeside"
    if isinstance(operation, operations.AddField):
        return _reason_against_new(operation.field)
    if isinstance(operation, operations.AlterField):
        old = state.models[migration.app_label, operation.model_name_lower].fields[operation.name]
        return narrows(old, operation.field)
    return ""


def _reason_against_new(field: Any) -> str:
    if field.many_to_many or field.null or field.db_default is not NOT_PROVIDED or getattr(field, "generated", False):
        return ""
    return "old code writes rows without it: null=True or db_default"


def narrows(old: Any, new: Any) -> str:
    """Why a value that was right is refused afterwards, or ''."""
    kinds = old.get_internal_type(), new.get_internal_type()
    longest = [getattr(field, "max_length", None) or float("inf") for field in (old, new)]
    reasons = {
        "another type": kinds[0] != kinds[1] and kinds not in WIDER,
        "shorter": longest[1] < longest[0],
        "no longer null": old.null and not new.null,
        "unique": new.unique and not old.unique,
        "another column": old.db_column != new.db_column,
        "no db_default any more": _has_default(old) and not (_has_default(new) or new.null),
        "fewer digits": isinstance(old, models.DecimalField)
        and isinstance(new, models.DecimalField)
        and (new.max_digits or 0, new.decimal_places or 0) < (old.max_digits or 0, old.decimal_places or 0),
    }
    return ", ".join(reason for reason, holds in reasons.items() if holds)


def _has_default(field: Any) -> bool:
    return field.db_default is not NOT_PROVIDED
