"""`make audit` says that all is well only when somebody looked at everything."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.auditing import Run, faults_of_lock, faults_of_npm


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.lock"
    path.write_text("django==5.2.19 \\\n    --hash=sha256:0\nPillow==13.0\n", encoding="utf-8")
    return path


def answering(status: int, said: str, complaint: str = "") -> Run:
    def ask(command: Sequence[str]) -> tuple[int, str, str]:
        return status, said, complaint

    return ask


def about(*packages: dict[str, object]) -> str:
    return json.dumps({"dependencies": packages})


DJANGO: dict[str, object] = {"name": "django", "version": "5.2.19", "vulns": []}
PILLOW: dict[str, object] = {"name": "pillow", "version": "13.0", "vulns": []}


def test_lock_without_holes_passes(lock: Path) -> None:
    assert faults_of_lock(lock, answering(0, about(DJANGO, PILLOW))) == []


def test_hole_is_named(lock: Path) -> None:
    broken = PILLOW | {"vulns": [{"id": "CVE-2023-4863"}]}
    assert faults_of_lock(lock, answering(1, about(DJANGO, broken))) == [
        "requirements.lock: pillow 13.0: CVE-2023-4863"
    ]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (0, ""),
        (0, "No known vulnerabilities found"),
        (1, ""),
        (0, "{}"),
        (0, about()),
        (0, about(DJANGO)),
        (0, about(DJANGO, {"name": "pillow", "skip_reason": "not found"})),
        (1, about(DJANGO, PILLOW)),
    ],
)
def test_whoever_could_not_look_says_so_and_fails(lock: Path, status: int, said: str) -> None:
    faults = faults_of_lock(lock, answering(status, said, "Traceback\nno route to host\n"))
    assert faults
    assert all("could not look" in fault for fault in faults)


def counted(holes: int, packages: int) -> str:
    return json.dumps({"metadata": {"vulnerabilities": {"total": holes}, "dependencies": {"total": packages}}})


@pytest.mark.parametrize(
    ("status", "said", "fault"),
    [
        (0, counted(0, 700), None),
        (1, counted(2, 700), "2 packages with holes"),
        (0, counted(0, 0), "could not look at any"),
        (0, "", "could not look"),
        (1, '{"error": {"code": "ENOAUDIT"}}', "could not look"),
    ],
)
def test_tools_of_npm_are_asked_about_too(status: int, said: str, fault: str | None) -> None:
    faults = faults_of_npm(["npm"], answering(status, said))
    assert faults == [] if fault is None else fault in faults[0]
