"""Files for a spreadsheet (CSV, RFC 4180): made piece by piece, with no cell that a spreadsheet would run."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

ROWS_AT_ONCE = 1000
BYTE_ORDER_MARK = "\ufeff"  # without it a spreadsheet reads Arabic as Latin-1
CONTENT_TYPE = "text/csv; charset=utf-8"
# What a spreadsheet takes for a formula (OWASP, CSV injection), in full width too, also behind what it does not show.
_FORMULA = re.compile("[\\s\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2069]*[=+\\-@＝＋－＠]|[\t\r\n]")


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the file; never more than a piece is in memory, and a reader who leaves stops the work."""
    # Quoted throughout: where a spreadsheet parts cells at ";", a text could otherwise begin one with a formula.
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    lines = (str(writer.writerow([harmless(cell) for cell in row])) for row in chain([headings], rows))
    yield BYTE_ORDER_MARK
    while piece := "".join(islice(lines, ROWS_AT_ONCE)):
        yield piece


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs: an apostrophe before what looks like a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


class _Echo:
    """A file for csv.writer that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text
