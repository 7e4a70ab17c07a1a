"""A thread is kept free while the others wait for the database, and only then."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from newsroom.lib import query_watch, room
from newsroom.lib.room import NO_ROOM, Room

THREADS = 8


@pytest.fixture
def taken() -> Iterator[tuple[Room, ExitStack]]:
    """All places of a process."""
    kept = Room(THREADS)
    with ExitStack() as places:
        for _ in range(THREADS - 1):
            assert places.enter_context(kept.place({"PATH_INFO": "/"}))
        yield kept, places


def waiting(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(query_watch, "count_longer_than", lambda seconds: count)


def test_nobody_is_let_in_while_most_wait_for_the_database(
    taken: tuple[Room, ExitStack], monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(monkeypatch, 4)
    environ: dict[str, Any] = {"PATH_INFO": "/admin/"}
    with taken[0].place(environ) as is_there:
        assert not is_there
    assert environ[NO_ROOM]


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_signs_of_life_need_no_place(taken: tuple[Room, ExitStack], monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    waiting(monkeypatch, THREADS)
    with taken[0].place({"PATH_INFO": path}) as is_there:
        assert is_there


def test_busy_threads_are_waited_for(taken: tuple[Room, ExitStack], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    def ends_soon(seconds: float) -> int:
        asked.append(seconds)
        if len(asked) == 3:
            taken[1].close()
        return 3

    monkeypatch.setattr(query_watch, "count_longer_than", ends_soon)
    monkeypatch.setattr(room, "LOOK_AGAIN", 0.001)
    with taken[0].place({"PATH_INFO": "/"}) as is_there:
        assert is_there
    assert len(asked) == 3


def test_place_is_given_back(taken: tuple[Room, ExitStack], monkeypatch: pytest.MonkeyPatch) -> None:
    waiting(monkeypatch, THREADS)
    taken[1].close()
    for _ in range(2 * THREADS):
        with taken[0].place({"PATH_INFO": "/"}) as is_there:
            assert is_there


def test_few_threads_are_all_used(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting(monkeypatch, 1)
    with ExitStack() as places:
        got = [places.enter_context(Room(1).place({"PATH_INFO": "/"}))]
        assert got == [True]


def test_statements_that_take_long_are_counted() -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(*_statement: Any) -> None:
        inside.set()
        go_on.wait(10)

    context = {"connection": type("Connection", (), {"alias": "default"})}
    thread = threading.Thread(target=query_watch.watched, args=(slow, "SELECT 1", None, False, context))
    thread.start()
    assert inside.wait(10)
    counted = [query_watch.count_longer_than(0), query_watch.count_longer_than(60)]
    go_on.set()
    thread.join()
    assert counted == [1, 0]
    assert query_watch.count_longer_than(0) == 0
