"""The programs around the site, and which package of Debian brings each."""

import os
import shutil
import sys
from pathlib import Path

from deploy.trouble import Trouble

DEBIAN = {"nginx": "nginx-light", "postgres": "postgresql", "redis-server": "redis-server"}
# In Debian nginx is on the path of administrators only.
PATH = os.environ.get("PATH", os.defpath) + ":/usr/sbin"


def server_binaries() -> Path | None:
    """The folder with initdb and postgres: the newest that Debian installed, else the one in PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    in_path = shutil.which("initdb")
    folders = [*reversed(debian), *([Path(in_path).resolve().parent] if in_path else [])]
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


def find(name: str) -> str | None:
    if name == "postgres":
        folder = server_binaries()
        return str(folder / name) if folder else None
    return shutil.which(name, path=PATH)


def missing() -> list[str]:
    return [name for name in sorted(DEBIAN) if not find(name)]


def refuse_missing() -> None:
    """Raises Trouble that names what is not installed, and the command that installs it."""
    if names := missing():
        listed = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
        packages = " ".join(DEBIAN[name] for name in names)
        be = "is" if len(names) == 1 else "are"
        raise Trouble(f"{listed} {be} not installed; on Debian: sudo apt install {packages}")


if __name__ == "__main__":
    sys.stdout.write(" ".join(missing()))
