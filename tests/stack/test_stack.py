"""One machine: a story from the desk to its readers, a new version under way, and the end of every process."""

import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from deploy.ports import is_free
from deploy.processes import process
from deploy.stack import Stack
from tests.proxy.served import Desk
from tests.site.serving import ROOT
from tests.stack.conftest import desk_of
from tests.stack.readers import readers_of

# Before a new version and after it; meanwhile as many as come.
MANY = 200


@pytest.fixture(scope="module")
def desk(stack: Stack) -> Iterator[Desk]:
    yield from desk_of(stack)


def get(stack: Stack, path: str) -> tuple[int, str]:
    connection = HTTPConnection(urlsplit(stack.url).netloc, timeout=30)
    connection.request("GET", path)
    response = connection.getresponse()
    answer = response.status, response.read().decode()
    connection.close()
    return answer


def typed(stack: Stack, verb: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deploy.stack", verb, str(stack.folder)]
    return subprocess.run(command, cwd=ROOT, env=stack.given, capture_output=True, text=True)


def test_story_of_the_desk_is_read_through_the_proxy(stack: Stack, desk: Desk) -> None:
    number = int(stack.database().ask("SELECT min(id) FROM articles_article"))
    story = desk.do("write_another", pk=number, headline="افتتاح مكتبة الحي بعد توسعتها")
    status, page = get(stack, story["path"])
    assert status == 200
    assert "افتتاح مكتبة الحي بعد توسعتها" in page


def test_worker_has_said_that_it_is_alive(stack: Stack) -> None:
    names = stack.database().ask("SELECT process_id FROM tasks_worker").split()
    assert set(map(int, names)) <= set(stack.crew.pids("worker"))
    assert names
    checked = subprocess.run(
        [sys.executable, "-m", "deploy.worker_pulse"], cwd=ROOT, env=stack.site().variables, check=False
    )
    assert checked.returncode == 0


def test_second_up_starts_nothing(stack: Stack) -> None:
    before = {name: stack.crew.pids(name)[0] for name in ("postgresql", "redis", "web", "worker", "proxy")}
    again = typed(stack, "up")
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout.startswith("Everything runs already.")
    assert {name: stack.crew.pids(name)[0] for name in before} == before


def test_database_is_as_the_configuration_says(stack: Stack) -> None:
    show = {
        name: stack.database().ask(f"SHOW {name}") for name in ("data_checksums", "wal_level", "jit", "archive_mode")
    }
    assert show == {"data_checksums": "on", "wal_level": "replica", "jit": "off", "archive_mode": "on"}
    rights = stack.database().ask(
        "SELECT rolsuper, rolcreatedb, rolreplication FROM pg_roles WHERE rolname = 'newsroom'"
    )
    assert rights == "f|t|f"


def test_only_this_machine_is_answered(stack: Stack) -> None:
    listening = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    ours = {f"{port:04X}" for port in stack.ports.values()}
    places = {line.split()[1] for line in listening if line.split()[3] == "0A"}
    assert {place.partition(":")[0] for place in places if place.partition(":")[2] in ours} == {"0100007F"}


def test_new_version_takes_over_without_a_lost_request(stack: Stack, desk: Desk) -> None:
    (old,) = stack.crew.heads("web")
    with readers_of(stack.url) as readers:
        readers.wait_for_answers(MANY)
        stack.upgrade()
        readers.wait_for_answers(MANY)
    assert readers.failures == []
    (new,) = stack.crew.heads("web")
    assert new != old


def test_version_that_does_not_start_leaves_the_old_one(stack: Stack) -> None:
    (old,) = stack.crew.heads("web")
    key = stack.secrets / "secret_key"
    good = key.read_text(encoding="utf-8")
    key.write_text("short", encoding="utf-8")
    try:
        refused = typed(stack, "upgrade")
    finally:
        key.write_text(good, encoding="utf-8")
    assert refused.returncode == 1
    assert stack.crew.heads("web") == [old]
    assert get(stack, "/livez")[0] == 200


def test_nothing_is_left_when_it_is_ended(stack: Stack, desk: Desk) -> None:
    desk.close()
    pids = [pid for service in stack.services() for pid in stack.crew.pids(service.name)]
    ended = typed(stack, "down")
    assert ended.stdout == "Ended: proxy, worker, web, redis, postgresql.\n"
    assert [pid for pid in pids if process(pid)] == []  # whoever ended is gone, even if nobody has looked yet
    assert all(is_free(port) for port in stack.ports.values())
    assert set(stack.status().values()) == {"down"}
    assert typed(stack, "down").stdout == "Nothing was running.\n"
