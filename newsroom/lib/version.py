"""The version of the code, as pyproject.toml has it: in backups, in the figures and in reports of errors."""

import tomllib
from pathlib import Path


def version_in(project: Path) -> str:
    """Or "unknown", without the file: nothing that merely names the version may fail for that."""
    try:
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
    except OSError:
        return "unknown"


VERSION = version_in(Path(__file__).resolve().parent.parent.parent / "pyproject.toml")
