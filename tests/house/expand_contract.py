"""What a migration may not do while the version before still answers readers.

A release is rolled out machine by machine, and may be taken back: for a while old code works on the new schema. So a
release only adds (expand), and what nobody uses any more is taken away by a later one (contract), whose migration
names the release in which the old code was gone: `CONTRACTS = "0.4: articles 0012 stopped using kicker_old"`.

What is not read here, SQL above all, needs a word of its author that it only adds, and why old code lives with it:
`EXPANDS = "a function that nobody calls yet"`. It excuses nothing else.
"""

from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any, NamedTuple

from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import IndexOperation, ModelOperation
from django.db.migrations.state import ProjectState
from django.db.migrations.utils import resolve_relation
from django.db.models.fields import NOT_PROVIDED
from django.db.models.functions import Now

from newsroom.lib.postgresql.indexes import AddIndexBeside

ASKED_FOR = "old code still asks for it"
REFUSES = "old code may write rows that it refuses"
LEANED_ON = "old code may lean on it: ON CONFLICT, or the time that a page has"
LOCKS = "nobody can write while its index is made: db_index=False and AddIndexBeside"
REWRITES = "nobody can read while the table is written anew"
UNREAD = "nobody reads here what it does"
HALF_DONE = "left half done when the table of an index is in use: a migration of its own"

# Why old code does not survive it; "" where it does.
VERDICTS: dict[type, str] = {
    operations.CreateModel: "",
    operations.AlterModelOptions: "",
    operations.AlterModelManagers: "",
    operations.AlterModelTableComment: "",
    operations.AlterConstraint: "",  # its sentence alone: the database does not hear of it
    operations.RenameIndex: "",
    operations.RunPython: "",  # rows, not columns
    AddIndexBeside: "",
    operations.RemoveField: ASKED_FOR,
    operations.DeleteModel: ASKED_FOR,
    operations.RenameField: ASKED_FOR,
    operations.RenameModel: ASKED_FOR,
    operations.AlterModelTable: ASKED_FOR,
    operations.AddConstraint: REFUSES,
    operations.AlterUniqueTogether: REFUSES,
    operations.AlterOrderWithRespectTo: REFUSES,  # _order is NOT NULL
    operations.RemoveConstraint: LEANED_ON,
    operations.RemoveIndex: LEANED_ON,
    operations.AddIndex: LOCKS,
    operations.AlterIndexTogether: LOCKS,
}
# PostgreSQL keeps the rows as they are. It does not where an integer becomes a wider one.
WITHOUT_REWRITING = {("CharField", "TextField"), ("SlugField", "CharField"), ("SlugField", "TextField")}


class Fault(NamedTuple):
    sentence: str
    is_unread: bool


def faults(migration: Migration, before: ProjectState, *, landed: set[tuple[str, str]]) -> list[Fault]:
    """One for each operation that old code would not survive; `landed`: (app, model) that old code knows."""
    said = []
    for operation, reason in _judged(migration.operations, migration.app_label, before.clone(), landed):
        if not reason and _is_beside_an_index(operation, migration):
            reason = HALF_DONE
        if reason:
            sentence = f"{migration.app_label}.{migration.name}: {operation.describe()}: {reason}"
            said.append(Fault(sentence, reason == UNREAD))
    return said


def unmarked(module: ModuleType, said: Iterable[Fault]) -> list[str]:
    """The sentences that no marker of the migration answers."""
    if _marker(module, "CONTRACTS"):
        return []
    expands = _marker(module, "EXPANDS")
    return [fault.sentence for fault in said if not (fault.is_unread and expands)]


def _marker(module: ModuleType, name: str) -> str:
    return str(getattr(module, name, "")).strip()


def _judged(
    given: Iterable[Any], app: str, state: ProjectState, landed: set[tuple[str, str]]
) -> Iterator[tuple[Any, str]]:
    """Each with the reason against it, judged by what it does to the database; `state` moves on with them."""
    for operation in given:
        if isinstance(operation, operations.SeparateDatabaseAndState):
            yield from _judged(operation.database_operations, app, state.clone(), landed)
        elif (model := _model(operation)) is None or (app, model) in landed:
            yield operation, _reason(operation, app, state)
        else:
            yield operation, ""
        operation.state_forwards(app, state)


def _model(operation: Any) -> str | None:
    """None where it does not say which it changes."""
    if isinstance(operation, FieldOperation | IndexOperation):
        return str(operation.model_name).lower()
    return str(operation.name).lower() if isinstance(operation, ModelOperation) else None


def _reason(operation: Any, app: str, state: ProjectState) -> str:
    if type(operation) is operations.AddField:
        return _first(against_new(operation.field))
    if type(operation) is operations.AlterField:
        model = operation.model_name_lower
        return _first(against_change(state.models[app, model].fields[operation.name], operation.field, (app, model)))
    return VERDICTS.get(type(operation), UNREAD)


def _first(reasons: dict[str, bool]) -> str:
    return next((reason for reason, holds in reasons.items() if holds), "")


def _is_beside_an_index(operation: Any, migration: Migration) -> bool:
    """`migrate` tries again what a lock has refused, but it cannot take back what was done without a transaction."""
    return not isinstance(operation, AddIndexBeside) and any(
        isinstance(other, AddIndexBeside) for other in migration.operations
    )


def against_new(field: Any) -> dict[str, bool]:
    """Reasons against a new column, and whether they hold."""
    if field.many_to_many:
        return {}  # a table of its own
    generated = getattr(field, "generated", False)
    return {
        "old code writes rows without it: null=True or db_default": not (
            field.null or generated or _has_default(field)
        ),
        "unique: a second row with its default is refused, and its index is made while nobody can write": field.unique,
        LOCKS: field.db_index,
        REWRITES: (generated and field.db_persist) or _differs_by_row(field.db_default),
    }


def against_change(old: Any, new: Any, model: tuple[str, str]) -> dict[str, bool]:
    """Reasons against another column for the old one of this (app, model), and whether they hold."""
    kinds = old.get_internal_type(), new.get_internal_type()
    (whole, places), (whole_after, places_after) = _digits(old), _digits(new)
    return {
        "another type, or all rows are written anew": kinds[0] != kinds[1] and kinds not in WITHOUT_REWRITING,
        "shorter": _longest(new) < _longest(old),
        "fewer digits": whole_after < whole or places_after < places,
        REWRITES: places_after > places,
        "no longer null": old.null and not new.null,
        "unique": new.unique and not old.unique,
        f"not unique any more: {LEANED_ON}": old.unique and not new.unique,
        LOCKS: new.db_index and not (old.db_index or old.unique),
        f"without its index: {LEANED_ON}": old.db_index and not (new.db_index or new.unique),
        "another column": _value(old, "db_column", "db_table") != _value(new, "db_column", "db_table"),
        "another order of letters": _value(old, "db_collation") != _value(new, "db_collation"),
        "another table behind it": _target(old, model) != _target(new, model),
        f"a constraint: {REFUSES}": _is_constrained(new) and not _is_constrained(old),
        "no db_default any more": _has_default(old) and not (_has_default(new) or new.null),
    }


def _longest(field: Any) -> float:
    return getattr(field, "max_length", None) or float("inf")


def _digits(field: Any) -> tuple[int, int]:
    """Before and after the point; (0, 0) for what is not a decimal."""
    if not isinstance(field, models.DecimalField):
        return 0, 0
    places = field.decimal_places or 0
    return (field.max_digits or 0) - places, places


def _value(field: Any, *names: str) -> list[Any]:
    return [getattr(field, name, None) for name in names]


def _target(field: Any, model: tuple[str, str]) -> Any:
    if not field.is_relation:
        return None
    return resolve_relation(field.remote_field.model, *model), getattr(field.remote_field, "field_name", None)


def _is_constrained(field: Any) -> bool:
    return field.is_relation and field.db_constraint


def _has_default(field: Any) -> bool:
    return field.db_default is not NOT_PROVIDED


def _differs_by_row(default: Any) -> bool:
    """Whether each row that is there may get a default of its own; the time of the statement is one for all."""
    return hasattr(default, "resolve_expression") and not isinstance(default, models.Value | Now)
