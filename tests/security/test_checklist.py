"""Each attack that this site must withstand is shown by tests that are there.

The list is `checklist.txt`: one line for an attack, `id | in our words | tests/file.py::test_name, ...`.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.house.files import REPOSITORY

CHECKLIST = Path(__file__).with_name("checklist.txt")
# How many each part has: text that becomes markup (X), drafts (D), the desk (A), headers (H), copies (C), the
# newsletter (N), uploads (U), input (I), login and supply (L).
PARTS = {"X": 10, "D": 9, "A": 10, "H": 7, "C": 5, "N": 8, "U": 6, "I": 11, "L": 9}
IDS = [f"{part}{number}" for part, last in PARTS.items() for number in range(1, last + 1)]


@cache
def lines() -> list[tuple[str, str, tuple[str, ...]]]:
    """Id, words and names of tests, in the order of the file."""
    found = []
    for line in CHECKLIST.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, words, tests = (part.strip() for part in line.split("|"))
            found.append((name, words, tuple(test.strip() for test in tests.split(",") if test.strip())))
    return found


@cache
def functions_in(path: str) -> frozenset[str]:
    """The functions of a file that pytest would run, without importing it; none where there is no file."""
    file = REPOSITORY / path
    if not (file.is_file() and file.name.startswith("test_")):
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(
        node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def test_every_attack_stands_in_the_list_once_and_in_order() -> None:
    assert [name for name, _words, _tests in lines()] == IDS


@pytest.mark.parametrize("name", IDS)
def test_an_attack_is_shown_by_tests_that_are_there(name: str) -> None:
    words, tests = next(((words, tests) for found, words, tests in lines() if found == name), ("", ()))
    assert words, f"{name}: say in words what is tried and what must come of it"
    assert tests, f"{name}: no test shows it"
    assert len(set(tests)) == len(tests), f"{name}: a test is named twice"
    missing = [test for test in tests if test.partition("::")[2] not in functions_in(test.partition("::")[0])]
    assert not missing, f"{name}: no such test"
