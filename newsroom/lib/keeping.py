"""Keeping what was made for a reader until something that it shows has changed.

While a page or a part of one is made, the rows and lists that go into it are noted (`depends_on`); it holds as long as
none of them was bumped (newsroom.lib.generations) and its time is not up. So nobody has to know which pages a change
touches: each page knows what it was made of.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.conf import settings

from newsroom.lib.generations import EVERYTHING, generations, slot_of
from newsroom.lib.replicas import reading_to_keep

# Parts that one process keeps, the largest of them rows of 10 KB; those made longest ago make room. So many stories
# stand on the first pages of all sections and of some hundred tags.
MOST_PARTS, MOST_STORIES = 800, 1_500
LONGEST = 60  # s: what nobody bumps, as the list of the most read, is never older

View = Callable[..., Any]
_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")


class _Active(threading.local):
    """What this thread is making just now."""

    noted: "set[int] | None" = None
    # The names of the same, where copies far away are put away by them (newsroom.lib.surrogate_keys).
    names: "set[str] | None" = None


_active = _Active()


@dataclass(slots=True)
class Kept:
    """Something made, what it depends on, and until when it holds at most (time.monotonic)."""

    value: Any
    slots: frozenset[int]
    made_at: float  # time.monotonic
    until: float
    started: int  # the generation before it was made: what changed meanwhile may not be in it
    seen: int = field(default=0)  # the generation at which it was last found to hold
    names: frozenset[str] = frozenset()  # of the slots, with settings.SURROGATE_KEYS

    def holds(self) -> bool:
        return time.monotonic() < self.until and not self.is_changed()

    def is_changed(self) -> bool:
        now = generations().now()
        if self.seen == now:
            return False
        if generations().newest(self.slots) > self.started:
            return True
        self.seen = now
        return False

    def is_recalled(self) -> bool:
        return generations().newest_recall(self.slots) > self.started


def is_noting() -> bool:
    """Whether somebody is making something of which the dependencies count."""
    return _active.noted is not None


def depends_on(*scopes: str) -> None:
    """Note that what is being made shows these."""
    if _active.noted is not None:
        _active.noted.update(map(slot_of, scopes))
        if _active.names is not None:
            _active.names.update(scopes)


def depends_on_kept(part: Kept) -> None:
    if _active.noted is not None:
        _active.noted |= part.slots
        if _active.names is not None:
            _active.names |= part.names


def make_kept(make: Callable[[], Any], *, seconds: float = LONGEST) -> Kept:
    """Make a value and note what it depends on, also for what is being made around it."""
    started, began = generations().now(), time.monotonic()
    with _collecting() as (noted, names), reading_to_keep():
        value = make()
    made = Kept(value, frozenset(noted), began, began + seconds, started, names=frozenset(names or ()))
    depends_on_kept(made)
    return made


@contextmanager
def _collecting() -> Iterator[tuple[set[int], set[str] | None]]:
    around = _active.noted, _active.names
    _active.noted, _active.names = {EVERYTHING}, set() if settings.SURROGATE_KEYS else None
    try:
        yield _active.noted, _active.names
    finally:
        _active.noted, _active.names = around


class Shelf:
    """What was kept, by its key. Threads share it; two that miss the same key both make it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Kept | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
        return found if found is not None and found.holds() else None

    def put(self, key: Hashable, kept: Kept) -> None:
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


parts = Shelf(MOST_PARTS)
# Apart: as many as the archive has, they would push out the parts that all pages share.
stories = Shelf(MOST_STORIES)


def kept(key: Hashable, make: Callable[[], Any], *, seconds: float = LONGEST, shelf: Shelf = parts) -> Any:
    """Return what `make()` returned for this key, in this process, as long as it holds; else make it.

    For parts of pages. The value belongs to all who ask: nobody may change it. `make` must not depend on who asks.
    Where nothing is kept (settings.PAGE_CACHE) it is made each time.
    """
    if settings.PAGE_CACHE == "off":
        return make()
    found = shelf.get(key)
    if found is None:
        found = make_kept(make, seconds=seconds)
        shelf.put(key, found)
    else:
        depends_on_kept(found)
    return found.value


def kept_each(
    name: Hashable,
    keys: Iterable[_K],
    make: Callable[[list[_K]], dict[_K, _V]],
    scopes_of: Callable[[_V], Iterable[str]] | None = None,
    *,
    shelf: Shelf = parts,
) -> dict[_K, _V]:
    """The same for each of these keys; `make` gets those that have to be made, all at once.

    Each depends on what `scopes_of` names; without that, whatever one of them depends on counts for all that were made
    with it. What `make` leaves out is missing, and asked for again the next time.
    """
    wanted = list(keys)
    if settings.PAGE_CACHE == "off":
        return make(wanted)
    found = {key: one for key in wanted if (one := shelf.get((name, key)))}
    if missing := [key for key in wanted if key not in found]:
        together = make_kept(lambda: make(missing))
        for key, value in together.value.items():
            found[key] = replace(together, value=value) if scopes_of is None else _alone(together, value, scopes_of)
            shelf.put((name, key), found[key])
    for one in found.values():
        depends_on_kept(one)
    return {key: found[key].value for key in wanted if key in found}


def _alone(together: Kept, value: _V, scopes_of: Callable[[_V], Iterable[str]]) -> Kept:
    scopes = list(scopes_of(value))
    slots = frozenset({EVERYTHING, *map(slot_of, scopes)})
    return replace(together, value=value, slots=slots, names=frozenset(scopes if settings.SURROGATE_KEYS else ()))


@dataclass(frozen=True)
class PageRule:
    """How the whole answer of a view is kept: which parameters of the query it reads."""

    uses: frozenset[str]
    seconds: float


def kept_page(*, uses: tuple[str, ...] = (), seconds: float = LONGEST) -> Callable[[View], View]:
    """Say that the page of this view is the same for everybody who is not signed in (newsroom.page_cache keeps it).

    `uses` are the parameters of the query that the view reads; it is never shown others, nor cookies.
    """

    def decorated(view: View) -> View:
        view.page_rule = PageRule(frozenset(uses), seconds)  # type: ignore[attr-defined]
        return view

    return decorated
