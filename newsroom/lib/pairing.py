"""Which rewritten paragraphs of two versions belong together, by the words that they share."""

from bisect import bisect, insort
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from newsroom.lib.arabic import fold

# Two paragraphs are versions of one another when this part of their words is the same (Dice's coefficient).
ALIKE = 0.35
# A paragraph was cut in two when this part of the second one stood in the first, and nowhere else.
HELD = 0.6
# Pairs that are weighed in one comparison: 20 ms. Where there are more, only paragraphs near each other are.
MOST_PAIRS = 15_000
_BITS = 2048


class Words(NamedTuple):
    """A paragraph as far as pairing asks: its words as a set of bits. Only equal sorts are versions of another."""

    bits: int
    size: int
    sort: Hashable


class Group(NamedTuple):
    """Old paragraphs [i0, i1) became new paragraphs [j0, j1): one on each side, or several on one of them."""

    i0: int
    i1: int
    j0: int
    j1: int


def words_of(lines: Iterable[tuple[str, Hashable]]) -> list[Words]:
    """Read (text, sort) for each paragraph. Spelling does not count: a corrected hamza leaves a word the same.

    Past 2,048 different words some share a bit, which makes paragraphs seem a little more alike.
    """
    numbers: dict[str, int] = {}
    found = []
    for text, sort in lines:
        bits = 0
        for word in fold(text).split():
            bits |= 1 << numbers.setdefault(word, len(numbers)) % _BITS
        found.append(Words(bits, bits.bit_count(), sort))
    return found


def groups(old: Mapping[int, Words], new: Mapping[int, Words], gaps: Sequence[Group]) -> list[Group]:
    """Pair the paragraphs within each gap, in the order of the text. What is left over came or went."""
    rows = sum(gap.i1 - gap.i0 for gap in gaps)
    reach = max(3, MOST_PAIRS // (2 * rows + 1))
    return [group for gap in gaps for group in _in_gap(old, new, gap, reach)]


def _in_gap(old: Mapping[int, Words], new: Mapping[int, Words], gap: Group, reach: int) -> Iterator[Group]:
    pairs = _with_lone(_likeliest(old, new, gap, reach), old, new, gap)
    for place, (i, j) in enumerate(pairs):
        before = pairs[place - 1] if place else (gap.i0 - 1, gap.j0 - 1)
        after = pairs[place + 1] if place + 1 < len(pairs) else (gap.i1, gap.j1)
        j0, j1 = _held(old[i], new, j, before[1], after[1])
        if j1 - j0 > 1:
            pairs[place] = (i, j1 - 1)
            yield Group(i, i + 1, j0, j1)
        else:
            i0, i1 = _held(new[j], old, i, before[0], after[0])
            pairs[place] = (i1 - 1, j)
            yield Group(i0, i1, j, j + 1)


def _likeliest(old: Mapping[int, Words], new: Mapping[int, Words], gap: Group, reach: int) -> list[tuple[int, int]]:
    """Take the most similar pair first, then each that does not cross those taken."""
    weighed = sorted(
        (-likeness, abs(i - gap.i0 - j + gap.j0), i, j)
        for i, j in _near(gap, reach)
        if (likeness := _likeness(old[i], new[j])) >= ALIKE
    )
    taken: list[tuple[int, int]] = []
    for _weight, _distance, i, j in weighed:
        place = bisect(taken, (i, j))
        crosses = (place > 0 and (taken[place - 1][0] == i or taken[place - 1][1] >= j)) or (
            place < len(taken) and (taken[place][0] == i or taken[place][1] <= j)
        )
        if not crosses:
            insort(taken, (i, j))
    return taken


def _near(gap: Group, reach: int) -> Iterator[tuple[int, int]]:
    height, width = gap.i1 - gap.i0, gap.j1 - gap.j0
    for i in range(height):
        middle = i * width // height
        for j in range(max(0, middle - reach), min(width, middle + reach + 1)):
            yield gap.i0 + i, gap.j0 + j


def _likeness(one: Words, other: Words) -> float:
    """From 0 (no word in common) to 1. Without any word, as a line across the page, half."""
    if one.sort != other.sort:
        return 0
    if not one.size or not other.size:
        return 0.5 if one.size == other.size else 0
    return 2 * (one.bits & other.bits).bit_count() / (one.size + other.size)


def _with_lone(
    pairs: list[tuple[int, int]], old: Mapping[int, Words], new: Mapping[int, Words], gap: Group
) -> list[tuple[int, int]]:
    """One old paragraph that stands alone against a new one is its place, whatever it says now."""
    found = []
    i, j = gap.i0, gap.j0
    for a, b in [*pairs, (gap.i1, gap.j1)]:
        if a - i == b - j == 1 and old[i].sort == new[j].sort:
            found.append((i, j))
        if a < gap.i1:
            found.append((a, b))
        i, j = a + 1, b + 1
    return found


def _held(source: Words, others: Mapping[int, Words], place: int, before: int, after: int) -> tuple[int, int]:
    """Return the run of `others` round `place`, between `before` and `after`, that `source` was cut into."""
    start, end, known = place, place + 1, others[place].bits
    while end < after and _is_part(others[end], source, known):
        known |= others[end].bits
        end += 1
    while start - 1 > before and _is_part(others[start - 1], source, known):
        start -= 1
        known |= others[start].bits
    return start, end


def _is_part(part: Words, source: Words, known: int) -> bool:
    own = (part.bits & source.bits & ~known).bit_count()
    return part.sort == source.sort and part.size >= 2 and own >= HELD * part.size
