"""Those of this release, and three more."""

from pathlib import Path

from articles import migrations

__path__.append(migrations.__path__[0])
LAST = max(path.stem for path in Path(migrations.__path__[0]).glob("[0-9]*.py"))
