"""Where pictures stand: apps above this one say it (`watch`), the library, `discard` and its filters ask."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from images.models import Image
from newsroom.lib.bidi import plain_title

Person = AbstractUser | AnonymousUser
# Titles in the sentence of a refusal; a picture of a series stands in hundreds of stories.
MOST_TITLES = 3


class PictureInUse(ValidationError):
    """The picture stands somewhere, in `count` places. The message is a sentence for people."""

    def __init__(self, count: int, titles: Sequence[str]) -> None:
        self.count = count
        words = ngettext(
            "The picture is used in %(count)d place and stays in the library.",
            "The picture is used in %(count)d places and stays in the library.",
            count,
        ) % {"count": count}
        if titles:
            named = "، ".join(f"«{plain_title(title)}»" for title in titles[:MOST_TITLES])
            words = _("%(sentence)s Among others: %(titles)s") % {"sentence": words, "titles": named}
        super().__init__(words, code="in_use")


@dataclass(frozen=True)
class Use:
    """One place of a picture. `place` is in the words of an editor: «lead picture», «text», «portrait»."""

    title: str
    address: str  # in the admin, '' where this person may not open it
    place: str


class Provider(Protocol):
    """What an app that shows pictures tells of them. `keys` are ids of pictures."""

    def used(self) -> Sequence[QuerySet]:
        """Querysets of one column: the ids of all pictures that stand somewhere."""

    def counts(self, keys: Sequence[int]) -> Mapping[int, int]:
        """How many stories, pages, people show each; one that nobody shows may be left out."""

    def uses(self, keys: Sequence[int], user: Person) -> Iterable[tuple[int, Use]]:
        """(id of the picture, place) of all that `user` may know of, in the order in which they are shown."""

    def public(self, keys: Sequence[int]) -> Collection[int]:
        """Those that readers see now."""


_providers: list[Provider] = []


def watch(provider: Provider) -> None:
    """Have pictures asked for there too. Apps above this one call it in ready()."""
    _providers.append(provider)


def uses_of(images: Iterable[Image], user: Person) -> dict[int, list[Use]]:
    """The places of each picture, by its id; where `user` may know of none the list is empty.

    A number of queries that does not depend on the number of pictures. What is in use_counts() and not here is where
    this person may not look.
    """
    keys = [image.pk for image in images]
    found: defaultdict[int, list[Use]] = defaultdict(list)
    for provider in _providers if keys else ():
        for key, use in provider.uses(keys, user):
            found[key].append(use)
    return {key: found[key] for key in keys}


def use_counts(images: Iterable[Image]) -> dict[int, int]:
    """In how many stories, pages and portraits each picture stands, by its id; 0 where in none."""
    keys = [image.pk for image in images]
    total: Counter[int] = Counter()
    for provider in _providers if keys else ():
        total.update(provider.counts(keys))
    return {key: total[key] for key in keys}


def is_used() -> Q:
    """A condition for a queryset of pictures: they stand somewhere."""
    condition = Q(pk__in=[])
    for provider in _providers:
        for keys in provider.used():
            condition |= Q(pk__in=keys)
    return condition


def refuse_when_used(image: Image, user: Person) -> None:
    """Raises PictureInUse, whose sentence names the places that `user` may know of and counts the others."""
    count = use_counts([image])[image.pk]
    if not count:
        return
    titles = [use.title for use in uses_of([image], user)[image.pk]]
    raise PictureInUse(count, list(dict.fromkeys(titles)))


def public_keys(images: Iterable[Image]) -> set[int]:
    """The keys of those that readers see: a changed caption changes what is published (images.permissions)."""
    keys = [image.pk for image in images]
    return {key for provider in _providers for key in provider.public(keys)} & set(keys) if keys else set()
