"""Two web machines on one database, of which they read a replica."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.machines.machines import Machine, environment_of
from tests.machines.servers import Replica, primary_and_replica, redis_server
from tests.postgres import server_binaries

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make test-machines` says the same before it comes to this."""
    missing = [name for name, there in (("PostgreSQL", server_binaries()), ("Redis", shutil.which("redis-server")))
               if not there]  # fmt: skip
    if missing and os.environ.get("CI") != "true":
        for item in items:
            if item.path.is_relative_to(HERE):
                item.add_marker(pytest.mark.skip(reason=f"{' and '.join(missing)} is not installed"))


@pytest.fixture(scope="package")
def databases() -> Iterator[tuple[str, Replica, list[tuple[int, str]]]]:
    """The primary's address, the replica, and the stories of the newspaper in them."""
    with ExitStack() as stack:
        url, replica = stack.enter_context(primary_and_replica())
        folder = Path(stack.enter_context(_folder()))
        with closing(Machine(environment_of(folder, url) | {"PAGE_CACHE": "off"})) as machine:
            stories = [(key, path) for key, path in machine.do("prepare")["stories"]]
        yield url, replica, stories


def _folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="newsroom-machines-")


@pytest.fixture
def stories(databases: tuple[str, Replica, list[tuple[int, str]]]) -> list[tuple[int, str]]:
    """Each test takes some of its own out of the list."""
    return databases[2]


@pytest.fixture
def replica(databases: tuple[str, Replica, list[tuple[int, str]]]) -> Iterator[Replica]:
    yield databases[1]
    databases[1].start_again()


@pytest.fixture
def pair(databases: tuple[str, Replica, list[tuple[int, str]]], tmp_path: Path) -> Iterator[tuple[Machine, Machine]]:
    """Without a replica and without Redis."""
    with ExitStack() as stack:
        both = [Machine(environment_of(tmp_path / name, databases[0])) for name in ("first", "second")]
        first, second = [stack.enter_context(closing(machine)) for machine in both]
        yield first.begin(), second.begin()


@pytest.fixture
def reading_pair(
    databases: tuple[str, Replica, list[tuple[int, str]]], tmp_path: Path
) -> Iterator[tuple[Machine, Machine]]:
    """Both read the replica."""
    more = {"REPLICA_URLS": databases[1].url}
    with ExitStack() as stack:
        both = [Machine(environment_of(tmp_path / name, databases[0]) | more) for name in ("first", "second")]
        first, second = [stack.enter_context(closing(machine)) for machine in both]
        yield first.begin(), second.begin()


@pytest.fixture
def ringing_pair(
    databases: tuple[str, Replica, list[tuple[int, str]]], tmp_path: Path
) -> Iterator[tuple[Machine, Machine]]:
    """With Redis between them."""
    with ExitStack() as stack:
        url, _process = stack.enter_context(redis_server())
        more = {"REDIS_URL": url}
        both = [Machine(environment_of(tmp_path / name, databases[0]) | more) for name in ("first", "second")]
        first, second = [stack.enter_context(closing(machine)) for machine in both]
        yield first.begin(), second.begin()
