"""What was measured, for the table at the end of the run: a document quotes these figures and no others."""

from collections.abc import Iterator

Figures = dict[str, dict[str, str]]  # page to name to value with its unit

KB = 1024


def size(number: int) -> str:
    return f"{number / KB:.1f} KB"


def lines(figures: Figures) -> Iterator[str]:
    """One line a page, columns as wide as what stands in them."""
    names = list(dict.fromkeys(name for row in figures.values() for name in row))
    rows = [["", *names], *([page, *(row.get(name, "-") for name in names)] for page, row in figures.items())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])
