"""What every test starts from: an environment of its own, a clean cache, a stopped clock on request."""

import gc
import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partialmethod
from itertools import count
from pathlib import Path
from typing import Any

# Before Django reads its settings. DATABASE_URL is left: `make test-postgres` gives it.
_data = tempfile.TemporaryDirectory(prefix="newsroom-tests-")
for name in (
    "DEBUG",
    "SITE_URL",
    "ALLOWED_HOSTS",
    "BEHIND_PROXY",
    "BIND",
    "EMAIL_URL",
    "MEDIA_ROOT",
    "STATIC_ROOT",
    "EDITOR",
    "SECRET_KEY_FILE",
    "CACHE_REFRESH_URLS",
    "REPLICA_URLS",
    "REDIS_URL",
    "SURROGATE_KEYS",
    "CDN_PURGE_URL",
):
    os.environ.pop(name, None)
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "newsroom.settings",
    "DATA_DIR": _data.name,
    "SECRET_KEY": "for-tests-only-" + "x" * 50,
}

# Rendering the admin makes short-lived objects by the hundred thousand; collecting them as often as usual costs time.
gc.set_threshold(200_000, 20, 20)

import django  # noqa: E402 - the environment comes first
import pytest  # noqa: E402
import time_machine  # noqa: E402

django.setup()

from django.conf import settings as django_settings  # noqa: E402 - needs the set-up
from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import client as test_client  # noqa: E402
from django.utils import timezone  # noqa: E402
from pytest_django import Settings  # noqa: E402

from pages import public_time  # noqa: E402
from pages.current import forget_site  # noqa: E402
from tasks.defining import TriedAgain  # noqa: E402
from tests.tasks.engines import run_next  # noqa: E402
from tests.undefined_variables import UndefinedVariable  # noqa: E402

_numbers = count(1)

# A Friday morning: 9:40 in Damascus.
NOW = datetime(2026, 11, 20, 6, 40, tzinfo=UTC)


_remember = test_client.store_rendered_templates
_PIECES = ("django/forms/", "admin/includes/", "admin/widgets/", "components/")


def _remember_pages(store: Any, signal: Any, sender: Any, template: Any, context: Any, **kwargs: Any) -> None:
    """The test client keeps a copy of the context of every template; nobody asks for those of a form's widgets."""
    if not (template.name or "").startswith(_PIECES):
        _remember(store, signal, sender, template, context, **kwargs)


def pytest_configure() -> None:
    test_client.store_rendered_templates = _remember_pages
    # Real hashing is slow on purpose; the tests sign in often.
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    engine: dict[str, Any] = django_settings.TEMPLATES[0]
    engine["OPTIONS"]["string_if_invalid"] = UndefinedVariable()


@pytest.fixture(autouse=True)
def clean_slate(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the files or the cached answers of another; mail stays in `mailoutbox` (pytest-django).

    The folder is only named: most tests write no file, and making two thousand folders takes seconds.
    """
    folder = Path(_data.name, f"test-{next(_numbers)}")
    settings.MEDIA_ROOT = folder / "media"
    settings.MAIL_FOLDER = folder / "mail"
    settings.SENDERS_FOLDER = folder / "senders"
    cache.clear()
    forget_site()  # a test may have asked for it outside of a request
    public_time.learn(None)  # another may have lived later
    # Where time stands still for a test, it does not for the database.
    monkeypatch.setattr(public_time, "database_now", timezone.now)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Tests that commit empty all tables afterwards; SQLite does it with DELETE, which the log and consent refuse.

    For the class: where a browser runs its event loop in this thread, Django may open another connection.
    """
    operations = type(connection.ops)
    if connection.vendor == "sqlite":
        operations.sql_flush = partialmethod(flush_without_triggers, operations.sql_flush)


def flush_without_triggers(operations: Any, sql_flush: Any, *args: Any, **kwargs: Any) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master "
            "WHERE type = 'trigger' AND (name LIKE 'audit%' OR name LIKE 'consent%')"
        )
        triggers = cursor.fetchall()
    dropped = [f"DROP TRIGGER {name}" for name, _sql in triggers]
    return [*dropped, *sql_flush(operations, *args, **kwargs), *(sql for _name, sql in triggers)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Time stands still before anything is made, wherever a test names it: nothing may be newer than its present."""
    for item in items:
        if isinstance(item, pytest.Function) and "clock" in item.fixturenames:
            item.fixturenames.remove("clock")
            item.fixturenames.insert(0, "clock")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    """Time stands still at NOW; `clock.shift(seconds)` and `clock.move_to(time)` move it."""
    monkeypatch.setattr("pages.freshness.STARTED_AT", NOW - timedelta(days=1))  # whenever this process really began
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def run_tasks() -> Callable[..., int]:
    """Runs every task that is ready in this process and those that they enqueue; returns how many.

    What a task raises is raised here; with `may_fail=True` it is only written down, as a worker does.
    """

    def run(*, may_fail: bool = False, at_most: int = 1000) -> int:
        for number in range(at_most):
            ended = run_next()
            if ended is None:
                return number
            if ended.error and not may_fail:
                raise ended.error.__cause__ if isinstance(ended.error, TriedAgain) else ended.error
        raise AssertionError(f"{at_most} tasks were run and there is no end.")

    return run
