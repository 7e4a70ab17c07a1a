"""What an operator types on an installation: commands of the site, another key, and the checks of the containers."""

import json
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from deploy.databases import server_binaries
from deploy.programs import PATH
from deploy.stack import Stack
from tests.newsroom.test_deploy import services
from tests.proxy.served import Desk
from tests.site.serving import ROOT


@pytest.fixture(scope="module")
def cookie(stack: Stack) -> str:
    """Of an editor who is signed in."""
    desk = Desk(stack.site().variables)
    world = desk.do("prepare")
    desk.close()
    return f"sessionid={world['cookie']}"


def typed(stack: Stack, verb: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deploy.stack", verb, str(stack.folder), *arguments]
    return subprocess.run(command, cwd=ROOT, env=stack.given, capture_output=True, text=True)


def begin_anew(stack: Stack) -> None:
    for verb, arguments in (("down", ()), ("up", ("--empty",))):
        done = typed(stack, verb, *arguments)
        assert done.returncode == 0, done.stderr


def status_of(stack: Stack, path: str, **headers: str) -> int:
    connection = HTTPConnection(urlsplit(stack.url).netloc, timeout=30)
    connection.request("GET", path, headers=headers)
    status = connection.getresponse().status
    connection.close()
    return status


def test_command_reaches_the_site_that_readers_see(stack: Stack, cookie: str) -> None:
    closed = typed(stack, "manage", "--", "maintenance", "on", "--note", "نعود قريبًا")
    shown = status_of(stack, "/search/?q=closed")
    opened = typed(stack, "manage", "--", "maintenance", "off")
    assert closed.stdout.startswith("The site is closed."), closed.stderr
    assert (shown, opened.stdout) == (503, "The site is open again.\n")
    assert status_of(stack, "/search/?q=open") == 200


def test_command_that_fails_says_so_by_its_status(stack: Stack) -> None:
    done = typed(stack, "manage", "--", "maintenance", "on", "--until", "soon")
    assert done.returncode == 1
    assert "not a time: soon" in done.stderr


def test_backup_of_the_night_is_one_of_this_site(stack: Stack, folder: Path) -> None:
    done = typed(stack, "manage", "--", "backup", str(folder / "backups"), "--keep", "14")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in folder.glob("backups/*/database.dump")] == ["database.dump"]


def test_account_is_made_by_a_command_that_asks_nothing(stack: Stack) -> None:
    named = ["--no-input", "--username", "second", "--email", "second@example.org"]
    done = typed(stack, "manage", "--", "createsuperuser", *named)
    assert done.returncode == 0, done.stderr
    assert stack.database().ask("SELECT count(*) FROM accounts_user WHERE username = 'second'") == "1"


# --- «Rotate secrets» of docs/operations.md, the very lines -----------------------------------------------------------


def follow(stack: Stack, heading: str) -> None:
    """Type the first block below `heading`, for this installation."""
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    found = re.search(rf"^\*\*{heading}.*?^```\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    assert found
    script = found[1]
    for written, meant in (
        ("$PWD/var/stack", str(stack.folder)),
        ("var/stack", str(stack.folder)),
        ("make stack-down", f"{sys.executable} -m deploy.stack down {stack.folder}"),
        ("make stack-upgrade", f"{sys.executable} -m deploy.stack upgrade {stack.folder}"),
        ("make stack ARGS=", f"{sys.executable} -m deploy.stack up {stack.folder} "),
        ("--port=15432", f"--port={stack.ports['postgresql']}"),
    ):
        script = script.replace(written, meant)
    done = subprocess.run(["/bin/sh", "-e", "-c", script], cwd=ROOT, env=stack.given, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def secrets_of(stack: Stack, *names: str) -> list[str]:
    return [(stack.secrets / name).read_text(encoding="utf-8").strip() for name in names]


def test_new_key_leaves_sessions_until_the_old_one_is_taken_away(stack: Stack, cookie: str) -> None:
    before = status_of(stack, "/admin/", Cookie=cookie)
    (old,) = secrets_of(stack, "secret_key")
    follow(stack, "SECRET_KEY")
    with_the_old_one = status_of(stack, "/admin/", Cookie=cookie)
    assert secrets_of(stack, "old_keys") == [f"{old},"]
    assert secrets_of(stack, "secret_key") != [old]
    (stack.secrets / "old_keys").write_text("", encoding="utf-8")
    begin_anew(stack)
    assert (before, with_the_old_one, status_of(stack, "/admin/", Cookie=cookie)) == (200, 200, 302)


def test_new_password_of_the_database_and_new_token_come_in_by_an_upgrade(stack: Stack) -> None:
    names = ("database_password", "database_url", "cache_refresh_token")
    before = secrets_of(stack, *names)
    follow(stack, "The database's password")
    follow(stack, "CACHE_REFRESH_TOKEN")
    password, url, token = after = secrets_of(stack, *names)
    assert not set(before) & set(after)
    assert status_of(stack, "/readyz") == 200
    assert password in url
    assert token in (stack.folder / "proxy" / "nginx.conf").read_text(encoding="utf-8")


def test_new_password_of_redis_comes_in_by_a_new_start(stack: Stack) -> None:
    before = secrets_of(stack, "redis_url")
    follow(stack, "Redis")
    found = json.loads(typed(stack, "manage", "--", "doctor", "--json").stdout)
    assert secrets_of(stack, "redis_url") != before
    assert [each["level"] for each in found if each["about"] == "cache"] == ["ok"]


# --- The checks of docker-compose.yml, as they are written there ------------------------------------------------------


def shell_of(name: str) -> str:
    found = re.search(r"test: \[CMD-SHELL, '(.+)'\]", services()[name])
    assert found
    return found[1].replace("$$", "$")


def check_of_web(stack: Stack, port: int) -> list[str]:
    found = re.search(r"- python\n +- -c\n +- \|\n(.+?)\n    interval", services()["web"], re.DOTALL)
    assert found
    return [sys.executable, "-c", textwrap.dedent(found[1]).replace(":8000/", f":{port}/")]


def check_of_proxy(stack: Stack, port: int) -> list[str]:
    return ["/bin/sh", "-c", shell_of("proxy").replace(":8080/", f":{port}/")]


def check_of_database(stack: Stack, port: int) -> list[str]:
    found = re.search(r"test: \[CMD, (pg_isready, .+)\]", services()["db"])
    assert found
    return [*found[1].split(", "), f"--port={port}"]


def check_of_redis(stack: Stack, port: int) -> list[str]:
    line = shell_of("redis").replace("/run/secrets", str(stack.secrets))
    return ["/bin/sh", "-c", line.replace("redis-cli", f"redis-cli -p {port}")]


CHECKS = {
    "web": check_of_web,
    "proxy": check_of_proxy,
    "postgresql": check_of_database,
    "redis": check_of_redis,
}


@pytest.mark.parametrize(("name", "check"), CHECKS.items())
def test_check_of_the_container_knows_who_is_well(
    stack: Stack, name: str, check: Callable[[Stack, int], list[str]]
) -> None:
    paths = f"{server_binaries()}:{PATH}"
    variables = {"PATH": paths, "SITE_URL": stack.url, "PYTHONWARNINGS": os.environ.get("PYTHONWARNINGS", "")}
    statuses = [
        subprocess.run(check(stack, port), env=variables, capture_output=True, timeout=10).returncode
        for port in (stack.ports[name], 1)
    ]
    assert statuses[0] == 0
    assert statuses[1] != 0
