"""What must be right on this machine before anything slow begins; each failure is one sentence.

Used by the Makefile before a virtual environment exists (standard library only) and by gunicorn.conf.py.
"""

import socket
import sys
from importlib.util import find_spec

HOST = "127.0.0.1"


def refuse_taken_port(port: str) -> None:
    """Raises SystemExit with a sentence when nothing can be served at 127.0.0.1:`port`."""
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        sys.exit(f"PORT must be a number from 1 to 65535, not {port!r}.")
    with socket.socket() as probe:
        # As gunicorn binds: without it a port that was just given up looks taken for a minute.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(port)))
        except PermissionError:
            sys.exit(f"Port {port} needs administrator rights; choose another: make run PORT=8001")
        except OSError:
            sys.exit(f"Port {port} is taken by another program; stop it or choose another: make run PORT=8001")


def refuse_missing_venv() -> None:
    """Raises SystemExit with a sentence when this Python cannot make virtual environments.

    Debian ships `venv` without `ensurepip`, which it needs, until python3-venv is installed.
    """
    if not all(find_spec(module) for module in ("venv", "ensurepip")):
        sys.exit("This Python cannot make virtual environments; on Debian: sudo apt install python3-venv")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["port", port]:
            refuse_taken_port(port)
        case ["venv"]:
            refuse_missing_venv()
        case _:
            sys.exit("usage: python -m newsroom.preflight port PORT | venv")
