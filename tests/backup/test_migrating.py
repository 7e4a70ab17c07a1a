"""A migration never holds readers up for long, and the version before works on the new schema."""

import threading
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.commands import migrate as stock
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import F
from django.db.models.functions import Now, Random
from django.db.utils import OperationalError

from newsroom.lib.postgresql.indexes import AddIndexBeside
from newsroom.management.commands import migrate
from pages.models import Redirect
from tests.factories import make_article, make_site
from tests.house.expand_contract import against_change, against_new
from tests.house.test_migrations import LANDED

pytestmark = pytest.mark.django_db(transaction=True)
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer and no such locks")

ROWS = 3000


@pytest.fixture
def reader() -> Iterator[Any]:
    """A transaction that has read the table and lasts."""
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pages_redirect")
    yield other
    other.close()


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Replaces what migrate does by one change of a table; remembers the limits under which it was tried."""
    seen: dict[str, list[str]] = {"lock_timeout": [], "statement_timeout": []}

    def alter(self: Any, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            for name, values in seen.items():
                cursor.execute(f"SHOW {name}")
                values.append(cursor.fetchone()[0])
            cursor.execute("ALTER TABLE pages_redirect ADD COLUMN later integer")
            cursor.execute("ALTER TABLE pages_redirect DROP COLUMN later")

    monkeypatch.setattr(stock.Command, "handle", alter)
    return seen


@on_postgresql
def test_a_migration_gives_up_before_readers_wait_for_it(
    reader: Any, said: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[int] = []

    def read(_pause: float) -> None:
        # Between two tries the queue behind the migration is gone, although the long reader is still there.
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pages_redirect")
            served.append(cursor.fetchone()[0])

    monkeypatch.setattr(migrate.time, "sleep", read)
    with pytest.raises(CommandError, match=r"could not be changed, 5 times: .* Nothing is half done\.$"):
        call_command("migrate", "--lock-timeout", "0.1", stderr=StringIO())
    assert served == [0, 0, 0, 0]
    assert said == {"lock_timeout": ["100ms"] * 5, "statement_timeout": ["0"] * 5}


@on_postgresql
def test_who_comes_behind_a_waiting_migration_is_served_when_it_gives_up(
    reader: Any, said: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    released, served = threading.Event(), threading.Event()

    def read_behind() -> None:
        other = connection.copy()
        with other.cursor() as cursor:
            while not served.is_set():
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cursor.fetchone()[0]:
                    cursor.execute("SELECT count(*) FROM pages_redirect")
                    if not released.is_set():
                        served.set()
        other.close()

    def pause(_seconds: float) -> None:
        assert served.wait(20)
        released.set()
        reader.rollback()

    monkeypatch.setattr(migrate.time, "sleep", pause)
    behind = threading.Thread(target=read_behind)
    behind.start()
    err = StringIO()
    try:
        call_command("migrate", stderr=err)
    finally:
        served.set()
        behind.join()
    assert said["lock_timeout"] == ["1s", "1s"]
    assert err.getvalue().splitlines() == ["A table is in use; trying again in 2 s."]


@on_postgresql
def test_the_limits_end_with_the_command_and_other_errors_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Any, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 1")
            raise OperationalError("something else")

    monkeypatch.setattr(stock.Command, "handle", fail)
    with pytest.raises(OperationalError, match="something else"):
        call_command("migrate")
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


def test_an_index_is_made_beside_those_who_write_and_a_broken_one_anew() -> None:
    loader = MigrationLoader(connection)
    before = loader.project_state()
    after = before.clone()
    operation = AddIndexBeside("redirect", models.Index(fields=["new_path"], name="redirect_tried"))
    operation.state_forwards("pages", after)

    def names() -> set[str]:
        with connection.cursor() as cursor:
            return set(connection.introspection.get_constraints(cursor, "pages_redirect"))

    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("pages", editor, before, after)
        assert "redirect_tried" in names()
        if connection.vendor == "postgresql":
            operation.database_forwards("pages", editor, before, after)
    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("pages", editor, after, before)
    assert "redirect_tried" not in names()


@pytest.fixture
def landed() -> Iterator[Callable[[], None]]:
    """Call it to go back to what is out; afterwards everything is as it was."""

    def back() -> None:
        for app, name in LANDED.items():
            if ahead(app):
                call_command("migrate", app, name, verbosity=0)

    yield back
    call_command("migrate", verbosity=0)


def ahead(app: str) -> bool:
    return MigrationLoader(connection).graph.leaf_nodes(app) != [(app, LANDED[app])]


def old_models() -> Any:
    """The models of the version that is out, and of the packages as they are."""
    loader = MigrationLoader(connection)
    others = [node for node in loader.graph.leaf_nodes() if node[0] not in LANDED]
    return loader.project_state([*LANDED.items(), *others]).apps


def grow(article: Any, count: int) -> None:
    """As many articles like this one, written by whichever version of the model it is of."""
    model, rows = type(article), []
    for number in range(count):
        values = {field.attname: getattr(article, field.attname) for field in model._meta.concrete_fields}
        rows.append(model(**values | {"id": None, "slug": f"قصة-{number}"}))
    model.objects.bulk_create(rows, batch_size=300)


def test_the_version_before_works_on_the_new_schema_and_back(landed: Callable[[], None]) -> None:
    make_site()
    make_article()
    landed()
    old = old_models()
    article = old.get_model("articles", "Article").objects.get()
    grow(article, ROWS)
    call_command("migrate", verbosity=0)
    read = {}
    for model in old.get_models():
        if model._meta.managed and not model._meta.proxy:
            read[model._meta.label_lower] = len(list(model._base_manager.all()[:50]))
    assert read["articles.article"] == 50
    assert read["pages.sitesettings"] == 1
    grow(article, 1)
    changed = type(article).objects.filter(slug="قصة-0").update(headline="بعد التحديث")
    assert changed == 2
    old.get_model("pages", "Redirect").objects.create(old_path="/a/", new_path="/b/")
    assert Redirect.objects.get().new_path == "/b/"
    landed()
    assert type(article).objects.count() == ROWS + 2


def added(field: models.Field) -> Any:
    return operations.AddField("redirect", "kind", field)


@pytest.mark.parametrize(
    ("operation", "survives"),
    [
        (added(models.CharField(max_length=5, db_default="")), True),
        (added(models.CharField(max_length=5, null=True)), True),
        (added(models.CharField(max_length=5, default="")), False),
        (operations.RemoveField("redirect", "words_key"), False),
    ],
)
def test_what_the_house_test_refuses_is_what_the_version_before_would_not_survive(
    operation: Any, survives: bool
) -> None:
    before = MigrationLoader(connection).project_state()
    after = before.clone()
    migration = Migration("9999_tried", "pages")
    migration.operations = [operation]
    old = before.apps.get_model("pages", "Redirect")
    operation.state_forwards("pages", after)
    with connection.schema_editor() as editor:
        operation.database_forwards("pages", editor, before, after)
    try:
        with transaction.atomic():
            old.objects.create(old_path="/old/", new_path="/new/")
        wrote = True
    except DatabaseError:
        wrote = False
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pages_redirect")
    with connection.schema_editor() as editor:
        operation.database_backwards("pages", editor, after, before)
    assert wrote is survives


def decimal(digits: int, places: int) -> models.DecimalField:
    return models.DecimalField(max_digits=digits, decimal_places=places, null=True)


def stored_anew(model: Any, change: Callable[[], None]) -> bool:
    """Whether the rows of the table lie in another file afterwards: they were copied, while nobody could read them."""

    def file() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_relation_filepath(%s)", [model._meta.db_table])
            return str(cursor.fetchone()[0])

    before = file()
    change()
    return file() != before


@on_postgresql
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (None, models.CharField(max_length=5, db_default="")),
        (None, models.DateTimeField(db_default=Now())),
        (None, models.FloatField(db_default=Random())),
        (None, models.GeneratedField(expression=F("id") + 1, output_field=models.BigIntegerField(), db_persist=True)),
        (models.IntegerField(null=True), models.BigIntegerField(null=True)),
        (models.CharField(max_length=5), models.CharField(max_length=9)),
        (models.CharField(max_length=5), models.TextField()),
        (models.SlugField(), models.CharField(max_length=50, db_index=True)),
        (decimal(10, 2), decimal(12, 2)),
        (decimal(10, 2), decimal(12, 4)),
    ],
)
def test_what_the_house_test_takes_for_a_copy_of_the_table_is_one(old: Any, new: Any) -> None:
    before = ProjectState()
    first = [("kind", old)] if old else []
    before.add_model(ModelState("desk", "note", [("id", models.BigAutoField(primary_key=True)), *first]))
    after = before.clone()
    change = operations.AlterField("note", "kind", new) if old else operations.AddField("note", "kind", new)
    change.state_forwards("desk", after)
    reasons = against_change(old, new, ("desk", "note")) if old else against_new(new)
    model = before.apps.get_model("desk", "note")
    with connection.schema_editor() as editor:
        editor.create_model(model)
    try:
        with connection.schema_editor() as editor:
            anew = stored_anew(model, lambda: change.database_forwards("desk", editor, before, after))
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(model)
    assert anew is any("written anew" in reason and holds for reason, holds in reasons.items())
