"""Programs that are started away from us: found again, told apart from strangers, ended to the last one."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.processes import Started, look_up, process, write_down
from deploy.services import Crew, Service
from deploy.trouble import Trouble

SLEEPER = "import time; print('begun', flush=True); time.sleep(60)"
# A parent whose child outlives it, as a new master of gunicorn does.
HEIR = "import os, time\nif os.fork() == 0:\n    time.sleep(60)\nopen('parent-done', 'w').close()\ntime.sleep(0.05)\n"


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[Crew]:
    crew = Crew(tmp_path)
    yield crew
    for note in crew.notes.glob("*"):
        crew.signal(note.name, signal.SIGKILL, whole=True)


def python(crew: Crew, code: str, ready: Callable[[], bool] | None = None, **more: float) -> Service:
    log = crew.log("one")
    return Service(
        name="one",
        command=(sys.executable, "-S", "-c", code),
        variables={"PATH": os.environ["PATH"]},
        is_ready=ready or (lambda: log.exists() and "begun" in log.read_text(encoding="utf-8")),
        folder=crew.folder,
        **more,
    )


def until(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + 10
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


def test_what_was_started_is_nobodys_child_and_is_found_again(crew: Crew) -> None:
    crew.start(python(crew, SLEEPER))
    (pid,) = crew.heads("one")
    found = process(pid)
    assert found
    assert found.parent != os.getpid()
    assert found.session == pid
    assert Crew(crew.folder).heads("one") == [pid]


def test_it_is_ended_and_forgotten(crew: Crew) -> None:
    service = python(crew, SLEEPER)
    crew.start(service)
    assert crew.stop(service)
    assert not crew.stop(service)
    assert crew.pids("one") == []
    assert list(crew.notes.iterdir()) == []


def test_what_does_not_listen_is_killed_when_its_time_is_over(crew: Crew) -> None:
    deaf = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"
    service = python(crew, deaf, seconds_to_end=0.1)
    crew.start(service)
    assert crew.stop(service)
    assert crew.pids("one") == []


def test_who_took_the_place_of_its_parent_is_ended_too(crew: Crew) -> None:
    service = python(crew, HEIR, ready=(crew.folder / "parent-done").exists)
    crew.start(service)
    started = crew.started("one")
    assert started
    assert until(lambda: crew.heads("one") not in ([], [started.pid]))
    crew.stop(service)
    assert crew.pids("one") == []


def test_number_that_was_given_to_another_process_is_left_alone(tmp_path: Path) -> None:
    own = process(os.getpid())
    assert own
    stranger = Started(own.pid, own.started + 1)
    assert stranger.family() == []


def test_note_that_is_no_note_is_none(tmp_path: Path) -> None:
    write_down(Started(1, 2), tmp_path / "run" / "one")
    assert look_up(tmp_path / "run" / "one") == Started(1, 2)
    (tmp_path / "run" / "one").write_text(json.dumps({"pid": 1}), encoding="utf-8")
    assert look_up(tmp_path / "run" / "one") is None
    assert look_up(tmp_path / "run" / "two") is None


def test_program_that_ends_at_once_is_named_with_its_last_words(crew: Crew) -> None:
    service = python(crew, "raise SystemExit('no such database')", ready=lambda: False)
    with pytest.raises(Trouble, match=r"one ended at once: see .*log/one\.log\n +no such database"):
        crew.start(service)


def test_program_that_cannot_be_started_is_named_in_its_log(crew: Crew) -> None:
    missing = Service(name="one", command=("/nowhere/to/be/found",), variables={}, is_ready=lambda: False)
    with pytest.raises(Trouble, match="/nowhere/to/be/found could not be started"):
        crew.start(missing)


def test_program_that_does_not_answer_in_time_is_named(crew: Crew) -> None:
    service = python(crew, SLEEPER)
    crew.start(service)
    silent = python(crew, SLEEPER, ready=lambda: False)
    with pytest.raises(Trouble, match="one does not answer after 0.1 s"):
        crew.wait_for(silent, seconds=0.1)


FORKS = "import os, time\ntime.sleep({pause})\nif os.fork() == 0:\n    time.sleep(60)\ntime.sleep(60)\n"


def test_one_that_forks_is_ready_when_it_has_a_child(crew: Crew) -> None:
    crew.start(python(crew, FORKS.format(pause=0.3), lambda: True, forks=True))
    assert len(crew.pids("one")) == 2


def test_one_that_ends_before_it_forks_is_no_success(crew: Crew) -> None:
    with pytest.raises(Trouble, match="no settings"):
        crew.start(
            python(crew, "import time; time.sleep(0.3); raise SystemExit('no settings')", lambda: True, forks=True)
        )
