"""What processes count, added up."""

import fcntl
import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from newsroom.lib import meters
from newsroom.lib.meters import Readings


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    settings.METERS_FOLDER = tmp_path / "meters"
    meters._own.begin()
    yield tmp_path / "meters"
    meters._own.begin()


def other_process(name: str, count: float) -> None:
    """A file as another process leaves it."""
    readings = Readings()
    readings.add(("asked", (("view", "home"),)), count)
    readings.time(("seconds", ()), 0.03)
    meters.folder().mkdir(parents=True, exist_ok=True)
    (meters.folder() / f"{name}.json").write_text(json.dumps(readings.as_json()))


def asked() -> float:
    return meters.all_readings().counts["asked", (("view", "home"),)]


def test_all_processes_are_added_up() -> None:
    other_process("web-1-a", 3)
    other_process("web-2-b", 4)
    meters.add("asked", view="home")
    meters.write()
    assert asked() == 8
    assert sum(meters.all_readings().times["seconds", ()][:-1]) == 2


def test_what_a_dead_process_had_counted_stays_counted(folder: Path) -> None:
    other_process("web-1-a", 3)
    old = time.time() - meters.ENDED - 1
    os.utime(folder / "web-1-a.json", (old, old))
    other_process("web-2-b", 4)
    meters.put_together()
    meters.put_together()
    assert asked() == 7
    assert sorted(path.name for path in folder.glob("*.json")) == ["past.json", "web-2-b.json"]


def test_a_process_that_was_taken_for_dead_is_not_counted_twice(folder: Path) -> None:
    meters.add("asked", 5, view="home")
    meters.write()
    (path,) = folder.glob("*.json")
    old = time.time() - meters.ENDED - 1
    os.utime(path, (old, old))
    meters.put_together()
    meters.add("asked", view="home")
    meters.write()
    assert asked() == 6


def fails(_path: Path) -> None:
    raise OSError


def dead_process(folder: Path, name: str, count: float) -> None:
    other_process(name, count)
    old = time.time() - meters.ENDED - 1
    os.utime(folder / f"{name}.json", (old, old))


def test_who_reads_while_files_are_put_together_counts_nothing_twice(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead_process(folder, "web-1-a", 3)
    seen: list[float] = []
    reader = threading.Thread(target=lambda: seen.append(asked()))
    replace = meters._replace

    def replace_and_look(path: Path, told: dict[str, Any]) -> None:
        replace(path, told)
        reader.start()
        reader.join(0.2)  # between the new file and the end of the old one

    monkeypatch.setattr(meters, "_replace", replace_and_look)
    meters.put_together()
    reader.join()
    assert seen == [3]


def test_who_dies_before_the_old_files_are_removed_leaves_nothing_counted_twice(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead_process(folder, "web-1-a", 3)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", fails)
        meters.put_together()
    assert (folder / "web-1-a.json").exists()
    assert asked() == 3
    dead_process(folder, "web-2-b", 4)
    meters.put_together()
    meters.put_together()
    assert asked() == 7
    assert [path.name for path in folder.glob("*.json")] == ["past.json"]


def test_while_files_are_put_together_nobody_waits_to_write(folder: Path) -> None:
    other_process("web-1-a", 3)
    meters.add("asked", view="home")
    with meters._locked(fcntl.LOCK_EX):
        meters.write()
    assert asked() == 3
    meters.write()
    assert asked() == 4


def test_a_broken_file_costs_only_itself(folder: Path) -> None:
    other_process("web-1-a", 3)
    (folder / "web-2-b.json").write_text('{"counts": [[')
    assert asked() == 3


def test_a_name_without_end_does_not_take_the_memory() -> None:
    for number in range(meters.MOST_SERIES + 50):
        meters.add("asked", view=str(number))
        meters.took("seconds", 0.1, view=str(number))
    assert len(meters.own().counts) == len(meters.own().times) == meters.MOST_SERIES


def test_a_full_disk_stops_nobody(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("")
    settings.METERS_FOLDER = tmp_path / "a-file"
    meters.add("asked", view="home")
    meters.write()
    assert meters.own().counts["asked", (("view", "home"),)] == 1


def test_the_difference_of_two_readings_is_what_came_between() -> None:
    former, now = Readings(), Readings()
    former.add(("asked", ()), 10)
    former.time(("seconds", ()), 0.5)
    now.take(former)
    now.add(("asked", ()), 2)
    now.time(("seconds", ()), 0.001)
    new = now.since(former)
    assert new.counts["asked", ()] == 2
    assert new.times["seconds", ()][0] == 1
    assert sum(new.times["seconds", ()][:-1]) == 1


def test_after_the_files_were_lost_counting_begins_anew() -> None:
    former, now = Readings(), Readings()
    former.add(("asked", ()), 10)
    now.add(("asked", ()), 2)
    assert now.since(former).counts["asked", ()] == 2


def test_a_child_counts_only_what_is_its_own() -> None:
    meters.add("asked", view="home")
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        meters.add("asked", 7, view="home")
        os.write(writer, str(int(meters.own().counts["asked", (("view", "home"),)])).encode())
        os._exit(0)
    os.waitpid(child, 0)
    told = os.read(reader, 20)
    os.close(reader)
    os.close(writer)
    assert told == b"7"
