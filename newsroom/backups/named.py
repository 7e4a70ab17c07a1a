"""The files that a database names: without them a restored site shows empty frames."""

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from images.models import Image
from images.renditions import file_names

# What the row of a picture notes beside its file: the smaller ones and the crops, whose names follow from it.
NOTED = ("renditions", "crops")


def named_files(cursor: Any, tables: dict[str, str]) -> set[str]:
    """Names in the storage of media, from every file column of the models whose table is there.

    A database that is not migrated yet may lack a column; that one names nothing.
    """
    return {name for model in apps.get_models() for name in _of_model(cursor, model, tables) if name}


def _of_model(cursor: Any, model: type[models.Model], tables: dict[str, str]) -> Iterator[str]:
    fields = [field.column for field in model._meta.concrete_fields if isinstance(field, models.FileField)]
    if not fields or model._meta.proxy or model._meta.db_table not in tables:
        return
    table = tables[model._meta.db_table]
    cursor.execute(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608 - quoted by who lists the tables
    there = {column[0] for column in cursor.description}
    columns = [name for name in (*fields, *(NOTED if model is Image else ())) if name in there]
    if not columns:
        return
    cursor.execute(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608 - names of our own columns
    for row in cursor.fetchall():
        noted = dict(zip(columns, row, strict=True))
        if model is Image and noted.keys() >= {"file", *NOTED}:
            yield from file_names(Image(file=noted["file"], **{name: _parsed(noted[name]) for name in NOTED}))
        else:
            yield from noted.values()


def _parsed(document: Any) -> Any:
    """SQLite keeps JSON as text, and drivers give that of PostgreSQL as one or the other."""
    return json.loads(document) if isinstance(document, str) else document
