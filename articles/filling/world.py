"""What made articles stand in, are about and are by. Whatever the database has already under such a name is used."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice, product
from typing import Any, TypeVar

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import Model, QuerySet
from PIL import Image as Pixels
from PIL import ImageOps

from articles.filling.texts import combined, entries
from articles.models import Author, Section, Source, Tag
from articles.tagging import get_or_make_tags
from images.models import Image
from images.preparing import make_files
from images.storing import take_in
from newsroom.lib.arabic import fold

AUTHORS, PICTURES = 40, 20
# The pictures of the sample newsroom as they are, then from the other side, then a part of them.
LOOKS = ("whole", "mirrored", "part")

_Named = TypeVar("_Named", Section, Author, Source)


@dataclass(frozen=True)
class World:
    """Ids, and names where the search knows the articles by them."""

    sections: list[int]
    tags: list[tuple[int, str]]  # in the order in which an article names them
    authors: list[tuple[int, str]]
    sources: list[tuple[int, str]]
    pictures: list[int]

    def rows(self) -> dict[type[Model], list[int]]:
        """The ids of everything, by model."""
        rows: dict[type[Model], list[int]] = {Section: self.sections, Image: self.pictures}
        for model, named in ((Tag, self.tags), (Author, self.authors), (Source, self.sources)):
            rows[model] = [pk for pk, _name in named]
        return rows


def made_world() -> World:
    """Make what is missing. Two runs make it once."""
    sections, sources = (line.split("|") for line in entries("names"))
    people = combined("people")
    tags: list[Tag] = get_or_make_tags(combined("topics"))
    return World(
        sections=[_named(Section.objects.all(), name).pk for name in sections],
        tags=[(tag.pk, tag.name) for tag in sorted(tags, key=lambda tag: (tag.sort_key, tag.pk))],
        authors=[_pair(_named(Author.objects.all(), name)) for name in people[:: len(people) // AUTHORS][:AUTHORS]],
        sources=[_pair(_named(Source.objects.all(), name)) for name in sources],
        pictures=list(_pictures()),
    )


def _named(rows: QuerySet[_Named], name: str) -> _Named:
    return rows.get_or_create(name_key=fold(name), defaults={"name": name})[0]


def _pair(row: Author | Source) -> tuple[int, str]:
    return row.pk, row.name


def _pictures() -> Iterator[int]:
    """With all their files, so that pages are as heavy as those of a newsroom."""
    folder = settings.BASE_DIR / "fixtures" / "newsroom"
    samples = tomllib.loads((folder / "pictures.toml").read_text(encoding="utf-8"))["picture"]
    for look, sample in islice(product(LOOKS, samples), PICTURES):
        image = _picture((folder / "pictures" / sample["file"]).read_bytes(), look, sample)
        if not image.prepared_at:
            make_files(image)
        yield image.pk


def _picture(original: bytes, look: str, sample: dict[str, Any]) -> Image:
    words = {name: sample[name] for name in ("alt_text", "caption", "credit", "kind")}
    return take_in(ContentFile(_seen(original, look), name=sample["file"]), by=None, **words)


def _seen(original: bytes, look: str) -> bytes:
    if look == "whole":
        return original
    with Pixels.open(BytesIO(original)) as picture:
        width, height = picture.size
        box = (width // 4, height // 4, width, height)
        seen = ImageOps.mirror(picture) if look == "mirrored" else picture.crop(box)
        buffer = BytesIO()
        seen.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()
