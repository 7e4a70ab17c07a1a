"""The clock that ticks with changes, also between processes."""

import os
import threading
from pathlib import Path

import pytest

from newsroom.lib.generations import EVERYTHING, SLOTS, Generations, slot_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made" / "generations"


def test_a_bump_moves_its_own_slot_and_no_other(path: Path) -> None:
    clock = Generations(path)
    before = clock.now()
    clock.bump([slot_of("section:3")])
    assert clock.newest([slot_of("section:3")]) == clock.now() == before + 1
    assert clock.newest([slot_of("section:4"), EVERYTHING]) == 0


def test_only_a_recall_is_a_recall(path: Path) -> None:
    clock, slots = Generations(path), [slot_of("articles.article:7")]
    clock.bump(slots)
    assert clock.newest_recall(slots) == 0
    clock.bump(slots, recall=True)
    assert clock.newest_recall(slots) == clock.newest(slots) == 2


def test_a_scope_has_one_slot_for_ever_and_none_of_the_reserved() -> None:
    # Of another Python too: pages would be out of step while machines are brought up to date.
    assert slot_of("stories") == 54905
    assert all(EVERYTHING < slot_of(f"articles.article:{key}") < SLOTS for key in range(10_000))


def test_another_process_sees_a_bump(path: Path) -> None:
    clock = Generations(path)
    child = os.fork()
    if child == 0:
        Generations(path).bump([slot_of("home")])
        os._exit(0)
    os.waitpid(child, 0)
    assert clock.newest([slot_of("home")]) == clock.now() == 1


def test_no_bump_of_many_at_once_is_lost(path: Path) -> None:
    """Each gets a number of its own: two that shared one would hide the second from a page made between them."""
    clocks = [Generations(path) for _number in range(4)]
    slots = [[slot_of(f"scope {number}")] for number in range(4)]

    def bump_often(number: int) -> None:
        for _time in range(200):
            clocks[number % 2].bump(slots[number])

    children = []
    for _number in range(2):
        child = os.fork()
        if child == 0:
            for _time in range(200):
                Generations(path).bump(slots[0])
            os._exit(0)
        children.append(child)
    threads = [threading.Thread(target=bump_often, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for child in children:
        os.waitpid(child, 0)
    assert clocks[0].now() == 4 * 200 + 2 * 200


def test_the_file_has_its_room_on_the_disk_from_the_beginning(path: Path) -> None:
    # Writing into a hole of a mapped file ends the process when the disk is full.
    path.parent.mkdir()
    path.write_bytes(b"")
    os.truncate(path, 2 * SLOTS * 8)
    Generations(path)
    assert path.stat().st_blocks * 512 >= path.stat().st_size == 2 * SLOTS * 8
