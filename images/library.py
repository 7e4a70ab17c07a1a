"""Looking for a picture: by its words, and by whoever it is from."""

from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Q, QuerySet

from images.models import Image
from newsroom.lib.names import name_filter, word_starts

_OWNERS = ("source", "author")


def found(typed: str) -> Q:
    """Pictures that say each typed word in their own words, or are by a source or an author of such a name.

    A word stands at the beginning of one, however it is spelled (newsroom.lib.word_index). A single letter asks for
    nothing.
    """
    return reduce(and_, map(_says, word_starts(typed)), Q())


def _says(starts: tuple[str, ...]) -> Q:
    said = Q(words_key__begin=(starts,))
    return reduce(or_, (Q(**{f"{name}__in": _named(name, starts[0])}) for name in _OWNERS), said)


def _named(relation: str, word: str) -> QuerySet:
    """Sources or authors, which have names that are compared by what they say (newsroom.lib.names)."""
    owners: Any = Image._meta.get_field(relation).related_model
    rows: QuerySet = owners._default_manager.filter(name_filter(word)).order_by().values("pk")
    return rows
