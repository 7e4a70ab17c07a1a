"""Migrations tell the whole truth about the models, and old code survives them."""

from importlib import import_module
from io import StringIO
from types import ModuleType
from typing import Any

import pytest
from django.core.management import call_command
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState
from django.db.models.functions import Now

from newsroom.lib.postgresql.indexes import AddIndexBeside
from tests.house.expand_contract import faults, unmarked
from tests.house.files import APPS, tracked

# The last of each app in the version that is out. A release moves them on, and checks what came since.
LANDED = {
    "accounts": "0003_name_key",
    "articles": "0009_growth",
    "audit": "0002_append_only",
    "images": "0004_library",
    "newsletter": "0003_consent",
    "pages": "0006_postal_address",
    "tasks": "0001_initial",
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


OLD = ModelState(
    "desk",
    "note",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("text", models.CharField(max_length=100)),
        ("place", models.IntegerField(null=True)),
        ("at", models.DateTimeField(db_default=Now())),
    ],
    # As autodetected operations leave it; a lookup of related models never happens here.
    options={},
)


def said_of(operation: Any) -> list[str]:
    before = ProjectState()
    before.add_model(OLD.clone())
    migration = Migration("0002_next", "desk")
    migration.operations = [operation]
    return faults(migration, before, landed={("desk", "note")})


INDEX = models.Index(fields=["place"], name="by_place")


@pytest.mark.parametrize(
    "operation",
    [
        operations.RemoveField("note", "place"),
        operations.DeleteModel("Note"),
        operations.RenameField("note", "place", "position"),
        operations.RenameModel("Note", "Memo"),
        operations.AlterModelTable("note", "memos"),
        operations.AddField("note", "kind", models.CharField(max_length=5, default="")),
        operations.AlterField("note", "text", models.CharField(max_length=99)),
        operations.AlterField("note", "text", models.CharField(max_length=100, unique=True)),
        operations.AlterField("note", "text", models.IntegerField()),
        operations.AlterField("note", "text", models.CharField(max_length=100, db_column="words")),
        operations.AlterField("note", "place", models.IntegerField(default=1)),
        operations.AlterField("note", "at", models.DateTimeField()),
        operations.AddConstraint("note", models.UniqueConstraint(fields=["text"], name="once")),
        operations.AlterUniqueTogether("note", {("text", "place")}),
        operations.AddIndex("note", INDEX),
        operations.SeparateDatabaseAndState([operations.RemoveField("note", "place")]),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_old_code_would_not_survive_is_refused(operation: Any) -> None:
    said = said_of(operation)
    assert len(said) == 1
    module = ModuleType("desk.migrations.0002_next")
    assert unmarked(module, said) == said
    module.CONTRACTS = "0.2: nothing reads it any more"  # type: ignore[attr-defined]
    assert unmarked(module, said) == []


@pytest.mark.parametrize(
    "operation",
    [
        operations.CreateModel("Memo", [("id", models.BigAutoField(primary_key=True))]),
        operations.AddField("note", "kind", models.CharField(max_length=5, db_default="")),
        operations.AddField("note", "kind", models.CharField(max_length=5, null=True)),
        operations.AlterField("note", "text", models.TextField()),
        operations.AlterField("note", "text", models.CharField(max_length=200, null=True)),
        operations.AlterField("note", "place", models.BigIntegerField(null=True, verbose_name="where")),
        AddIndexBeside("note", INDEX),
        operations.RunPython(operations.RunPython.noop),
    ],
    ids=lambda operation: operation.describe(),
)
def test_what_old_code_does_not_notice_is_allowed(operation: Any) -> None:
    assert said_of(operation) == []
