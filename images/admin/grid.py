"""The pictures of one page of the library, each with what a photo editor must know before it is used."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Page
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit.admin.listing import BoundedPaginator
from images.models import Image
from images.rights import ends_soon, is_expired_on
from images.uses import use_counts
from newsroom.lib.name_pages import NamePaginator

THUMBNAIL = 320  # px: twice the width that it is shown in


@dataclass(frozen=True)
class Mark:
    """A word on a picture. `level` is "bad" where it may not be shown as it is, "warn" or "note"."""

    words: str
    level: str


@dataclass(frozen=True)
class Tile:
    image: Image
    marks: list[Mark] = field(default_factory=list)
    use_count: int = 0

    @property
    def thumbnail(self) -> str:
        return self.image.url(THUMBNAIL)


class LibraryPaginator(NamePaginator, BoundedPaginator):
    """Finds a page by its keys and never counts a whole library; what is older is found by narrowing the list."""

    def page(self, number: int | str) -> Page:
        """Raises PageNotAnInteger, and EmptyPage also past what was counted: no line of numbers reaches there."""
        return super().page(self.validate_number(number))


class LibraryList(ChangeList):
    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: Any = list(self.result_list)
        self.tiles = tiles(self.result_list)


def tiles(images: list[Image]) -> list[Tile]:
    """In the same order; the uses of all are counted together."""
    counts = use_counts(images)
    return [Tile(image, marks(image), counts.get(image.pk, 0)) for image in images]


def marks(image: Image) -> list[Mark]:
    missing = [
        (not image.alt_text, Mark(_("No alternative text"), "bad")),
        (not image.printed_credit, Mark(_("No credit"), "bad")),
    ]
    waiting = Mark(_("Still being prepared"), "note")
    return [
        *(mark for is_missing, mark in missing if is_missing),
        *filter(None, [rights_mark(image)]),
        *([waiting] if image.prepared_at is None else []),
    ]


def rights_mark(image: Image) -> Mark | None:
    """None while nothing need be said."""
    today = timezone.localdate()
    if is_expired_on(image, today):
        return Mark(pgettext("picture", "Rights ended"), "bad")
    if ends_soon(image, today):
        return Mark(pgettext("picture", "Rights end soon"), "warn")
    return None
