"""The texts of payloads.txt, by class: each tries to run pwned() or to reach evil.example."""

import re
from pathlib import Path

_FILE = Path(__file__).with_name("payloads.txt")
_ESCAPE = re.compile(r"\\(\\|n|r|t|x[0-9a-f]{2}|u[0-9a-f]{4})")
_PLAIN = {"\\": "\\", "n": "\n", "r": "\r", "t": "\t"}


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda sign: _PLAIN.get(sign[1]) or chr(int(sign[1][1:], 16)), text)


def _read() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in _FILE.read_text(encoding="utf-8").split("\n"):
        if line and not line.startswith("#"):
            name, _bar, text = line.partition(" | ")
            found.setdefault(name, []).append(_unescaped(text))
    return found


CLASSES = _read()
PAYLOADS = [payload for payloads in CLASSES.values() for payload in payloads]
