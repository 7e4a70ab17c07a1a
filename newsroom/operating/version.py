"""The version of the code, as pyproject.toml has it: in the figures and in reports of errors."""

import tomllib
from pathlib import Path

_PROJECT = Path(__file__).resolve().parent.parent.parent / "pyproject.toml"


def _read() -> str:
    try:
        return str(tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"])
    except OSError:
        return "unknown"


VERSION = _read()
