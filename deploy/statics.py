"""Whether the static files that were collected are those of the code that lies here."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

# As the Makefile has it: folders whose files are collected, and what decides how.
FOLDERS = ("static", "*/static")
DECIDING = ("newsroom/settings.py", "newsroom/staticfiles.py", "requirements.lock")


def are_fresh(root: Path, collected: Path) -> bool:
    """`root` is the repository. Collecting takes half a minute, so only when something is newer than the manifest."""
    manifest = collected / "staticfiles.json"
    if not manifest.exists():
        return False
    written = manifest.stat().st_mtime
    return all(path.stat().st_mtime <= written for path in sources(root))


def sources(root: Path) -> Iterator[Path]:
    folders = chain.from_iterable(root.glob(pattern) for pattern in FOLDERS)
    yield from chain.from_iterable(folder.rglob("*") for folder in folders)
    yield from (root / name for name in DECIDING)
