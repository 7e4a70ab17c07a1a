"""Time limits as one chain: whoever waits for another waits longer than that one takes to give up, and hears why.

Each is read where it is in force, so that a change in one place breaks the chain here and not in front of readers.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from deploy import installation
from deploy.answering import SECONDS_TO_ANSWER
from deploy.services import Service
from newsroom.lib import database_setup, redis_line, room
from newsroom.operating import readiness
from tests.house.files import REPOSITORY

# s: what the shortest of usual clients waits (load balancers, feed readers); browsers wait for minutes.
CLIENT = 30.0


def read(name: str) -> str:
    return Path(REPOSITORY, name).read_text(encoding="utf-8")


def seconds(pattern: str, name: str) -> float:
    """That a file says at each place alike, as `5s`."""
    found = set(re.findall(rf"^ *{pattern} *=? *(\d+)s;?$", read(name), re.MULTILINE))
    assert len(found) == 1, (pattern, name, found)
    return float(found.pop())


def of_nginx(name: str) -> float:
    return seconds(name, "deploy/nginx/nginx.conf.template")


@pytest.fixture(scope="module")
def gunicorn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Its settings by name, as it understands gunicorn.conf.py."""
    variables = {"DEBUG": "1", "DATA_DIR": str(tmp_path_factory.mktemp("data")), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "gunicorn", "--print-config"]
    told = subprocess.run(command, cwd=REPOSITORY, env=variables, capture_output=True, text=True, check=True).stdout
    return dict(re.findall(r"^(\w+) *= (.*)$", told, re.MULTILINE))


def test_whoever_waits_waits_longer_than_whom_he_waits_for(gunicorn: dict[str, str]) -> None:
    proxy, web = of_nginx("proxy_read_timeout"), float(gunicorn["timeout"])
    statement, lock, redis = settings.DB_STATEMENT_SECONDS, settings.DB_LOCK_SECONDS, redis_line.SECONDS
    assert CLIENT >= proxy >= web > statement > lock > redis > 0
    assert 3 <= statement <= 5
    assert (lock, redis) == (3, 0.2)


def test_a_page_waits_for_one_thing_after_the_other_within_the_time_of_the_proxy(gunicorn: dict[str, str]) -> None:
    """A place (newsroom.lib.room), a connection, a statement that is ended, Redis to connect and to answer."""
    connecting = database_setup.NETWORK_OPTIONS["connect_timeout"]
    page = room.PATIENCE + connecting + settings.DB_STATEMENT_SECONDS + 2 * redis_line.SECONDS
    assert page < of_nginx("proxy_read_timeout")
    assert connecting <= settings.DB_LOCK_SECONDS


def test_limits_of_a_page_are_those_of_its_connection() -> None:
    """The web server's own (serves_pages); the process of the tests is none, and has those of a task."""
    limits = database_setup.Limits(settings.DB_STATEMENT_SECONDS, settings.DB_LOCK_SECONDS, idle=15)
    told = limits.as_startup_options()
    assert "-c statement_timeout=5000" in told
    assert "-c lock_timeout=3000" in told
    assert "-c idle_in_transaction_session_timeout=15000" in told
    assert "Limits(statement=DB_STATEMENT_SECONDS, lock=DB_LOCK_SECONDS, idle=15)" in read("newsroom/settings.py")
    assert seconds("idle_in_transaction_session_timeout", "deploy/postgresql/postgresql.conf") == 15


def test_mail_and_redis_give_up_before_whoever_waits_for_them() -> None:
    assert 0 < settings.EMAIL_TIMEOUT <= settings.DB_STATEMENT_SECONDS < of_nginx("proxy_read_timeout")
    assert redis_line.OPEN >= 5
    options = redis_line.options()
    assert (options["socket_timeout"], options["socket_connect_timeout"]) == (redis_line.SECONDS, redis_line.SECONDS)


def test_signs_of_life_answer_before_whoever_asks_for_them_gives_up() -> None:
    """The checks of docker-compose.yml wait three seconds, deploy.answering two."""
    patience = {float(each) for each in re.findall(r"(?:timeout=|--max-time )(\d+)", read("docker-compose.yml"))}
    assert patience == {3}
    assert readiness.PATIENCE < SECONDS_TO_ANSWER < min(patience)


def test_what_is_under_way_may_end_before_it_is_killed(gunicorn: dict[str, str]) -> None:
    """Workers have as long as the proxy waits for them, their master and its container a little longer."""
    graceful = float(gunicorn["graceful_timeout"])
    assert of_nginx("proxy_read_timeout") <= graceful < Service.seconds_to_end
    assert of_nginx("proxy_read_timeout") <= installation.SECONDS_TO_DRAIN
    web = read("docker-compose.yml").partition("x-web: &web")[2].partition("\nservices:")[0]
    assert seconds_of_compose("stop_grace_period", web) > graceful


def seconds_of_compose(name: str, text: str) -> float:
    (found,) = re.findall(rf"^ +{name}: (\d+)s$", text, re.MULTILINE)
    return float(found)


def test_a_slow_client_holds_nothing_but_a_connection() -> None:
    assert {of_nginx(f"client_{part}_timeout") for part in ("header", "body")} == {10}
    assert of_nginx("send_timeout") == 10
    assert of_nginx("proxy_connect_timeout") < database_setup.NETWORK_OPTIONS["connect_timeout"]
