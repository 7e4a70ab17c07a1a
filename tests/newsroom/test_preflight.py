import socket
from collections.abc import Iterator

import pytest

from newsroom.preflight import HOST, refuse_missing_venv, refuse_taken_port


@pytest.fixture
def taken_port() -> Iterator[str]:
    with socket.create_server((HOST, 0)) as server:
        yield str(server.getsockname()[1])


def test_taken_port_is_refused_in_one_sentence(taken_port: str) -> None:
    with pytest.raises(SystemExit) as refusal:
        refuse_taken_port(taken_port)
    assert refusal.value.code == (
        f"Port {taken_port} is taken by another program; stop it or choose another: make run PORT=8001"
    )


def test_free_port_is_accepted(taken_port: str) -> None:
    with socket.create_server((HOST, 0)) as server:
        free = str(server.getsockname()[1])
    refuse_taken_port(free)
    assert free != taken_port


@pytest.mark.parametrize("port", ["", "0", "65536", "80a", "-1", "٨٠٠٠"])
def test_what_is_no_port_is_refused(port: str) -> None:
    with pytest.raises(SystemExit, match="PORT must be a number from 1 to 65535"):
        refuse_taken_port(port)


def test_python_without_ensurepip_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsroom.preflight.find_spec", lambda module: None)
    with pytest.raises(SystemExit, match="sudo apt install python3-venv"):
        refuse_missing_venv()
