"""An older list of subscribers as text: which columns it has, and its rows one by one."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, tzinfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from newsletter.address_keys import address_hash
from newsletter.addresses import clean_address, normalise, validate_address
from newsroom.lib import tables
from newsroom.lib.arabic import fold, fold_digits
from newsroom.lib.date_reading import parse_date
from newsroom.lib.hygiene import clean_line

DELIMITERS = ",;\t"
LONGEST_LINE = 10_000  # characters
LONGEST_NAME = 80
# How many lines one cell between quotation marks may run over; beyond that a mark was forgotten.
MOST_LINES = 5
FIRST_YEAR = 1995
_ABSENT = -1
_PART = re.compile(r"[\s_\-]+")
_EXCEL = re.compile(r'"?sep=(.)"?\s*')  # the first line that Excel writes and reads


class NoAddresses(Exception):
    """No column of the text holds addresses."""


@dataclass(frozen=True)
class Row:
    """One line that says something. `refusal` says why it cannot be taken over, '' if it can."""

    line: int
    text: str
    email: str = ""
    normal: str = ""
    name: str = ""
    at: datetime | None = None
    refusal: str = ""
    address_hash: str = ""


@dataclass(frozen=True)
class Layout:
    """Where in a line is what. `start` is the index of the first line with data."""

    delimiter: str
    start: int
    width: int
    columns: dict[str, int] = field(default_factory=dict)

    def cell(self, cells: Sequence[str], name: str) -> str:
        position = self.columns.get(name, _ABSENT)
        return cells[position].strip() if 0 <= position < len(cells) else ""


def _key(heading: str) -> str:
    return fold(_PART.sub(" ", clean_line(heading))).strip()


_COLUMN = {_key(heading): name for name, *headings in tables.rows("subscriber_columns") for heading in headings}
_ENDED = frozenset(map(_key, tables.words("not_subscribed")))


def split_lines(text: str) -> list[str]:
    """Only at the ends of lines that a file has: a name may hold what Python takes for one."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def find_layout(lines: Sequence[str]) -> Layout:
    """By the headings; without them the first column that holds an address. Raises NoAddresses."""
    first = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    given = _EXCEL.fullmatch(lines[first]) if first < len(lines) else None
    if given:
        first += 1
    head = lines[first][:LONGEST_LINE] if first < len(lines) else ""
    delimiter = given[1] if given else max(DELIMITERS, key=head.count)
    cells = _cells(head, delimiter) or [head]
    columns: dict[str, int] = {}
    for position, cell in enumerate(cells):
        if name := _COLUMN.get(_key(cell)):
            columns.setdefault(name, position)
    if "email" in columns:
        return Layout(delimiter, first + 1, len(cells), columns)
    rest = [head, *lines[first + 1 : first + 2]] if not columns else lines[first + 1 : first + 2]
    for offset, line in enumerate(rest, start=1 if columns else 0):
        for position, cell in enumerate(_cells(line[:LONGEST_LINE], delimiter) or []):
            if _is_address(clean_address(cell)):
                return Layout(delimiter, first + offset, len(cells), columns | {"email": position})
    raise NoAddresses


def count_rows(lines: Sequence[str], layout: Layout) -> int:
    """About how many: a row over several lines counts for each."""
    return sum(1 for line in lines[layout.start :] if _says_something(line, layout.delimiter))


def read_rows(lines: Sequence[str], layout: Layout, *, zone: tzinfo) -> Iterator[Row]:
    """The rows in their order, an address that stands there twice refused the second time.

    The same lines give the same rows, whenever they are read: importing.py goes on where it stopped by counting.
    """
    seen: set[int] = set()
    number = layout.start
    while number < len(lines):
        text, cells, used = _next(lines, number, layout)
        if cells is None or any(cell.strip() for cell in cells):
            row = _row(number + 1, text, cells, layout, zone)
            if not row.refusal:
                mark = hash(row.normal)
                row = _refused(row, _("The address stands in the file twice.")) if mark in seen else row
                seen.add(mark)
            yield row
        number += used


def _next(lines: Sequence[str], number: int, layout: Layout) -> tuple[str, list[str] | None, int]:
    """The text of the row that begins at `number`, its cells (None: broken), and how many lines it takes."""
    line = lines[number]
    if len(line) > LONGEST_LINE:
        return line[:LONGEST_LINE], None, 1
    if '"' not in line:
        return line, line.split(layout.delimiter), 1
    cells = _cells(line, layout.delimiter)
    if cells is not None:
        return line, cells, 1
    for used in range(2, MOST_LINES + 1):
        text = "\n".join(lines[number : number + used])
        if number + used > len(lines) or len(text) > LONGEST_LINE:
            break
        cells = _cells(text, layout.delimiter)
        if cells is not None and len(cells) == layout.width:
            return text, cells, used
    return line, None, 1


def _cells(text: str, delimiter: str) -> list[str] | None:
    """None for quotation marks that do not fit together."""
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else [] if not rows else None


def _row(line: int, text: str, cells: list[str] | None, layout: Layout, zone: tzinfo) -> Row:
    if cells is None:
        broken = _("The line is too long.") if len(text) >= LONGEST_LINE else _("The quotation marks do not match.")
        return Row(line, text, refusal=broken)
    email = _bare(clean_address(layout.cell(cells, "email")))
    row = Row(line, text, email=email, name=_name(cells, layout))
    if not _is_address(email):
        return _refused(row, _("This is no correct e-mail address.") if email else _("The address is missing."))
    if _key(layout.cell(cells, "status")) in _ENDED:
        return _refused(row, _("The file says that this reader is not subscribed."))
    said = layout.cell(cells, "date")
    at = read_moment(said, zone) if said else None
    refusal = _unclear(said) if said and at is None else ""
    return Row(line, text, email, normalise(email), row.name, at, refusal, address_hash(email))


def _bare(email: str) -> str:
    """Of "Layla <layla@example.com>" the address."""
    return email.rpartition("<")[2][:-1] if email.endswith(">") else email.removeprefix("mailto:")


def _unclear(said: str) -> str:
    return _("The date “%(date)s” cannot be read, or is not in the past.") % {"date": said[:40]}


def _refused(row: Row, reason: str) -> Row:
    return replace(row, refusal=reason)


def _name(cells: list[str], layout: Layout) -> str:
    parts = [layout.cell(cells, name) for name in ("first_name", "last_name")]
    return clean_line(layout.cell(cells, "name") or " ".join(filter(None, parts)))[:LONGEST_NAME].strip()


def read_moment(said: str, zone: tzinfo) -> datetime | None:
    """ISO 8601 or a date as people write it, the day first; a date alone is its midnight. None: unclear or to come."""
    text = fold_digits(clean_line(said))[:LONGEST_NAME]
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        day = parse_date(text)
        if day is None:
            return None
        moment = datetime.combine(day, time.min)
    if moment.year < FIRST_YEAR:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return moment if moment <= timezone.now() else None


def _says_something(line: str, delimiter: str) -> bool:
    return bool(line.replace(delimiter, " ").strip(' "'))


def _is_address(email: str) -> bool:
    try:
        validate_address(email)
    except ValidationError:
        return False
    return True
