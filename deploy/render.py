"""Fill in a template of deploy/ as envsubst does, where there is none: `python -m deploy.render TEMPLATE TARGET`."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

# Ours are in capitals, nginx's own variables are not.
_NAME = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


def render(template: Path, target: Path, values: Mapping[str, str]) -> None:
    """Write `template` with its ${NAMES} filled in; only the owner may read it. Raises KeyError for a missing one."""
    text = _NAME.sub(lambda found: values[found[1]], template.read_text(encoding="utf-8"))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    try:
        source, place = map(Path, sys.argv[1:])
    except ValueError:
        sys.exit("usage: python -m deploy.render TEMPLATE TARGET")
    try:
        render(source, place, os.environ)
    except KeyError as missing:
        sys.exit(f"{source} needs {missing.args[0]}.")
