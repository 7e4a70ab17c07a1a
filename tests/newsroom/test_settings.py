"""Settings refuse nonsense with a sentence and start safe: each case is a process of its own."""

import os
import subprocess
import sys

import pytest

from tests.house.files import REPOSITORY

KEY = "k" * 60
DEVELOPMENT_KEY = "for-development-only-never-for-a-site-that-others-can-reach"
DATABASE = "postgres://newsroom@db.example/newsroom"
ASK = (
    "from django.conf import settings as s;"
    "print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.ALLOWED_HOSTS)"
)


def start(ask: str = ASK, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "newsroom.settings", **variables}
    return subprocess.run(
        [sys.executable, "-c", ask], cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=60
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
        ({"SITE_URL": "https://news.example", "SECRET_KEY": DEVELOPMENT_KEY}, "SECRET_KEY"),
        ({"SITE_URL": "https://news.example", "SECRET_KEY": KEY, "DEBUG": "1"}, "DEBUG=1 is for this machine alone"),
        ({"SITE_URL": "https://news.example/path", "SECRET_KEY": KEY}, "SITE_URL must look like"),
        ({"SITE_URL": "https://me@news.example", "SECRET_KEY": KEY}, "SITE_URL must look like"),
        ({"SITE_URL": "https://news.example:port", "SECRET_KEY": KEY}, "SITE_URL is no address"),
        ({"SITE_URL": "ftp://news.example", "SECRET_KEY": KEY}, "SITE_URL must look like"),
        ({"SECRET_KEY": KEY, "LOG_LEVEL": "loud"}, "LOG_LEVEL must be one of"),
        ({"SECRET_KEY": KEY, "EMAIL_URL": "smtp://mail.example:port"}, "EMAIL_URL is no address"),
        ({"SECRET_KEY": KEY, "ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"SECRET_KEY": KEY, "DEBUG": "perhaps"}, "DEBUG must be 1 or 0"),
        ({"SECRET_KEY": KEY, "EDITOR": "word"}, "EDITOR must be one of"),
        ({"SECRET_KEY": KEY, "EMAIL_URL": "mail.example"}, "EMAIL_URL must look like"),
        ({"SECRET_KEY": KEY, "EMAIL_URL": "brevo://default"}, "EMAIL_URL for brevo must look like brevo://KEY@default"),
        ({"SECRET_KEY": KEY, "DEFAULT_FROM_EMAIL": "newsroom"}, "DEFAULT_FROM_EMAIL must look like"),
        ({"SECRET_KEY": KEY, "DEFAULT_FROM_EMAIL": "a@b.example, c@d.example"}, "DEFAULT_FROM_EMAIL must look like"),
        ({"SECRET_KEY": KEY, "BOUNCE_ADDRESS": "Bounces <b@news.example>"}, "BOUNCE_ADDRESS must look like"),
        ({"SECRET_KEY": KEY, "DKIM_SELECTOR": "news"}, "give all three or none"),
        ({"SECRET_KEY": KEY, "WEBHOOK_SECRET": "short"}, "WEBHOOK_SECRET must look like user:password"),
        ({"SECRET_KEY": KEY, "WEBHOOK_SIGNING_KEY": "x" * 40}, "EMAIL_URL names none of them"),
        ({"SECRET_KEY": KEY, "TASKS_ENGINE": "postgres"}, "TASKS_ENGINE=postgres needs DATABASE_URL=postgres://"),
        ({"SECRET_KEY": KEY, "TASKS_ENGINE": "postgres", "DATABASE_URL": DATABASE}, "needs Procrastinate: pip install"),
        ({"SECRET_KEY": KEY, "WORKER_CONCURRENCY": "many"}, "WORKER_CONCURRENCY must be a number from 1 to 64"),
        ({"SECRET_KEY_FILE": "/nowhere/at/all"}, "SECRET_KEY_FILE cannot be read"),
    ],
)
def test_nonsense_is_refused(variables: dict[str, str], sentence: str) -> None:
    done = start(**variables)
    assert done.returncode != 0
    assert sentence in done.stderr


def test_mail_server_is_read_from_one_address() -> None:
    ask = "from django.conf import settings as s; print(s.EMAIL_HOST_PASSWORD, s.EMAIL_PORT, s.EMAIL_USE_SSL)"
    done = start(ask, SECRET_KEY=KEY, EMAIL_URL="smtps://desk:p%40ss%2Fword@mail.example")
    assert done.stdout.strip() == "p@ss/word 465 True"


def test_this_machine_may_do_without_https() -> None:
    done = start(SITE_URL="http://127.0.0.1:8123", SECRET_KEY=KEY)
    assert done.stdout.startswith("False False False")


def test_provider_is_read_from_one_address() -> None:
    ask = "from django.conf import settings as s; print(s.EMAIL_BACKEND, s.MAIL_PROVIDER, s.ANYMAIL)"
    done = start(ask, SECRET_KEY=KEY, EMAIL_URL="postmark://k%2Fey@broadcast", WEBHOOK_SECRET="desk:" + "p" * 16)
    assert done.stdout.strip() == (
        "anymail.backends.postmark.EmailBackend postmark {'POSTMARK_SERVER_TOKEN': 'k/ey', 'REQUESTS_TIMEOUT': 15,"
        " 'POSTMARK_MESSAGE_STREAM': 'broadcast', 'WEBHOOK_SECRET': 'desk:pppppppppppppppp'}"
    )


def test_wrong_value_is_one_sentence_without_the_secret() -> None:
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": KEY, "EMAIL_URL": "mailgun://hush-hush@default"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=REPOSITORY, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("EMAIL_URL for mailgun must look like mailgun://KEY@mail.example.org")
    assert "hush" not in done.stderr
