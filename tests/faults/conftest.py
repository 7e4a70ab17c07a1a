"""The product as it is run in production, and what happens to it: `make faults`.

Each test injects one fault into a house that stands, says what was expected and what was measured (`note`), puts
things back, and the fixture that gave it the house looks whether that is well again.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.cluster import Cluster
from deploy.ports import HOST, free_ports
from deploy.stack import Stack
from tests.faults.house import House, house_of
from tests.faults.table import table
from tests.site.serving import environment, manage
from tests.stack.needed import pytest_collection_modifyitems, pytest_runtest_makereport  # noqa: F401 - hooks


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if table.rows:
        terminalreporter.section("faults")
        for line in table.lines():
            terminalreporter.write_line(line)


@pytest.fixture
def note() -> Any:
    """`note("R1", "what broke", expected="...", measured="...")`: a row of the table at the end of the run."""
    return table.note


@pytest.fixture(scope="package")
def smtp_port() -> int:
    """Where the houses send their mail. Nobody listens there, unless a test does."""
    return free_ports(["smtp"])["smtp"]


@pytest.fixture(scope="package")
def given(smtp_port: int) -> Iterator[dict[str, str]]:
    """The environment that a house is brought up in. Static files without the editor's thousand, as in tests/stack."""
    with tempfile.TemporaryDirectory(prefix="newsroom-faults-") as folder:
        variables = environment(Path(folder), 1)
        manage(variables, "collectstatic", "--no-input", "--verbosity=0", "--ignore=ckeditor")
        yield dict(os.environ) | {
            "STATIC_ROOT": variables["STATIC_ROOT"],
            "LOG_LEVEL": "WARNING",
            "EMAIL_URL": f"smtp://{HOST}:{smtp_port}",
        }


@pytest.fixture(scope="package")
def standing_stack(given: dict[str, str]) -> Iterator[House]:
    with house_of(Stack, given) as house:
        yield house


@pytest.fixture(scope="package")
def standing_cluster(given: dict[str, str]) -> Iterator[House]:
    with house_of(Cluster, given) as house:
        yield house


def lent(house: House) -> Iterator[House]:
    house.recover()
    yield house
    house.mend()
    house.recover()


@pytest.fixture
def stack(standing_stack: House) -> Iterator[House]:
    """One machine. Well before the test, and looked at after it."""
    yield from lent(standing_stack)


@pytest.fixture
def cluster(standing_cluster: House) -> Iterator[House]:
    """Two machines and a replica, the same."""
    yield from lent(standing_cluster)
