"""What tests/stack and tests/faults do where a program is not installed: hooks for the conftest of both."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from deploy import programs

FOLDERS = tuple(Path(__file__).parents[1] / name for name in ("stack", "faults"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make test-stack` and `make faults` say the same before it comes to this."""
    if missing := programs.missing():
        for item in items:
            if any(item.path.is_relative_to(folder) for folder in FOLDERS):
                item.add_marker(pytest.mark.skip(reason=f"not installed: {', '.join(missing)}"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where everything must be tried, what was left out has failed."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was left out: {report.longrepr}"
    return report
