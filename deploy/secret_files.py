"""Secrets, each in a file of its own that only its owner may read; made once and then kept."""

import os
import secrets
from pathlib import Path

LETTERS = 32  # bytes of chance in each


def write_secret(path: Path, text: str) -> str:
    """Nobody else may read it at any moment. What is there is replaced at once or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.rename(path)
    return text


def secret(path: Path) -> str:
    """What is in it; the first time something random, of letters that no URL or file reads otherwise."""
    if path.exists():
        return path.read_text(encoding="utf-8").strip()
    return write_secret(path, secrets.token_urlsafe(LETTERS * 2))
