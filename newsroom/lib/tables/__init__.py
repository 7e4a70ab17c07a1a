"""Reads the tables of words that lie beside this file; their README says how they are written."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def words(name: str) -> tuple[str, ...]:
    """The entries of one table, in their order. Raises FileNotFoundError for a table that is not there."""
    lines = (line.partition("#")[0].strip() for line in (FOLDER / f"{name}.txt").read_text("utf-8").splitlines())
    return tuple(line for line in lines if line)


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The entries of a table whose lines have several parts: «يناير | كانون الثاني»."""
    return tuple(tuple(part.strip() for part in line.split("|")) for line in words(name))
