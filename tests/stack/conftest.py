"""The product as it is run in production, on one machine and as on two, from the programs of Debian."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.cluster import Cluster
from deploy.installation import Installation
from deploy.ports import free_ports
from deploy.stack import Stack
from tests.proxy.served import Desk
from tests.site.serving import environment, manage
from tests.stack.needed import pytest_collection_modifyitems, pytest_runtest_makereport  # noqa: F401 - hooks


@pytest.fixture(scope="package")
def folder() -> Iterator[Path]:
    """One that the user of PostgreSQL may enter, which those of pytest are not."""
    folder = Path(tempfile.mkdtemp(prefix="newsroom-stack-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="package")
def given(folder: Path) -> dict[str, str]:
    """Collected without the editor's thousand files, which take most of the time."""
    variables = environment(folder, 1)
    manage(variables, "collectstatic", "--no-input", "--verbosity=0", "--ignore=ckeditor")
    return dict(os.environ) | {"STATIC_ROOT": variables["STATIC_ROOT"], "LOG_LEVEL": "WARNING"}


def brought_up(there: Installation) -> Iterator[Installation]:
    try:
        there.up(with_sample=False)
        yield there
    finally:
        there.down()


def own_name(request: pytest.FixtureRequest) -> str:
    """Of a folder that no other module uses: each begins with an empty database."""
    return str(request.module.__name__).rpartition(".")[2]


@pytest.fixture(scope="module")
def stack(request: pytest.FixtureRequest, folder: Path, given: dict[str, str]) -> Iterator[Installation]:
    yield from brought_up(Stack(folder / own_name(request), free_ports(Stack.PORTS), given))


@pytest.fixture(scope="module")
def cluster(request: pytest.FixtureRequest, folder: Path, given: dict[str, str]) -> Iterator[Installation]:
    yield from brought_up(Cluster(folder / own_name(request), free_ports(Cluster.PORTS), given))


def desk_of(there: Installation) -> Iterator[Desk]:
    """In the environment of the first machine, with a small newspaper in its database."""
    desk = Desk(there.site().variables)
    desk.do("prepare")
    yield desk
    desk.close()
