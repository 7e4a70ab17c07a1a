"""The files of this repository, for rules about them."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent
APPS = ("newsroom", "newsletter", "articles", "pages", "images", "richtext", "accounts", "audit", "tasks")


@cache
def tracked() -> dict[str, str]:
    """Path below the repository to text, of every text file that git has or would take."""
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    listing = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    if listing.returncode:
        pytest.skip("not a git checkout: git would name the files that belong here")
    texts = {name: text_of(REPOSITORY / name) for name in listing.stdout.split("\0") if name}
    return {name: text for name, text in texts.items() if text is not None}


def text_of(path: Path) -> str | None:
    """None for what is not a text file (pictures, fonts) or was just deleted."""
    try:
        return path.read_text(encoding="utf-8") if path.is_file() else None
    except UnicodeDecodeError:
        return None


def our_python() -> dict[str, str]:
    """Python that runs in production: apps without migrations."""
    return {
        name: text
        for name, text in tracked().items()
        if name.endswith(".py") and name.split("/")[0] in APPS and "/migrations/" not in name
    }


def our_templates() -> dict[str, str]:
    return {name: text for name, text in tracked().items() if name.endswith(".html") and "templates/" in name}


def our_css() -> dict[str, str]:
    return {name: text for name, text in tracked().items() if name.endswith(".css") and "static/" in name}


def found(pattern: str, files: dict[str, str]) -> list[str]:
    """Each line that matches `pattern`, as `file:line: text`."""
    expression = re.compile(pattern)
    return [
        f"{name}:{number}: {line.strip()}"
        for name, text in files.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if expression.search(line)
    ]
