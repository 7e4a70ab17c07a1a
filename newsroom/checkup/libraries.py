"""Versions below which a fault is known that matters here (docs/decisions/0003)."""

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from newsroom.checkup.findings import Finding, fault, ok
from newsroom.lib.database_setup import SQLITE
from newsroom.sqlite_library import is_mended, version_in_use

LEAST = {
    "Django": "5.2.19",
    "Pillow": "12.3",
    "nh3": "0.3.8",
    "gunicorn": "27.0.1",
    "sqlparse": "0.5.4",
    "cryptography": "50.0.2",
}


def check_versions() -> Iterator[Finding]:
    old = [f"{name} {found}" for name, least in LEAST.items() if _is_older(found := _version_of(name), least)]
    if old:
        yield fault(
            "libraries.versions",
            _("Too old, with known holes: %(names)s."),
            _("Run pip install --require-hashes -r requirements.lock."),
            names=", ".join(old),
        )
    else:
        yield ok("libraries.versions", _("No library is older than it may be."))


def check_sqlite() -> Iterator[Finding]:
    """Asked of every site: tests, the importer and a second DATABASE_URL may use it on any."""
    name = ".".join(map(str, version_in_use()))
    if is_mended(version_in_use()):
        yield ok("libraries.sqlite", _("SQLite %(version)s is free of the WAL-reset bug."), version=name)
    elif settings.DATABASES["default"]["ENGINE"] == SQLITE:
        yield fault(
            "libraries.sqlite",
            _("SQLite %(version)s may lose what was saved (WAL-reset bug)."),
            _("Install pysqlite3 from requirements.lock, or SQLite 3.51.3 or newer."),
            version=name,
        )
    else:
        yield ok("libraries.sqlite", _("SQLite is not used."))


def _version_of(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "0"


def _is_older(found: str, least: str) -> bool:
    return _numbers(found) < _numbers(least)


def _numbers(text: str) -> tuple[int, ...]:
    """Of a release; what follows its numbers (rc1, +local) does not count."""
    match = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(map(int, match[0].split("."))) if match else (0,)
