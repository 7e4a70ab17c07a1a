"""What is made ready before anything starts: programs, ports, secrets, configuration."""

import os
import re
import socket
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from deploy import container_secrets, databases, installation, programs, statics
from deploy.caches import Cache
from deploy.cluster import Cluster
from deploy.databases import Server
from deploy.installation import Installation
from deploy.interface import parser, run
from deploy.ports import free_ports, read_ports, refuse_taken
from deploy.secret_files import secret, write_secret
from deploy.site import Site
from deploy.stack import Stack
from deploy.trouble import Trouble


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"nginx"}, "nginx is not installed; on Debian: sudo apt install nginx-light"),
        (
            {"nginx", "postgres", "redis-server"},
            "nginx, postgres and redis-server are not installed; "
            "on Debian: sudo apt install nginx-light postgresql redis-server",
        ),
    ],
)
def test_missing_programs_are_named_with_their_packages(
    monkeypatch: pytest.MonkeyPatch, missing: set[str], sentence: str
) -> None:
    monkeypatch.setattr(programs, "find", lambda name: None if name in missing else f"/usr/bin/{name}")
    with pytest.raises(Trouble) as trouble:
        programs.refuse_missing()
    assert str(trouble.value) == sentence


def test_nothing_is_said_where_all_programs_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "find", lambda name: f"/usr/bin/{name}")
    assert programs.missing() == []


def test_usual_ports_are_not_those_of_outgoing_connections() -> None:
    assert all(port < 32_768 for port in Stack.PORTS.values())
    assert all(port < 32_768 for port in free_ports("abc").values())
    assert len(set(free_ports("abc").values())) == 3


def test_port_may_be_chosen() -> None:
    assert read_ports(["web=8100"], {"web": 1, "redis": 2}) == {"web": 8100, "redis": 2}


@pytest.mark.parametrize("given", ["web", "web=", "web=x", "web=0", "web=70000", "mail=25", "web=٨٠"])
def test_port_that_is_none_is_refused(given: str) -> None:
    with pytest.raises(Trouble, match="NAME=NUMBER with a name of web, redis"):
        read_ports([given], {"web": 1, "redis": 2})


def test_taken_port_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Trouble, match=rf"Port {port} is taken by another program.*--port web=NUMBER"):
            refuse_taken("web", port)


def test_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    made = secret(tmp_path / "secrets" / "key")
    assert re.fullmatch(r"[0-9A-Za-z_-]{50,}", made)
    assert secret(tmp_path / "secrets" / "key") == made
    assert secret(tmp_path / "secrets" / "other") != made
    assert (tmp_path / "secrets" / "key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_secret_is_replaced_as_a_whole(tmp_path: Path) -> None:
    write_secret(tmp_path / "key", "one")
    write_secret(tmp_path / "key", "two")
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("key", "two")]


def test_secrets_of_containers_fit_each_other(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    assert "database_url" in container_secrets.make(folder)
    assert container_secrets.make(folder) == []
    text = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert text["database_url"] == f"postgres://newsroom:{text['database_password']}@db:5432/newsroom"
    assert text["redis_url"] == f"redis://:{text['redis_password']}@redis:6379/0"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o444}


def test_redis_has_the_configuration_of_the_containers(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "redis", port=26_379, secrets=tmp_path / "secrets")
    cache.prepare()
    lines = (tmp_path / "redis" / "redis.conf").read_text(encoding="utf-8").splitlines()
    shared = Path(lines[0].removeprefix('include "').removesuffix('"'))
    assert "maxmemory-policy volatile-lru" in shared.read_text(encoding="utf-8").splitlines()
    assert {"bind 127.0.0.1", "port 26379", f"requirepass {cache.password}"} <= set(lines)
    assert cache.url() == f"redis://:{cache.password}@127.0.0.1:26379/0"


def test_no_password_stands_in_a_command(tmp_path: Path) -> None:
    stack = Stack(tmp_path, given={"PATH": os.environ["PATH"]})
    secrets = [path.read_text(encoding="utf-8") for path in stack.secrets.iterdir()] if stack.secrets.exists() else []
    commands = [" ".join(service.command) for service in stack.services()]
    variables = [" ".join(service.variables.values()) for service in stack.services()]
    secrets = [path.read_text(encoding="utf-8") for path in stack.secrets.iterdir()]
    assert len(secrets) >= 5
    assert [text for text in secrets if any(text in shown for shown in (*commands, *variables))] == []


def test_settings_of_the_operators_shell_do_not_lead_elsewhere(tmp_path: Path) -> None:
    given = {"DEBUG": "1", "DATABASE_URL": "postgres://live", "SECRET_KEY_FILE": "/x", "WEB_WORKERS": "4"}
    variables = Stack(tmp_path, given=given).site().variables
    assert "DEBUG" not in variables
    assert "DATABASE_URL" not in variables
    assert variables["SECRET_KEY_FILE"] == str(tmp_path / "secrets" / "secret_key")
    assert variables["WEB_WORKERS"] == "4"


def test_what_is_set_for_good_holds_without_the_shell(tmp_path: Path) -> None:
    lines = "# The site\nSITE_URL=https://news.example.org\n\nWEB_WORKERS=4\nDEBUG=1\n"
    (tmp_path / "settings.env").write_text(lines, encoding="utf-8")
    stack = Stack(tmp_path, given={"WEB_WORKERS": "8"})
    assert stack.url == "https://news.example.org"
    assert stack.site().variables["WEB_WORKERS"] == "8"
    assert "DEBUG" not in stack.site().variables


def test_line_that_sets_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "settings.env").write_text("A=1\nWEB_WORKERS = 4\n", encoding="utf-8")
    with pytest.raises(Trouble, match=r"settings.env, line 2: write NAME=VALUE"):
        Stack(tmp_path, given={})


def test_web_server_leaves_tasks_and_clock_to_the_worker(tmp_path: Path) -> None:
    services = {service.name: service for service in Stack(tmp_path, given={}).services()}
    assert list(services) == ["postgresql", "redis", "web", "worker", "proxy"]
    assert (services["web"].variables["WORKER"], services["web"].variables["TICK"]) == ("0", "0")
    assert "--with-clock" in services["worker"].command


ELSEWHERE = "postgres://newsroom:a-word-of-its-own@10.0.0.7:5432/newsroom"


def database_of(stack: Installation) -> str:
    return Path(stack.site().variables["DATABASE_URL_FILE"]).read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("kind", [Stack, Cluster])
def test_a_database_that_took_over_stays_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Installation]
) -> None:
    there = kind(tmp_path, given={})
    here = database_of(there)
    write_secret(there.secrets / "database_url", f"{ELSEWHERE}\n")
    done: list[str] = []
    there = kind(tmp_path, given={})
    (old,) = there.retired()
    running = {service.name for service in there.services()}
    monkeypatch.setattr(there.crew, "heads", lambda name: [1] if name in running else [])
    for name in ("collect_static_files", "upgrade_web", "reload_proxy"):
        monkeypatch.setattr(there, name, partial(done.append, name))
    monkeypatch.setattr(Site, "manage", lambda site, *_words: done.append(site.variables["DATABASE_URL_FILE"]))
    monkeypatch.setattr(installation, "exchange", lambda _crew, service: done.append(service.name))
    there.upgrade()
    assert old.name in {"postgresql", "primary"}
    assert old.name not in running
    assert "upgrade_web" in done
    assert database_of(there) == ELSEWHERE != here


def test_the_database_that_was_left_is_ended_with_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_secret(tmp_path / "secrets" / "database_url", ELSEWHERE)
    stack, stopped = Stack(tmp_path, given={}), []
    monkeypatch.setattr(stack.crew, "stop", lambda service: stopped.append(service.name))
    assert stack.down() == []
    assert stopped == ["proxy", "worker", "web", "redis", "postgresql"]


def test_password_that_was_exchanged_in_the_address_stays_at_any_port(tmp_path: Path) -> None:
    before = database_of(Stack(tmp_path, given={}))
    (tmp_path / "secrets" / "database_url").write_text("postgres://newsroom:new@127.0.0.1:15432/newsroom\n")
    stack = Stack(tmp_path, given={})
    stack.ports = stack.ports | {"postgresql": 15_999}
    stack.prepare()
    assert database_of(stack) == database_of(Stack(tmp_path, given={}))
    assert database_of(stack) == "postgres://newsroom:new@127.0.0.1:15999/newsroom" != before
    assert "postgresql" in [service.name for service in stack.services()]


def test_chosen_ports_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stack, "up", lambda self, with_sample: self.prepare())
    run(Stack, parser("deploy.stack").parse_args(["up", str(tmp_path), "--port", "web=18100"]))
    assert Stack(tmp_path).ports == Stack.PORTS | {"web": 18_100}


def test_nothing_is_ended_where_nothing_is(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="There is nothing in"):
        run(Stack, parser("deploy.stack").parse_args(["down", str(tmp_path / "nowhere")]))


def test_folder_that_the_database_may_not_enter_is_named(tmp_path: Path) -> None:
    stranger: Mapping[str, int] = {"user": 65_534, "group": 65_534}
    closed = tmp_path / "closed"
    (closed / "inside").mkdir(parents=True)
    closed.chmod(0o700)
    with pytest.raises(Trouble, match=r"who may not enter .*; choose a folder elsewhere"):
        databases.refuse_closed_folders(closed / "inside", stranger)


def test_database_that_was_killed_is_not_taken_for_alive(tmp_path: Path) -> None:
    server = Server("one", tmp_path, port=1, secrets=tmp_path / "secrets")
    server.data.mkdir()
    note = server.data / "postmaster.pid"
    note.write_text(f"{2**22 + 1}\n", encoding="ascii")
    server.forget_dead_server()
    assert not note.exists()
    note.write_text(f"{os.getpid()}\n", encoding="ascii")
    server.forget_dead_server()
    assert note.exists()


def test_static_files_are_collected_when_something_is_newer(tmp_path: Path) -> None:
    for name in ("static/css", "collected", "newsroom"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("static/css/base.css", *statics.DECIDING):
        (tmp_path / name).touch()
    assert not statics.are_fresh(tmp_path, tmp_path / "collected")
    (tmp_path / "collected" / "staticfiles.json").touch()
    for path in statics.sources(tmp_path):
        os.utime(path, (1, 1))
    assert statics.are_fresh(tmp_path, tmp_path / "collected")
    (tmp_path / "static/css/base.css").touch()
    os.utime(tmp_path / "collected" / "staticfiles.json", (2, 2))
    assert not statics.are_fresh(tmp_path, tmp_path / "collected")
