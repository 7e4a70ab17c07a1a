"""Two bodies that grew from one, put together block by block (the rule of diff3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from newsroom.lib.lcs import common
from richtext.tree import Node, parse, serialise

ChunkKind = Literal["same", "newest", "mine", "both"]


@dataclass(frozen=True)
class Chunk:
    """A run of blocks (HTML) in both texts. `kind` says who changed it; "both": only a person can decide."""

    kind: ChunkKind
    newest: tuple[str, ...]
    mine: tuple[str, ...]

    @property
    def newest_html(self) -> str:
        return joined(self.newest)

    @property
    def mine_html(self) -> str:
        return joined(self.mine)


def split(html: str) -> list[str]:
    """The blocks of a stored body, each as stored; joined they are the body."""
    return [serialise([piece]) for piece in parse(html) if isinstance(piece, Node)]


def joined(blocks: Sequence[str]) -> str:
    return "\n".join(blocks)


def chunks(base: str | None, newest: str, mine: str) -> list[Chunk]:
    """Align two bodies by what both kept of `base`; without a base every difference is of both."""
    new, own = split(newest), split(mine)
    if base is None:
        return _two_ways(new, own)
    old = split(base)
    in_new, in_own = common(old, new), common(old, own)
    if in_new is None or in_own is None:
        return [_chunk(old, new, own)]
    to_new, to_own = dict(in_new), dict(in_own)
    anchors = [(place, to_new[place], to_own[place]) for place in to_new if place in to_own]
    found: list[Chunk] = []
    i = j = k = 0
    for a, b, c in [*anchors, (len(old), len(new), len(own))]:
        found += _split_evenly(old[i:a], new[j:b], own[k:c])
        if a < len(old):
            found.append(Chunk("same", (new[b],), (own[c],)))
        i, j, k = a + 1, b + 1, c + 1
    return _without_seams(found)


def _two_ways(new: list[str], own: list[str]) -> list[Chunk]:
    matches = common(new, own)
    if matches is None:
        return [Chunk("both", tuple(new), tuple(own))]
    found: list[Chunk] = []
    i = j = 0
    for a, b in [*matches, (len(new), len(own))]:
        if a > i or b > j:
            found.append(Chunk("both", tuple(new[i:a]), tuple(own[j:b])))
        if a < len(new):
            found.append(Chunk("same", (new[a],), (own[b],)))
        i, j = a + 1, b + 1
    return _without_seams(found)


def _split_evenly(old: list[str], new: list[str], own: list[str]) -> list[Chunk]:
    """Neighbouring paragraphs, one changed here and one there, are no conflict when none came or went."""
    if len(old) == len(new) == len(own):
        return [_chunk([a], [b], [c]) for a, b, c in zip(old, new, own, strict=True)]
    return [_chunk(old, new, own)]


def _chunk(old: list[str], new: list[str], own: list[str]) -> Chunk:
    kind: ChunkKind = "same" if new == own else "newest" if own == old else "mine" if new == old else "both"
    return Chunk(kind, tuple(new), tuple(own))


def _without_seams(found: list[Chunk]) -> list[Chunk]:
    """Neighbours of one kind are one, except conflicts: each is decided for itself."""
    kept: list[Chunk] = []
    for chunk in found:
        if kept and chunk.kind == kept[-1].kind != "both":
            last = kept.pop()
            chunk = Chunk(chunk.kind, last.newest + chunk.newest, last.mine + chunk.mine)
        kept.append(chunk)
    return kept
