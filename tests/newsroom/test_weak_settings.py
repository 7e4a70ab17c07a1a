"""What the site refuses to start with where others can reach it (checklist L5)."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from newsroom import sqlite_library
from newsroom.lib import weak_settings
from newsroom.lib.database_setup import POSTGRESQL, SQLITE, Limits, Manner, read_database_url
from newsroom.sqlite_library import is_mended
from tests.newsroom.test_settings import DEVELOPMENT_KEY, KEY, start

PUBLIC = {"SITE_URL": "https://news.example", "SECRET_KEY": KEY}
GOOD_DATABASE = "postgres://desk:a-word-of-its-own@db/site"
MANNER = Manner(Limits(5, 3, 15))


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"SECRET_KEY": "k" * 60}, "Set SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-" + KEY}, "Set SECRET_KEY"),
        ({"ALLOWED_HOSTS": "news.example, *.example"}, "ALLOWED_HOSTS must name the hosts"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the hosts"),
        ({"DATABASE_URL": "postgres://newsroom:newsroom@db/newsroom"}, "a password that everybody tries first"),
        ({"DATABASE_URL": "postgres://postgres:postgres@db/site"}, "a password that everybody tries first"),
        ({"DATABASE_URL": "postgres://desk:Password@127.0.0.1/site"}, "a password that everybody tries first"),
        ({"DATABASE_URL": "postgres://desk@db.example/site"}, "DATABASE_URL has no password"),
        ({"SECRET_KEY_FALLBACKS": f"{KEY}-old, {DEVELOPMENT_KEY}"}, "Set SECRET_KEY_FALLBACKS"),
        ({"SECRET_KEY_FALLBACKS": "short"}, "Set SECRET_KEY_FALLBACKS"),
        (
            {"DATABASE_URL": GOOD_DATABASE, "REPLICA_URLS": f"{GOOD_DATABASE} postgres://postgres:postgres@r2/site"},
            "REPLICA_URLS has a password that everybody tries first",
        ),
        ({"DATABASE_URL": GOOD_DATABASE, "REPLICA_URLS": "postgres://desk@r1/site"}, "REPLICA_URLS has no password"),
        ({"DATABASE_URL": "mysql://desk:x@db.example/site"}, "DATABASE_URL must name PostgreSQL"),
        ({"DATABASE_URL": "what://desk:hush-hush@db/site"}, "DATABASE_URL must look like"),
    ],
)
def test_production_does_not_start_with(variables: dict[str, str], sentence: str) -> None:
    done = start(**PUBLIC | variables)
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "hush" not in done.stderr.splitlines()[-1]


OTHERS_COME_BY = [
    ({"ALLOWED_HOSTS": "127.0.0.1, news.example.org"}, "ALLOWED_HOSTS names news.example.org"),
    ({"BIND": "0.0.0.0:8000"}, "BIND is 0.0.0.0:8000"),
    ({"BIND": ":8000"}, "BIND is :8000"),
    ({"BIND": "127.0.0.1:8000,[::]:8000"}, "BIND is 127.0.0.1:8000,[::]:8000"),
    ({"BIND": "unix:/run/site.sock"}, "BIND is unix:/run/site.sock"),
    ({"BEHIND_PROXY": "1"}, "BEHIND_PROXY is 1"),
]


@pytest.mark.parametrize(("variables", "why"), OTHERS_COME_BY)
@pytest.mark.parametrize("more", [{"SECRET_KEY": KEY}, {"DEBUG": "1"}, {"SITE_URL": "", "DEBUG": "1"}])
def test_who_forgets_the_address_is_told(variables: dict[str, str], why: str, more: dict[str, str]) -> None:
    done = start(**variables | more)
    assert done.returncode != 0
    assert "SITE_URL must begin with https://" in done.stderr
    assert why in done.stderr


AT_HOME = {"SITE_URL": "http://127.0.0.1:8000", "BIND": "0.0.0.0:8000"}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"DEBUG": "1"}, "DEBUG=1 is for this machine alone, and others can reach the site: BIND is 0.0.0.0:8000"),
        ({"SECRET_KEY": DEVELOPMENT_KEY}, "Set SECRET_KEY"),
        ({"SECRET_KEY": KEY, "SECRET_KEY_FALLBACKS": DEVELOPMENT_KEY}, "Set SECRET_KEY_FALLBACKS"),
        ({"SECRET_KEY": KEY, "DATABASE_URL": "postgres://a:postgres@db/site"}, "a password that everybody tries first"),
        ({"SECRET_KEY": KEY, "ALLOWED_HOSTS": "news.example"}, "SITE_URL must begin with https://"),
    ],
)
def test_an_address_of_this_machine_opens_no_other_door(more: dict[str, str], sentence: str) -> None:
    done = start(**AT_HOME | more)
    assert done.returncode != 0
    assert sentence in done.stderr


@pytest.mark.parametrize(
    "variables",
    [
        {"DEBUG": "1"},  # a command while developing
        {"DEBUG": "1", "SITE_URL": "http://127.0.0.1:8000", "BIND": "127.0.0.1:8000", "ALLOWED_HOSTS": "localhost"},
        {"DEBUG": "1", "BIND": "[::1]:8000"},
        {"SITE_URL": "http://127.0.0.1:8000", "SECRET_KEY": KEY, "BEHIND_PROXY": "1"},  # make stack
        AT_HOME | {"SECRET_KEY": KEY, "BEHIND_PROXY": "1"},  # containers, to try them
        PUBLIC | {"BIND": "0.0.0.0:8000", "BEHIND_PROXY": "1", "ALLOWED_HOSTS": "news.example, www.news.example"},
    ],
)
def test_what_is_safe_starts(variables: dict[str, str]) -> None:
    done = start(**variables)
    assert done.returncode == 0, done.stderr


def test_production_on_a_library_that_loses_commits_does_not_start() -> None:
    ask = (
        "import sys, sqlite3; sqlite3.sqlite_version_info = sqlite3.dbapi2.sqlite_version_info = (3, 46, 1);"
        "sys.modules['pysqlite3'] = None;"
        "from django.conf import settings as s; print(s.DEBUG)"
    )
    done = start(ask, **PUBLIC)
    assert done.returncode != 0
    assert "SQLite 3.46.1 may lose what was saved (WAL-reset bug)" in done.stderr
    assert start(ask, **PUBLIC, DATABASE_URL="postgres://desk:a-word-of-its-own@db/site").returncode == 0
    assert start(ask, SECRET_KEY=KEY).stdout.strip() == "False"  # on this machine alone
    assert "SQLite 3.46.1" in start(ask, SECRET_KEY=KEY, **AT_HOME).stderr


def test_database_is_entered_without_a_password_through_its_socket_or_by_a_certificate() -> None:
    found = [
        read_database_url("postgres://desk@%2Frun%2Fpostgresql/site", MANNER),
        read_database_url("postgres://desk@db.example/site?sslcert=/run/secrets/desk.crt", MANNER),
        read_database_url("postgres://desk:a-word-of-its-own@db.example/site", MANNER),
    ]
    for database in found:
        weak_settings.refuse_weak_database_password(database)
    assert {database["ENGINE"] for database in found} == {POSTGRESQL}


@pytest.mark.parametrize(
    ("version", "answer"),
    [
        ((3, 40, 1), False),  # Debian 12
        ((3, 46, 1), False),  # Debian 13
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 44, 6), True),
        ((3, 45, 3), False),
        ((4, 0, 0), True),
    ],
)
def test_versions_of_sqlite_are_told_apart(version: tuple[int, ...], answer: bool) -> None:
    assert is_mended(version) is answer


def test_mended_library_is_the_one_in_use() -> None:
    ask = "import newsroom, sqlite3; from sqlite3 import dbapi2; print(sqlite3.sqlite_version, dbapi2.sqlite_version)"
    one, other = start(ask).stdout.split()
    assert one == other
    assert is_mended(tuple(map(int, one.split("."))))


def test_library_of_the_machine_stays_when_it_is_good(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_package(name: str) -> None:
        raise AssertionError(name)

    monkeypatch.setattr(sqlite_library.sqlite3, "sqlite_version_info", (3, 52, 0))
    monkeypatch.setattr(sqlite_library, "import_module", no_package)
    sqlite_library.take_mended_library()
    assert weak_settings.version_in_use is sqlite_library.version_in_use


def test_library_with_the_fault_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weak_settings, "version_in_use", lambda: (3, 40, 1))
    with pytest.raises(ImproperlyConfigured, match=r"SQLite 3\.40\.1"):
        weak_settings.refuse_sqlite_that_loses(SQLITE)


def test_a_bouncer_is_asked_for_nothing_that_it_refuses() -> None:
    found = read_database_url("postgres://u:p@h/n", Manner(Limits(5, 3, 15), bouncer=True))
    assert "options" not in found["OPTIONS"]
    assert (found["DISABLE_SERVER_SIDE_CURSORS"], found["CONN_MAX_AGE"]) == (True, 0)


def test_limits_stand_in_the_startup_packet() -> None:
    found = read_database_url("postgres://u:p@h/n?sslmode=require", MANNER)
    assert found["OPTIONS"]["options"] == (
        "-c statement_timeout=5000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=15000"
    )
    assert found["OPTIONS"]["sslmode"] == "require"
    assert found["OPTIONS"]["connect_timeout"] == 3


@pytest.mark.parametrize(
    ("before", "limits"),
    [
        ("", "Limits(statement=900, lock=0, idle=900)"),
        ("import sys; sys.argv[1:] = ['runserver'];", "Limits(statement=5, lock=3, idle=15)"),
        ("import sys, gunicorn;", "Limits(statement=5, lock=3, idle=15)"),
    ],
)
def test_pages_wait_less_than_tasks(before: str, limits: str) -> None:
    done = start(before + "from django.conf import settings as s; print(s.DB_MANNER.limits)", SECRET_KEY=KEY)
    assert done.stdout.replace(".0", "").strip() == limits


def test_pool_without_its_driver_is_refused() -> None:
    done = start(SECRET_KEY=KEY, DB_POOL="1", DATABASE_URL="postgres://desk:a-word@db/site")
    assert "DB_POOL=1 needs psycopg 3" in done.stderr


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"S3_BUCKET": "pictures", "S3_ACCESS_KEY": "half"}, "S3_ACCESS_KEY and S3_SECRET_KEY belong together"),
        ({"S3_BUCKET": "pictures"}, "S3_BUCKET needs django-storages"),
        ({"S3_BUCKET": "pictures", "S3_ENDPOINT_URL": "10.0.0.7:9000"}, "S3_ENDPOINT_URL must look like"),
        ({"S3_BUCKET": "pictures", "S3_PUBLIC_URL": "https://cdn.example/x"}, "S3_PUBLIC_URL must look like"),
    ],
)
def test_half_a_bucket_is_refused(variables: dict[str, str], sentence: str) -> None:
    done = start(SECRET_KEY=KEY, **variables)
    assert done.returncode != 0
    assert sentence in done.stderr
