"""The longest common subsequence of two sequences, exactly, in a time that their content cannot spoil."""

from collections.abc import Hashable, Sequence

# Rows times columns: one bit each in memory (8 MB), and about 40 ms.
MOST_CELLS = 64_000_000


def common(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]] | None:
    """Return the places (in `old`, in `new`) of what stands in both in the same order, as many as there can be.

    None when what differs is too long to be compared. Common ends are matched first: most changes are small.

    Hyyrö's bit-parallel algorithm (2004): a whole row of the table is one long integer, so two texts of 20 KB
    without a word in common cost as little as two that are alike. Searching by recursion, as difflib does, takes
    cubic time on repeated words.
    """
    start = _alike(old, new)
    end = min(_alike(old[::-1], new[::-1]), len(old) - start, len(new) - start)
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    if len(middle_old) * len(middle_new) > MOST_CELLS:
        return None
    middle = [(start + i, start + j) for i, j in _common_in_middle(middle_old, middle_new)]
    head = [(i, i) for i in range(start)]
    tail = [(len(old) - end + i, len(new) - end + i) for i in range(end)]
    return [*head, *middle, *tail]


def _alike(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    """How many elements at the beginning are the same."""
    return next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _common_in_middle(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    places: dict[Hashable, int] = {}
    for j, element in enumerate(new):
        places[element] = places.get(element, 0) | 1 << j
    full = (1 << len(new)) - 1
    # A bit of a row is 0 where the table grows by one from its left neighbour.
    row, rows = full, []
    for element in old:
        hits = row & places.get(element, 0)
        row = (row + hits | row - hits) & full
        rows.append(row)
    return _trace(rows, len(new))


def _trace(rows: list[int], width: int) -> list[tuple[int, int]]:
    """Read the matches back from the last cell: left, up, or a match where the table grew both ways."""
    found = []
    i, j = len(rows), width
    while i and j:
        if rows[i - 1] >> j - 1 & 1:
            j -= 1
        elif i > 1 and not rows[i - 2] >> j - 1 & 1:
            i -= 1
        else:
            i, j = i - 1, j - 1
            found.append((i, j))
    return found[::-1]
