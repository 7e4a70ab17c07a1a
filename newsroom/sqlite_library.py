"""Which SQLite is used: of 3.7.0 to 3.51.2 with WAL two connections may lose a commit or the whole file.

The fault is called "WAL-reset"; it is mended in 3.51.3, and in 3.50.7 and 3.44.6 for older lines. Debian 12 and 13 have
it, so the package pysqlite3, which brings a library of its own, takes the place of Python's module there. This must
happen before anything of Django is loaded: newsroom/__init__.py asks for it.
"""

import sqlite3
import sys
from importlib import import_module

Version = tuple[int, ...]

MENDED: Version = (3, 51, 3)
_MENDED_IN_OLDER_LINES: tuple[Version, ...] = ((3, 50, 7), (3, 44, 6))


def is_mended(version: Version) -> bool:
    """Whether a library of this version is free of the fault."""
    return version >= MENDED or any(version[:2] == line[:2] and version >= line for line in _MENDED_IN_OLDER_LINES)


def take_mended_library() -> None:
    """Have `import sqlite3` mean a library without the fault from here on, where there is one to be had.

    Without the package everything stays as it is; the settings refuse to serve other people so.
    """
    if is_mended(sqlite3.sqlite_version_info):
        return
    try:
        packaged = import_module("pysqlite3")
        interface = import_module("pysqlite3.dbapi2")
    except ImportError:
        return
    if is_mended(interface.sqlite_version_info):
        sys.modules["sqlite3"], sys.modules["sqlite3.dbapi2"] = packaged, interface


def version_in_use() -> Version:
    """That of the module which Django gets."""
    found: Version = sys.modules["sqlite3"].sqlite_version_info
    return found
