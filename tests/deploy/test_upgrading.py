"""Who takes over from a master of gunicorn, and what is said when nobody does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy import upgrading
from deploy.services import Crew, Service
from deploy.trouble import Trouble

OLD, WORKER, NEW = 10, 11, 12
WEB = Service(name="web", command=("gunicorn",), variables={}, is_ready=lambda: True)


def family(monkeypatch: pytest.MonkeyPatch, *moments: dict[int, set[int]]) -> None:
    """Children by parent, at one look after the other; the last stays so."""
    looks: Iterator[dict[int, set[int]]] = iter(moments)
    now: list[dict[int, set[int]]] = [{}]

    def children_of(pid: int) -> set[int]:
        if pid == OLD:
            now[0] = next(looks, now[0])
        return now[0].get(pid, set())

    monkeypatch.setattr(upgrading, "children_of", children_of)
    monkeypatch.setattr(upgrading, "LOOK_AGAIN", 0)


def test_successor_is_the_new_child_that_has_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    family(monkeypatch, {OLD: {WORKER}}, {OLD: {WORKER, NEW}}, {OLD: {WORKER, NEW}, NEW: {13}})
    assert upgrading.successor(WEB, OLD, {WORKER}) == NEW


def test_new_version_that_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    family(monkeypatch, {OLD: {WORKER, NEW}}, {OLD: {WORKER}})
    with pytest.raises(Trouble, match="The new web did not start; the old one goes on"):
        upgrading.successor(WEB, OLD, {WORKER})


def test_what_does_not_run_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="web does not run, or is being replaced already"):
        upgrading.replace(Crew(tmp_path), WEB)
