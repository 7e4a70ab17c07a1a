"""Settings refuse nonsense with a sentence and start safe: each case is a process of its own."""

import os
import subprocess
import sys

import pytest

from tests.house.files import REPOSITORY

KEY = "k" * 60
ASK = (
    "from django.conf import settings as s;"
    "print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.ALLOWED_HOSTS)"
)


def start(**variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "newsroom.settings", **variables}
    return subprocess.run(
        [sys.executable, "-c", ASK], cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=60
    )


def test_production_is_safe_by_default() -> None:
    done = start(SITE_URL="https://news.example", SECRET_KEY=KEY)
    assert done.stdout.strip() == "False True True ['news.example']"


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"SITE_URL": "https://news.example"}, "SECRET_KEY"),
        ({"SITE_URL": "https://news.example", "SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SITE_URL": "http://news.example", "SECRET_KEY": KEY}, "SITE_URL must begin with https://"),
        ({"SECRET_KEY": KEY, "ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"SECRET_KEY": KEY, "DEBUG": "perhaps"}, "DEBUG must be 1 or 0"),
        ({"SECRET_KEY": KEY, "EDITOR": "word"}, "EDITOR must be one of"),
        ({"SECRET_KEY": KEY, "EMAIL_URL": "mail.example"}, "EMAIL_URL must look like"),
        ({"SECRET_KEY_FILE": "/nowhere/at/all"}, "SECRET_KEY_FILE cannot be read"),
    ],
)
def test_nonsense_is_refused(variables: dict[str, str], sentence: str) -> None:
    done = start(**variables)
    assert done.returncode != 0
    assert sentence in done.stderr


def test_this_machine_may_do_without_https() -> None:
    done = start(SITE_URL="http://127.0.0.1:8123", SECRET_KEY=KEY)
    assert done.stdout.startswith("False False False")
