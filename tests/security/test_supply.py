"""What we are made of: no library that is known to be unsafe, no secret in the repository, no query written by hand."""

import re

import pytest

from tests.house.files import found, our_python, tracked

# The first versions without the holes that were known in November 2026; `make audit` asks for those found since.
AT_LEAST = {
    "django": (5, 2, 19),
    "pillow": (12, 3),
    "nh3": (0, 3, 8),
    "gunicorn": (27, 0, 1),
    "sqlparse": (0, 5, 4),
    "urllib3": (2, 6, 3),
    "cryptography": (46, 0, 5),
    "requests": (2, 33),
    "certifi": (2024, 7, 4),
    "idna": (3, 7),
    "whitenoise": (6, 12),
}
MUST_BE_LOCKED = {"django", "pillow", "nh3", "gunicorn", "sqlparse"}
KEYS = (
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    r"\bAKIA[0-9A-Z]{16}\b",
    r"\b(ghp|gho|github_pat)_[A-Za-z0-9_]{30,}",
    r"\bxox[baprs]-[A-Za-z0-9-]{20,}",
    r"\bsk_live_[A-Za-z0-9]{20,}",
    r"\bSG\.[\w-]{20,}\.[\w-]{20,}",
    r"\bAIza[0-9A-Za-z_-]{35}\b",
    r"\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}",
    r"(?m)^(SECRET_KEY|[A-Z_]*PASSWORD|[A-Z_]*SECRET)=[^\s#$]{12,}",
)
# Keys made for one test, that open nothing.
MAY_HOLD_A_KEY = ("tests/",)


def locked() -> dict[str, tuple[int, ...]]:
    versions = {}
    for name, text in tracked().items():
        if name.endswith(".lock"):
            for package, version in re.findall(r"(?m)^([a-z0-9][a-z0-9._-]*)==(\d+(?:\.\d+)*)", text):
                versions[package] = tuple(map(int, version.split(".")))
    return versions


def test_no_library_is_older_than_its_last_known_hole() -> None:
    versions = locked()
    assert versions.keys() >= MUST_BE_LOCKED
    old = {name: versions[name] for name, least in AT_LEAST.items() if name in versions and versions[name] < least}
    assert old == {}


@pytest.mark.parametrize("pattern", KEYS)
def test_no_file_holds_a_key(pattern: str) -> None:
    kept = {name: text for name, text in tracked().items() if not name.startswith(MAY_HOLD_A_KEY)}
    assert [name for name, text in kept.items() if re.search(pattern, text)] == []


def test_environment_is_shown_by_its_example_alone() -> None:
    names = {name.rpartition("/")[2] for name in tracked()}
    assert {name for name in names if name.startswith(".env")} == {".env.example"}
    assert not [name for name in names if name.endswith((".pem", ".key", ".sqlite3", ".p12", ".dump"))]
    assert ".env" in tracked()[".gitignore"].splitlines()
    assert found(r"(?m)^(SECRET_KEY|DATABASE_URL|REDIS_URL|SENTRY_DSN)=.+", {"x": tracked()[".env.example"]}) == []


def test_no_query_is_made_of_what_a_request_says() -> None:
    """A dictionary of a reader would choose columns, connectors and lookups (CVE-2025-64459)."""
    asks = r"\.(filter|exclude|get|order_by|annotate|alias|update|values|create)"
    made = asks + r"\(\s*\*\*?\s*\w*\.?(request|GET|POST|data)\b"
    assert found(made, our_python()) == []


def test_sql_is_never_put_together_from_words_of_people() -> None:
    """Names of our own tables and columns are all that stands in it between its signs."""
    formatted = r"execute\(\s*(f\"[^\"]*\{(request|typed|query|text|data)\b|\"[^\"]*\"\s*%\s*\w)"
    assert found(formatted, our_python()) == []


def test_xml_is_read_by_nobody_who_follows_entities() -> None:
    reads = (
        r"(etree|minidom|sax|expat|pulldom|xmlrpc|lxml)\b.*\b(parse|fromstring|ParserCreate)|import (xml|lxml|xmlrpc)\b"
    )
    assert {line.split(":")[0] for line in found(reads, our_python())} <= {"images/papers_xmp.py"}


def test_programs_and_pickles_of_others_are_never_run() -> None:
    runs = r"\b(pickle|marshal|shelve)\.loads?\(|\byaml\.load\(|\beval\(|\bexec\(|shell=True|\bos\.system\("
    assert found(runs, our_python()) == []
