"""What machines tell each other through the database: PostgreSQL, which is what several machines share."""

import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.utils import timezone
from pytest_django import Settings

from newsroom.lib import generations
from newsroom.lib.generations import ALL, bump, bump_everything
from pages import neighbours
from pages.models import ChangeNotice
from pages.neighbours import KEPT, MOST_SCOPES, Neighbours, prune

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite is one machine's: there is nobody to tell"
)
pytestmark = pytest.mark.django_db

Bumps = list[tuple[frozenset[str], bool]]


@pytest.fixture
def bumps(monkeypatch: pytest.MonkeyPatch) -> Bumps:
    """What a machine took from others."""
    seen: Bumps = []
    monkeypatch.setattr(
        neighbours, "bump_here", lambda scopes, *, recall=False: seen.append((frozenset(scopes), recall))
    )
    return seen


@pytest.fixture
def pair(tmp_path: Path, bumps: Bumps) -> tuple[Neighbours, Neighbours]:
    """Two machines that have looked before."""
    first, second = Neighbours(tmp_path / "first"), Neighbours(tmp_path / "second")
    first.catch_up()
    second.catch_up()
    bumps.clear()
    return first, second


@on_postgresql
def test_the_other_takes_a_change_once_and_nobody_his_own(pair: tuple[Neighbours, Neighbours], bumps: Bumps) -> None:
    first, second = pair
    first.tell(["stories", "articles.tag:3"], is_recall=False)
    for machine in (first, second, second, first):
        machine.catch_up()
    assert bumps == [({"stories", "articles.tag:3"}, False)]


@on_postgresql
def test_what_was_recalled_is_recalled_on_the_other(pair: tuple[Neighbours, Neighbours], bumps: Bumps) -> None:
    first, second = pair
    first.tell(["articles.article:5"], is_recall=True)
    first.tell(["stories"], is_recall=False)
    second.catch_up()
    assert bumps == [({"stories"}, False), ({"articles.article:5"}, True)]


@on_postgresql
def test_processes_of_one_machine_take_it_once_together(tmp_path: Path, bumps: Bumps) -> None:
    other, first, second = (Neighbours(tmp_path / name) for name in ("other", "same", "same"))
    assert first.origin == second.origin != other.origin
    first.catch_up()
    bumps.clear()
    other.tell(["stories"], is_recall=False)
    second.catch_up()
    first.catch_up()
    assert bumps == [({"stories"}, False)]


@pytest.mark.django_db(transaction=True)
@on_postgresql
def test_a_transaction_that_ends_after_a_later_one_is_not_missed(
    pair: tuple[Neighbours, Neighbours], bumps: Bumps
) -> None:
    first, second = pair
    sql = (
        "INSERT INTO pages_changenotice (at, origin, transaction, scopes, is_recall) "
        "VALUES (now(), 0, txid_current(), '[\"slow\"]', false)"
    )
    slow: Any = connection.copy()
    slow.set_autocommit(False)
    try:
        with slow.cursor() as cursor:
            cursor.execute(sql)
        first.tell(["quick"], is_recall=False)
        second.catch_up()
        second.catch_up()
        assert bumps == [({"quick"}, False)]
        slow.commit()
    finally:
        slow.close()
    second.catch_up()
    second.catch_up()
    assert bumps[1:] == [({"slow"}, False)]


@on_postgresql
def test_who_was_away_for_longer_than_notices_are_kept_takes_everything_for_changed(
    tmp_path: Path, pair: tuple[Neighbours, Neighbours], bumps: Bumps
) -> None:
    path = tmp_path / "second"
    seen = json.loads(path.read_text())
    path.write_text(json.dumps(seen | {"looked_at": seen["looked_at"] - KEPT}))
    pair[1].catch_up()
    assert bumps == [({ALL}, True)]


@on_postgresql
@pytest.mark.parametrize("content", ["", "{", "[]", '{"origin": 5, "more": 1}'])
def test_a_file_that_is_half_written_costs_the_pages_and_nothing_else(
    tmp_path: Path, bumps: Bumps, content: str
) -> None:
    (tmp_path / "odd").write_text(content)
    Neighbours(tmp_path / "odd").catch_up()
    assert bumps == [({ALL}, False)]


@on_postgresql
def test_a_database_that_was_restored_is_another(
    tmp_path: Path, pair: tuple[Neighbours, Neighbours], bumps: Bumps
) -> None:
    """Its transactions have smaller numbers than those that were seen."""
    path = tmp_path / "second"
    seen = json.loads(path.read_text())
    path.write_text(json.dumps(seen | {"below": seen["below"] + 1_000_000}))
    pair[1].catch_up()
    assert bumps == [({ALL}, True)]


@on_postgresql
def test_who_waited_for_a_look_that_began_later_need_not_look(
    pair: tuple[Neighbours, Neighbours], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    real = neighbours._asked

    def slow(below: int) -> list[tuple[Any, ...]]:
        asked.append(below)
        return real(below)

    monkeypatch.setattr(neighbours, "_asked", slow)
    moments = iter([1.0, 2.0, 2.0, 1.5, 3.0])
    monkeypatch.setattr(neighbours.time, "monotonic", lambda: next(moments))
    pair[1].catch_up()
    pair[1].catch_up()
    assert len(asked) == 1


@on_postgresql
def test_too_many_names_are_everything(pair: tuple[Neighbours, Neighbours], bumps: Bumps) -> None:
    pair[0].tell([f"articles.article:{number}" for number in range(MOST_SCOPES + 1)], is_recall=False)
    pair[1].catch_up()
    assert bumps == [({ALL}, False)]


# Who is told, and by what


@pytest.fixture
def telling(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TELLS_MACHINES = True
    own = Neighbours(tmp_path / "own")
    monkeypatch.setattr(neighbours, "neighbours", lambda: own)
    monkeypatch.setattr(generations, "tellers", [])
    neighbours.listen()


@on_postgresql
@pytest.mark.usefixtures("telling")
def test_each_bump_is_told_but_those_of_the_clock() -> None:
    bump("stories", recall=True)
    bump_everything()
    bump("front", is_local=True)
    bump_everything(is_local=True)
    assert list(ChangeNotice.objects.values_list("scopes", "is_recall")) == [(["stories"], True), ([ALL], False)]


@pytest.mark.usefixtures("telling")
def test_a_database_that_does_not_answer_breaks_no_deed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_arguments: object, **_more: object) -> None:
        raise OperationalError

    monkeypatch.setattr(Neighbours, "tell", fails)
    monkeypatch.setattr(Neighbours, "catch_up", fails)
    monkeypatch.setattr(type(connections["default"]), "close", lambda _connection: None)
    bump("stories")
    assert "Other machines could not be told" in caplog.text
    assert neighbours.catch_up() is False


def test_a_machine_alone_tells_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generations, "tellers", [])
    neighbours.listen()
    neighbours.watch.begin()
    assert generations.tellers == []
    assert neighbours.catch_up() is True
    assert "watches neighbours" not in {thread.name for thread in threading.enumerate()}


def test_notices_go_when_everybody_has_seen_them() -> None:
    for seconds in (0, KEPT + 5):
        notice = ChangeNotice.objects.create(origin=1, transaction=1, scopes=[str(seconds)])
        ChangeNotice.objects.filter(pk=notice.pk).update(at=timezone.now() - timedelta(seconds=seconds))
    assert prune() == 1
    assert [str(notice) for notice in ChangeNotice.objects.all()] == ["0"]
