"""Settings refuse nonsense with a sentence and start safe: each case is a process of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.files import REPOSITORY

KEY = "nobody-guesses-these-60-letters-" + "k" * 28
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


def test_cookies_of_production_are_bound_to_the_host_and_no_script_reads_the_session() -> None:
    """`__Host-`: a browser takes it from this host alone, by TLS, for every path (RFC 6265bis, 4.1.3.2)."""
    names = (
        "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
        "SESSION_COOKIE_PATH", "SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_SAMESITE",
        "CSRF_COOKIE_DOMAIN", "SESSION_COOKIE_AGE",
    )  # fmt: skip
    ask = f"from django.conf import settings as s; print(*(getattr(s, name) for name in {names!r}))"
    done = start(ask, SITE_URL="https://news.example", SECRET_KEY=KEY)
    assert done.stdout.strip() == "__Host-sessionid True True Lax / None True Lax None 43200"


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
        ({"SECRET_KEY": KEY, "LOG_FORMAT": "xml"}, "LOG_FORMAT must be one of line, json"),
        ({"SECRET_KEY": KEY, "METRICS_BIND": "9101"}, "METRICS_BIND must look like 127.0.0.1:9101"),
        ({"SECRET_KEY": KEY, "METRICS_BIND": "127.0.0.1:99999"}, "METRICS_BIND must look like 127.0.0.1:9101"),
        ({"SECRET_KEY": KEY, "ALERT_EMAILS": "ops@example.org, nobody"}, "ALERT_EMAILS must look like"),
        ({"SECRET_KEY": KEY, "SLOW_QUERY_MS": "soon"}, "SLOW_QUERY_MS must be a number"),
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
        (
            {"SECRET_KEY": KEY, "CACHE_REFRESH_URLS": "http://10.0.0.5:8080"},
            "CACHE_REFRESH_URLS needs CACHE_REFRESH_TOKEN",
        ),
        ({"SECRET_KEY": KEY, "CACHE_REFRESH_URLS": "10.0.0.5:8080"}, "CACHE_REFRESH_URLS must look like"),
        ({"SECRET_KEY": KEY, "CACHE_REFRESH_URLS": "http://a http://b/x"}, "CACHE_REFRESH_URLS must look like"),
        ({"SECRET_KEY": KEY, "CACHE_REFRESH_TOKEN": "t" * 31}, "CACHE_REFRESH_TOKEN must be at least 32"),
        ({"SECRET_KEY": KEY, "CACHE_REFRESH_TOKEN": "t" * 40 + "$"}, "CACHE_REFRESH_TOKEN must be at least 32"),
        ({"SECRET_KEY": KEY, "REPLICA_URLS": DATABASE}, "REPLICA_URLS needs PostgreSQL"),
        ({"SECRET_KEY": KEY, "DATABASE_URL": DATABASE, "REPLICA_URLS": "sqlite:///x"}, "REPLICA_URLS needs PostgreSQL"),
        ({"SECRET_KEY": KEY, "REDIS_URL": "http://:secret@cache.example"}, "REDIS_URL must look like"),
        ({"SECRET_KEY": KEY, "CDN_PURGE_URL": "cdn.example"}, "CDN_PURGE_URL must look like"),
        ({"SECRET_KEY": KEY, "CDN_PURGE_URL": "https://cdn.example/p"}, "CDN_PURGE_URL needs CDN_PURGE_TOKEN"),
        ({"SECRET_KEY_FILE": "/nowhere/at/all"}, "SECRET_KEY_FILE cannot be read"),
    ],
)
def test_nonsense_is_refused(variables: dict[str, str], sentence: str) -> None:
    done = start(**variables)
    assert done.returncode != 0
    assert sentence in done.stderr


def example() -> dict[str, str]:
    text = (REPOSITORY / ".env.example").read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Z][A-Z0-9_]*)=(.*)$", text, re.MULTILINE))


# Every setting but the names of languages, which are translated when they are shown.
ASK_ALL = (
    "from newsroom import settings as s;"
    "print({name: value for name, value in vars(s).items() if name.isupper() and name != 'LANGUAGES'})"
)


def test_the_example_starts_as_it_stands_and_says_what_holds_without_it() -> None:
    given = example() | {"SECRET_KEY": KEY}
    assert len(given) > 70
    told, alone = start(ASK_ALL, **given), start(ASK_ALL, SECRET_KEY=KEY)
    assert told.returncode == 0, told.stderr
    assert told.stdout == alone.stdout


def test_an_empty_variable_is_as_none() -> None:
    told, alone = start(ASK_ALL, **dict.fromkeys(example(), "") | {"SECRET_KEY": KEY}), start(ASK_ALL, SECRET_KEY=KEY)
    assert told.returncode == 0, told.stderr
    assert told.stdout == alone.stdout


@pytest.mark.parametrize("name", ["PORT", "BIND", "WEB_WORKERS", "WEB_THREADS", "GUNICORN_LOG_LEVEL"])
def test_the_web_server_takes_an_empty_one_as_none(name: str) -> None:
    ask = (
        "import runpy; told = runpy.run_path('gunicorn.conf.py');"
        "print(*(told[name] for name in ('bind', 'workers', 'threads', 'loglevel')))"
    )
    assert start(ask, **{name: ""}).stdout.split() == ["127.0.0.1:8000", "2", "8", "warning"]


def test_mail_server_is_read_from_one_address() -> None:
    ask = "from django.conf import settings as s; print(s.EMAIL_HOST_PASSWORD, s.EMAIL_PORT, s.EMAIL_USE_SSL)"
    done = start(ask, SECRET_KEY=KEY, EMAIL_URL="smtps://desk:p%40ss%2Fword@mail.example")
    assert done.stdout.strip() == "p@ss/word 465 True"


def test_this_machine_may_do_without_https() -> None:
    done = start(SITE_URL="http://127.0.0.1:8123", SECRET_KEY=KEY)
    assert done.stdout.startswith("False False False")


def test_earlier_keys_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(f"{KEY}-2,\n{KEY}-1\n")
    ask = "from django.conf import settings as s; print(*s.SECRET_KEY_FALLBACKS, s.SUPPRESSION_KEY)"
    done = start(ask, SECRET_KEY=KEY, SECRET_KEY_FALLBACKS_FILE=str(tmp_path / "keys"))
    assert done.stdout.split() == [f"{KEY}-2", f"{KEY}-1", f"{KEY}-1"]


def test_proxies_are_read_from_one_line() -> None:
    ask = "from django.conf import settings as s; print(s.CACHE_REFRESH_URLS)"
    urls = "http://10.0.0.5:8080, http://10.0.0.6:8080/ http://proxy"
    done = start(ask, SECRET_KEY=KEY, CACHE_REFRESH_URLS=urls, CACHE_REFRESH_TOKEN="t-_" * 11)
    assert done.stdout.strip() == "['http://10.0.0.5:8080', 'http://10.0.0.6:8080', 'http://proxy']"


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


ASK_MACHINES = (
    "from django.conf import settings as s;"
    "print(sorted(s.DATABASES), s.DATABASE_ROUTERS, s.CACHES['default']['BACKEND'].split('.')[-1],"
    " s.CACHES['default'].get('LOCATION', ''), s.TELLS_MACHINES,"
    " 'newsroom.replica_reading.replica_reading' in s.MIDDLEWARE)"
)


def test_a_machine_alone_has_nothing_to_share() -> None:
    assert start(ASK_MACHINES, SECRET_KEY=KEY).stdout.split() == ["['default']", "[]", "LocMemCache", "False", "False"]


def test_replicas_and_redis_are_named_by_the_environment_alone(tmp_path: Path) -> None:
    (tmp_path / "redis").write_text("redis://:word@cache.example:6379/0\n")
    replicas = "postgres://newsroom@r1.example/newsroom, postgres://newsroom@r2.example/newsroom"
    told = {"DATABASE_URL": DATABASE, "REPLICA_URLS": replicas, "REDIS_URL_FILE": str(tmp_path / "redis")}
    done = start(ASK_MACHINES, SECRET_KEY=KEY, **told)
    assert done.stdout.strip() == (
        "['default', 'replica1', 'replica2'] ['newsroom.lib.replicas.Router'] SafeRedisCache "
        "redis://:word@cache.example:6379/0 True True"
    )
