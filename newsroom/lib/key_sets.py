"""`name_key__among=keys`: which of many keys are there, asked in one query however many they are."""

import json
from collections.abc import Collection
from typing import Any

from django.db.models import Lookup

from newsroom.lib.fields import KeyField


@KeyField.register_lookup
class Among(Lookup):
    """Thousands of keys are one parameter: `IN` would make each of them one, and SQLite ends at 32,766."""

    lookup_name = "among"
    prepare_rhs = False
    rhs: Collection[str]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(list(self.rhs))]  # noqa: S608 - a column of ours

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} = ANY(%s::text[])", [*params, list(self.rhs)]
