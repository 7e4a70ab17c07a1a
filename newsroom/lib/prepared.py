"""Querysets of which Django writes the SQL once in a process, and PostgreSQL plans it once for each connection.

Both take longer than the answer. For the few that many pages ask. What differs from one request to the next is a
`Blank`.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property
from itertools import count
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.base import ModelState
from django.db.models.expressions import Expression
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.signals import post_init, pre_init

from newsroom.lib.replicas import read_alias
from newsroom.lib.watched import WatchedModel

_R = TypeVar("_R")
_numbers = count(1)
# By connection of the driver: the statements that the server has from it.
_planned: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class Blank(Expression):
    """A value that is filled in when the queryset is asked."""

    def __init__(self, name: str, output_field: models.Field | None = None) -> None:
        super().__init__(output_field=output_field or models.BigIntegerField())
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


class Prepared(Generic[_R]):
    """`make` returns a queryset of rows, with select_related and annotations or without, but without prefetches.

    Calling it fills in the blanks and returns the rows, in one query; tuples where it is one of values_list.
    PostgreSQL plans it without looking at what the blanks are filled with. `by_values` is for what it then reads in a
    wrong way, as where hardly a row is beyond a moment: that is planned each time.
    """

    def __init__(self, make: Callable[[], models.QuerySet[Any, _R]], *, by_values: bool = False) -> None:
        self._make = make
        self._by_values = by_values

    def __call__(self, **values: Any) -> list[_R]:
        connection = connections[read_alias()]
        written = self._written
        with connection.cursor() as cursor:
            if self._is_known_to(connection):
                written.planned.prepare(cursor)
                cursor.execute(*written.planned.call(values, connection))
            else:
                cursor.execute(written.sql, [_filled(each, values, connection) for each in written.params])
            rows = cursor.fetchall()
        return written.read(rows, connection.alias)

    def _is_known_to(self, connection: Any) -> bool:
        """Behind a pool that gives each transaction another connection, the server would not know it again."""
        if self._by_values or connection.vendor != "postgresql":
            return False
        return not connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]

    @cached_property
    def _written(self) -> "_Written":
        return _Written(self._make())


class _Written:
    """The SQL of a queryset and how to read what it returns, as ModelIterable does (django.db.models.query)."""

    def __init__(self, queryset: models.QuerySet[Any, Any]) -> None:
        compiler: Any = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, params = compiler.as_sql()
        self.params = tuple(params)
        self._compiler = compiler
        self._converters = compiler.get_converters([column[0] for column in compiler.select])
        self._makes_models = issubclass(queryset._iterable_class, ModelIterable)
        if self._makes_models:
            own: list[int] = compiler.klass_info["select_fields"]
            self._own = slice(own[0], own[-1] + 1)
            self._names = [column[0].target.attname for column in compiler.select[self._own]]
            self._model = RowMaker(compiler.klass_info["model"])
            self._populators: dict[str, list[Any]] = {}

    @cached_property
    def planned(self) -> "_Planned":
        return _Planned(self.sql, self.params)

    def read(self, rows: list[Any], alias: str) -> list[Any]:
        """`alias` is the database that answered; all of them are copies of one."""
        compiler = self._compiler
        found = list(map(tuple, compiler.apply_converters(rows, self._converters) if self._converters else rows))
        if not self._makes_models:
            return found
        populators = self._populators_of(alias)
        return [self._model_of(row, alias, populators) for row in found]

    def _populators_of(self, alias: str) -> list[Any]:
        if alias not in self._populators:
            populators: Any = get_related_populators
            self._populators[alias] = populators(self._compiler.klass_info, self._compiler.select, alias)
            _make_fast(self._populators[alias])
        return self._populators[alias]

    def _model_of(self, row: tuple[Any, ...], alias: str, populators: list[Any]) -> Any:
        one = self._model.from_db(alias, self._names, row[self._own])
        for populator in populators:
            populator.populate(row, one)
        for name, column in self._compiler.annotation_col_map.items():
            setattr(one, name, row[column])
        return one


class RowMaker:
    """Makes rows of a model as its from_db does, in a fifth of the time.

    Django looks at every field of the model for each row, and tells whoever listens to rows being made; nobody does.
    """

    def __init__(self, model: type[models.Model]) -> None:
        self._model = model
        known = (models.Model.from_db.__func__, WatchedModel.from_db.__func__)  # type: ignore[attr-defined]
        own: Any = model.from_db
        listens = pre_init.has_listeners(model) or post_init.has_listeners(model)
        self._is_plain = own.__func__ in known and model.__init__ is models.Model.__init__ and not listens
        self._is_watched = issubclass(model, WatchedModel)

    def from_db(self, alias: str, names: Collection[str], values: Collection[Any]) -> Any:
        """`names` are the attributes of the columns, in the order of the model."""
        if not self._is_plain:
            return self._model.from_db(alias, names, values)
        row: Any = self._model.__new__(self._model)
        row._state = state = ModelState()
        state.adding, state.db = False, alias
        row.__dict__.update(zip(names, values, strict=True))
        if self._is_watched:
            row.note_reading()
        return row


def _make_fast(populators: Iterable[Any]) -> None:
    for populator in populators:
        populator.model_cls = RowMaker(populator.model_cls)
        _make_fast(populator.related_populators)


class _Planned:
    """The same as a statement that the server keeps (PREPARE)."""

    def __init__(self, sql: str, params: Sequence[Any]) -> None:
        blanks = {each.name: each for each in params if isinstance(each, Blank)}
        places = {name: f"${place}" for place, name in enumerate(blanks, start=1)}
        marks = tuple(places[each.name] if isinstance(each, Blank) else "%s" for each in params)
        self._name = f"prepared_{next(_numbers)}"
        self._body = f"PREPARE {self._name} AS " + sql.replace("%%", "%%%%") % marks
        self._constants = [each for each in params if not isinstance(each, Blank)]
        self._blanks = tuple(blanks.values())

    def prepare(self, cursor: Any) -> None:
        """Past Django's log of queries: it is once for each connection, not for each request."""
        known = _planned.setdefault(cursor.connection, set())
        if not known:
            # Left to itself the server plans most of them each time: it takes only a third of the archive to be due.
            cursor.cursor.execute("SET plan_cache_mode = force_generic_plan")
        if self._name not in known:
            cursor.cursor.execute(self._body, self._constants)
            known.add(self._name)

    def call(self, values: dict[str, Any], connection: Any) -> tuple[str, list[Any]]:
        """The statement and what the driver is to write into it. Numbers, often a hundred, are in it already."""
        filled = [_filled(each, values, connection) for each in self._blanks]
        told = ", ".join([str(each) if type(each) is int else "%s" for each in filled])
        sql = f"EXECUTE {self._name}({told})" if filled else f"EXECUTE {self._name}"
        return sql, [each for each in filled if type(each) is not int]


def _filled(param: Any, values: dict[str, Any], connection: Any) -> Any:
    if not isinstance(param, Blank):
        return param
    value = values[param.name]
    return value if type(value) is int else param.output_field.get_db_prep_value(value, connection)
