"""What was made holds until something in it changes."""

import time
from collections.abc import Callable

import pytest
from pytest_django import Settings

from newsroom.lib.generations import bump, bump_everything
from newsroom.lib.keeping import LONGEST, Shelf, depends_on, is_noting, kept, kept_each, make_kept, parts


@pytest.fixture(autouse=True)
def keeping(settings: Settings) -> None:
    settings.PAGE_CACHE = "parts"
    parts.clear()


@pytest.fixture
def make() -> Callable[[], int]:
    """Returns how often it was called; shows the section 3."""
    calls = 0

    def make() -> int:
        nonlocal calls
        calls += 1
        depends_on("section:3")
        return calls

    return make


def test_a_part_is_made_once(make: Callable[[], int]) -> None:
    assert [kept("navigation", make) for _time in range(3)] == [1, 1, 1]


def test_keys_are_apart(make: Callable[[], int]) -> None:
    assert [kept("a", make), kept("b", make), kept("a", make)] == [1, 2, 1]


def test_a_part_is_made_anew_when_something_in_it_changed(make: Callable[[], int]) -> None:
    kept("navigation", make)
    bump("section:4")
    assert kept("navigation", make) == 1
    bump("section:3")
    assert kept("navigation", make) == 2


def test_everything_may_change_at_once(make: Callable[[], int]) -> None:
    kept("navigation", make)
    bump_everything()
    assert kept("navigation", make) == 2


def test_a_part_is_made_anew_when_its_time_is_up(make: Callable[[], int], monkeypatch: pytest.MonkeyPatch) -> None:
    start = time.monotonic()
    kept("navigation", make)
    monkeypatch.setattr(time, "monotonic", lambda: start + LONGEST - 1)
    assert kept("navigation", make) == 1
    monkeypatch.setattr(time, "monotonic", lambda: start + LONGEST + 1)
    assert kept("navigation", make) == 2


def test_what_changed_while_it_was_made_is_not_believed() -> None:
    def make() -> str:
        depends_on("section:3")
        bump("section:3")  # somebody else, after we read the row
        return "old"

    made = make_kept(make)
    assert not made.holds()


def test_what_a_part_shows_counts_for_the_page_around_it(make: Callable[[], int]) -> None:
    first = make_kept(lambda: kept("navigation", make))
    second = make_kept(lambda: kept("navigation", make))
    assert first.holds()
    assert second.holds()
    bump("section:3")
    assert not first.holds()
    assert not second.holds()  # the part in it was there already


def test_a_page_around_a_page_that_failed_goes_on_noting() -> None:
    def make() -> str:
        with pytest.raises(ValueError, match="broken"):
            make_kept(lambda: int("broken"))
        depends_on("section:3")
        return "whole"

    page = make_kept(make)
    bump("section:3")
    assert not page.holds()
    assert not is_noting()


def test_nothing_is_kept_where_the_settings_say_so(make: Callable[[], int], settings: Settings) -> None:
    settings.PAGE_CACHE = "off"
    assert [kept("navigation", make) for _time in range(3)] == [1, 2, 3]


def test_those_asked_for_least_lately_make_room() -> None:
    shelf = Shelf(most=2)
    for key in ("a", "b", "c"):
        shelf.put(key, make_kept(lambda key=key: key))
    assert [shelf.get(key) is not None for key in ("a", "b", "c")] == [False, True, True]


def test_what_is_asked_for_stays_when_others_come_in_crowds() -> None:
    shelf = Shelf(2)
    shelf.put("site", make_kept(lambda: "site"))
    for number in range(5):
        assert shelf.get("site") is not None
        shelf.put(number, make_kept(lambda: "a search"))
    assert (shelf.get("site") is None, shelf.get(0)) == (False, None)


def test_of_many_parts_those_are_made_that_nobody_has() -> None:
    asked: list[list[int]] = []

    def make(keys: list[int]) -> dict[int, int]:
        asked.append(keys)
        return {key: 10 * key for key in keys if key != 9}

    each = [kept_each("rows", keys, make, lambda value: [f"row:{value}"]) for keys in ([1, 2], [2, 3, 9])]
    assert each == [{1: 10, 2: 20}, {2: 20, 3: 30}]
    bump("row:20")
    assert kept_each("rows", [3, 2], make, lambda value: [f"row:{value}"]) == {3: 30, 2: 20}
    assert asked == [[1, 2], [3, 9], [2]]


def test_what_shows_many_parts_depends_on_each(make: Callable[[], int]) -> None:
    def shown() -> object:
        return kept_each("rows", [1, 2], lambda keys: dict.fromkeys(keys, make()), lambda _value: ["row:1"])

    first, second = make_kept(shown), make_kept(shown)
    assert [first.holds(), second.holds()] == [True, True]
    bump("row:1")
    assert [first.holds(), second.holds()] == [False, False]


def test_parts_without_scopes_of_their_own_change_together(make: Callable[[], int]) -> None:
    def values() -> dict[int, int]:
        return kept_each("rows", [1, 2], lambda keys: dict.fromkeys(keys, make()))

    values()
    bump("section:3")
    assert values() == {1: 2, 2: 2}
