"""Tags as they are typed, and which of them are the same word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from taggit.managers import _TaggableManager

from newsroom.lib.hygiene import clean_line
from newsroom.lib.names import name_key

if TYPE_CHECKING:
    from articles.models import Tag

SEPARATORS = re.compile(r"[,،؛\n]")
MAX_TAGS = 12
MAX_LENGTH = 40


def parse_tags(text: str) -> list[str]:
    """Split on `,` `،` `؛` and newline only: كأس العالم is one tag. Clean, each word once, in the typed order."""
    names: dict[str, str] = {}
    for part in SEPARATORS.split(text):
        name = clean_line(part)
        if key := name_key(name):
            names.setdefault(key, name)
    return list(names.values())


def get_or_make_tags(names: Iterable[str]) -> list[Tag]:
    """The tag for each name, found by its folded name or alias before a new one is made."""
    from articles.models import Tag, TagAlias  # noqa: PLC0415 - models import this module

    wanted: dict[str, str] = {}
    for name in names:
        clean = clean_line(name)
        if key := name_key(clean):
            wanted.setdefault(key, clean)
    found = {alias.name_key: alias.tag for alias in TagAlias.objects.filter(name_key__in=wanted).select_related("tag")}
    found |= {tag.name_key: tag for tag in Tag.objects.filter(name_key__in=wanted)}
    for key, name in wanted.items():
        if key not in found:
            found[key], _ = Tag.objects.get_or_create(name_key=key, defaults={"name": name})
    return list(dict.fromkeys(found[key] for key in wanted))


class FoldedTaggableManager(_TaggableManager):
    """taggit's manager, but غَزَّة, غـــزة and غزة are one tag."""

    def _to_tag_model_instances(self, tags: Iterable[Any], tag_kwargs: dict[str, Any]) -> set[Tag]:
        names = [tag for tag in tags if isinstance(tag, str)]
        return {tag for tag in tags if not isinstance(tag, str)} | set(get_or_make_tags(names))
