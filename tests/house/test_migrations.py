"""Migrations tell the whole truth about the models, and old code survives them."""

from importlib import import_module
from io import StringIO
from types import ModuleType
from typing import Any

import pytest
from django.contrib.postgres.operations import CreateExtension
from django.core.management import call_command
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.models.functions import Now, Random, Upper

from newsroom.lib.postgresql.indexes import AddIndexBeside
from tests.house.expand_contract import Fault, faults, unmarked
from tests.house.files import APPS, tracked

# The last of each app in the version that is out. A release moves them on, and checks what came since.
LANDED = {
    "accounts": "0003_name_key",
    "articles": "0009_growth",
    "audit": "0002_append_only",
    "images": "0004_library",
    "newsletter": "0003_consent",
    "pages": "0007_change_notices",
    "tasks": "0002_operating",
}


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    said = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=said)
    assert "No changes detected" in said.getvalue()


def test_every_app_with_models_has_migrations() -> None:
    with_models = {app for app in APPS if any(name.startswith(f"{app}/models") for name in tracked())}
    with_migrations = {app for app in APPS if any(name.startswith(f"{app}/migrations/0001_") for name in tracked())}
    assert with_models == with_migrations == set(LANDED)


def test_the_version_before_survives_every_migration() -> None:
    loader = MigrationLoader(None)
    landed = loader.project_state(list(LANDED.items())).models.keys()
    said = []
    for (app, name), migration in loader.graph.nodes.items():
        if app in LANDED and name > LANDED[app]:
            before = loader.project_state((app, name), at_end=False)
            module = import_module(migration.__module__)
            said += unmarked(module, faults(migration, before, landed=set(landed)))
    assert said == []


INDEX = models.Index(fields=["place"], name="by_place")
OLD = ModelState(
    "desk",
    "note",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("text", models.CharField(max_length=100)),
        ("place", models.IntegerField(null=True)),
        ("at", models.DateTimeField(db_default=Now())),
        ("code", models.CharField(max_length=5, unique=True)),
        ("key", models.CharField(max_length=5, db_index=True)),
        ("price", models.DecimalField(max_digits=10, decimal_places=2)),
        ("rate", models.DecimalField(max_digits=10, decimal_places=4)),
        ("above", models.ForeignKey("self", models.CASCADE, null=True, db_constraint=False, db_index=False)),
    ],
    options={
        "constraints": [models.UniqueConstraint(fields=["text"], name="once")],
        "indexes": [models.Index(fields=["at"], name="by_time")],
    },
)


def said_of(*given: Any) -> list[Fault]:
    """Of a migration with these operations."""
    before = ProjectState()
    before.add_model(OLD.clone())
    migration = Migration("0002_next", "desk")
    migration.operations = list(given)
    return faults(migration, before, landed={("desk", "note")})


def to_note(**options: Any) -> models.ForeignKey:
    return models.ForeignKey("desk.note", models.CASCADE, **{"null": True, "db_index": False} | options)


def added(field: models.Field) -> operations.AddField:
    return operations.AddField("note", "kind", field)


def altered(name: str, field: models.Field) -> operations.AlterField:
    return operations.AlterField("note", name, field)


def name_of(operation: Any) -> str:
    """The name of a case: several are of one field."""
    field = getattr(operation, "field", None)
    return f"{operation.describe()} {' '.join(map(str, field.deconstruct()[1:])) if field else ''}".strip()


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        (operations.RemoveField("note", "place"), "still asks"),
        (operations.DeleteModel("Note"), "still asks"),
        (operations.RenameField("note", "place", "position"), "still asks"),
        (operations.RenameModel("Note", "Memo"), "still asks"),
        (operations.AlterModelTable("note", "memos"), "still asks"),
        (operations.SeparateDatabaseAndState([operations.RemoveField("note", "place")]), "still asks"),
        (operations.AddConstraint("note", models.UniqueConstraint(fields=["at"], name="at_once")), "it refuses"),
        (operations.AlterUniqueTogether("note", {("text", "place")}), "it refuses"),
        (operations.AlterOrderWithRespectTo("note", "above"), "it refuses"),
        (operations.RemoveConstraint("note", "once"), "ON CONFLICT"),
        (operations.RemoveIndex("note", "by_time"), "the time that a page has"),
        (operations.AddIndex("note", INDEX), "nobody can write"),
        (operations.AlterIndexTogether("note", {("text", "place")}), "nobody can write"),
        (added(models.CharField(max_length=5, default="")), "rows without it"),
        (added(models.CharField(max_length=5, db_default="", unique=True)), "a second row"),
        (added(models.OneToOneField("desk.note", models.CASCADE, null=True)), "nobody can write"),
        (added(models.IntegerField(null=True, db_index=True)), "nobody can write"),
        (added(models.SlugField(db_default="")), "nobody can write"),
        (added(to_note(db_index=True)), "nobody can write"),
        (
            added(models.GeneratedField(expression=Upper("text"), output_field=models.TextField(), db_persist=True)),
            "written anew",
        ),
        (added(models.FloatField(db_default=Random())), "written anew"),
        (altered("text", models.CharField(max_length=99)), "shorter"),
        (altered("text", models.CharField(max_length=100, unique=True)), "unique"),
        (altered("text", models.CharField(max_length=100, db_index=True)), "nobody can write"),
        (altered("text", models.IntegerField()), "another type"),
        (altered("text", models.CharField(max_length=100, db_column="words")), "another column"),
        (altered("text", models.CharField(max_length=100, db_collation="C")), "order of letters"),
        (altered("place", models.BigIntegerField(null=True)), "written anew"),
        (altered("place", models.PositiveIntegerField(null=True)), "another type"),
        (altered("place", models.IntegerField(default=1)), "no longer null"),
        (altered("at", models.DateTimeField()), "no db_default"),
        (altered("code", models.CharField(max_length=5)), "ON CONFLICT"),
        (altered("key", models.CharField(max_length=5)), "the time that a page has"),
        (altered("rate", models.DecimalField(max_digits=12, decimal_places=2)), "fewer digits"),
        (altered("price", models.DecimalField(max_digits=10, decimal_places=4)), "fewer digits"),
        (altered("price", models.DecimalField(max_digits=12, decimal_places=4)), "written anew"),
        (altered("above", to_note()), "a constraint"),
        (
            altered("above", models.ForeignKey("desk.memo", models.CASCADE, null=True, db_constraint=False)),
            "nobody can write",
        ),
        (
            altered(
                "above",
                models.ForeignKey("desk.memo", models.CASCADE, null=True, db_constraint=False, db_index=False),
            ),
            "another table",
        ),
    ],
    ids=lambda given: name_of(given) if isinstance(given, Operation) else "",
)
def test_what_old_code_would_not_survive_is_refused(operation: Any, reason: str) -> None:
    said = said_of(operation)
    assert [reason in fault.sentence for fault in said] == [True], said
    module = ModuleType("desk.migrations.0002_next")
    module.EXPANDS = "it only adds"  # type: ignore[attr-defined]
    assert unmarked(module, said) == [said[0].sentence]
    module.CONTRACTS = "0.2: nothing reads it any more"  # type: ignore[attr-defined]
    assert unmarked(module, said) == []


DROP = operations.RunSQL("ALTER TABLE desk_note DROP COLUMN place")


@pytest.mark.parametrize("marker", ["CONTRACTS", "EXPANDS"])
@pytest.mark.parametrize(
    "operation",
    [
        DROP,
        operations.SeparateDatabaseAndState([DROP], [operations.RemoveField("note", "place")]),
        CreateExtension("unaccent"),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_is_not_read_here_needs_a_word_of_its_author(operation: Any, marker: str) -> None:
    said = said_of(operation)
    module = ModuleType("desk.migrations.0002_next")
    assert len(unmarked(module, said)) == 1
    setattr(module, marker, " ")
    assert len(unmarked(module, said)) == 1
    setattr(module, marker, "a reason")
    assert unmarked(module, said) == []


@pytest.mark.parametrize(
    "operation",
    [
        operations.CreateModel("Memo", [("id", models.BigAutoField(primary_key=True))]),
        added(models.CharField(max_length=5, db_default="")),
        added(models.CharField(max_length=5, null=True)),
        added(models.DateTimeField(db_default=Now())),
        added(models.ManyToManyField("desk.note")),
        added(to_note()),
        altered("text", models.TextField()),
        altered("text", models.CharField(max_length=200, null=True)),
        altered("text", models.CharField(max_length=100, choices=[("a", "b")])),
        altered("place", models.IntegerField(null=True, verbose_name="where")),
        altered("price", models.DecimalField(max_digits=12, decimal_places=2)),
        altered("above", to_note(db_constraint=False, verbose_name="above")),
        operations.RenameIndex("note", new_name="by_moment", old_name="by_time"),
        operations.AlterModelOptions("note", {"ordering": ["at"]}),
        # The model lets go of the column; a later release drops it.
        operations.SeparateDatabaseAndState([], [operations.RemoveField("note", "place")]),
        AddIndexBeside("note", INDEX),
        operations.RunPython(operations.RunPython.noop),
    ],
    ids=name_of,
)
def test_what_old_code_does_not_notice_is_allowed(operation: Any) -> None:
    assert said_of(operation) == []


def test_each_operation_is_judged_on_what_those_before_it_left() -> None:
    wide = models.CharField(max_length=9, null=True)
    column = operations.RunSQL("ALTER TABLE desk_note ADD COLUMN kind varchar(9)")
    said = said_of(
        operations.SeparateDatabaseAndState([column], [added(wide)]),
        altered("kind", wide),
        altered("kind", models.CharField(max_length=8, null=True)),
    )
    assert [fault.is_unread for fault in said] == [True, False]
    assert said[1].sentence.endswith(": shorter")


def test_an_index_that_is_made_beside_others_has_a_migration_of_its_own() -> None:
    """A lock that is refused after it leaves the migration half done, and the next try stumbles over the first half."""
    [fault] = said_of(AddIndexBeside("note", INDEX), added(models.CharField(max_length=5, db_default="")))
    assert "half done" in fault.sentence
    other = models.Index(fields=["key"], name="by_key")
    assert said_of(AddIndexBeside("note", INDEX), AddIndexBeside("note", other)) == []


def test_next_release_that_is_rolled_out_for_a_trial_keeps_to_the_rules(settings: Any) -> None:
    """tests/faults/test_schemas.py shows what the version before makes of these."""
    settings.MIGRATION_MODULES = {"articles": "tests.faults.next_release.articles_migrations"}
    loader = MigrationLoader(None)
    said = {}
    for name in ("9001_expand", "9002_index", "9003_contract"):
        migration = loader.graph.nodes["articles", name]
        before = loader.project_state(("articles", name), at_end=False)
        found = faults(migration, before, landed=set(before.models))
        said[name] = len(found), unmarked(import_module(migration.__module__), found)
    assert said == {"9001_expand": (0, []), "9002_index": (0, []), "9003_contract": (2, [])}
