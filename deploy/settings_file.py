"""What an operator has set for good: `FOLDER/settings.env`, a line NAME=VALUE for each variable of .env.example."""

import re
from pathlib import Path

from deploy.trouble import Trouble

LINE = re.compile(r"([A-Z][A-Z0-9_]*)=(.*)")


def read_settings(path: Path) -> dict[str, str]:
    """Nothing when there is no such file; lines that begin with # say nothing. Raises Trouble for any other line."""
    if not path.exists():
        return {}
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line or line.startswith("#"):
            continue
        parts = LINE.fullmatch(line)
        if not parts:
            raise Trouble(f"{path}, line {number}: write NAME=VALUE, without spaces before the sign.")
        found[parts[1]] = parts[2].strip()
    return found
