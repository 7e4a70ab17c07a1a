"""`make run` on a machine where it cannot work: one sentence, a failure, nothing left behind."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

from tests.house.files import REPOSITORY


def make_run(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    environment |= {"DATA_DIR": str(tmp_path / "data")}
    command = [
        "make",
        "run",
        f"VENV={tmp_path / 'venv'}",
        *(f"{name}={value}" for name, value in variables.items()),
    ]
    return subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=60)


def python_that_says(tmp_path: Path, version: str) -> str:
    """A stand-in for an old Python: fails the question for its age and tells its version."""
    program = tmp_path / "python-old"
    program.write_text(f'#!/bin/sh\ncase "$2" in *platform*) echo "Python {version}";; *) exit 1;; esac\n')
    program.chmod(0o755)
    return str(program)


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What was said beside make's own closing line."""
    first, *rest = done.stderr.splitlines()
    assert done.stdout == ""
    assert [line for line in rest if not line.startswith("make: ***")] == []
    return first


def test_old_python_is_refused(tmp_path: Path) -> None:
    done = make_run(tmp_path, PYTHON=python_that_says(tmp_path, "3.9.2"))
    assert done.returncode != 0
    assert sentence(done) == f"Newsroom needs Python 3.11 or newer; {tmp_path}/python-old is Python 3.9.2"
    assert not (tmp_path / "venv").exists()


def test_absent_python_is_refused(tmp_path: Path) -> None:
    done = make_run(tmp_path, PYTHON="")
    assert done.returncode != 0
    assert sentence(done).startswith("Newsroom needs Python 3.11 or newer and found none")


def test_taken_port_is_refused_before_anything_slow(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        done = make_run(tmp_path, PORT=port)
    assert done.returncode != 0
    assert sentence(done).startswith(f"Port {port} is taken")
    assert [path.name for path in tmp_path.iterdir()] == []


@pytest.mark.parametrize("port", ["eighty", "70000"])
def test_nonsense_for_a_port_is_refused(tmp_path: Path, port: str) -> None:
    done = make_run(tmp_path, PORT=port)
    assert done.returncode != 0
    assert sentence(done) == f"PORT must be a number from 1 to 65535, not '{port}'."
