"""Who takes over from a master of gunicorn, and what is left when nobody does."""

import os
import re
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from deploy import installation, upgrading
from deploy.answering import answers
from deploy.cluster import Cluster
from deploy.ports import HOST, free_ports
from deploy.services import Crew, Service
from deploy.site import Site
from deploy.trouble import Trouble

OLD, WORKER, NEW = 10, 11, 12
WEB = Service(name="web", command=("gunicorn",), variables={}, is_ready=lambda: True)


def family(monkeypatch: pytest.MonkeyPatch, *moments: dict[int, set[int]]) -> None:
    """Children by parent, at one look after the other; the last stays so."""
    looks: Iterator[dict[int, set[int]]] = iter(moments)
    now: list[dict[int, set[int]]] = [{}]

    def children_of(pid: int) -> set[int]:
        if pid == OLD:
            now[0] = next(looks, now[0])
        return now[0].get(pid, set())

    monkeypatch.setattr(upgrading, "children_of", children_of)
    monkeypatch.setattr(upgrading, "LOOK_AGAIN", 0)


def test_successor_is_the_new_child_that_has_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    family(monkeypatch, {OLD: {WORKER}}, {OLD: {WORKER, NEW}}, {OLD: {WORKER, NEW}, NEW: {13}})
    assert upgrading.successor(WEB, OLD, {WORKER}) == NEW


def test_new_version_that_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    family(monkeypatch, {OLD: {WORKER, NEW}}, {OLD: {WORKER}})
    with pytest.raises(Trouble, match="The new web did not start; the old one goes on"):
        upgrading.successor(WEB, OLD, {WORKER})


def test_what_does_not_run_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="web does not run, or is being replaced already"):
        upgrading.replace(Crew(tmp_path), WEB)


# Loaded by the master: a new version is read by a new master only.
GUNICORN = "from gunicorn.app.wsgiapp import run; run()"
APPLICATION = """
import os, time
VERSION = open("version").read()
def application(environ, start_response):
    if VERSION == "silent":
        time.sleep(60)
    start_response("500 Broken" if VERSION == "broken" else "200 OK", [("Content-Length", "2")])
    return [b"ok"]
"""


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[Crew, Service, Path]]:
    """A web server of two processes with an application of a few lines, the crew that it runs in, and its version."""
    port = free_ports(["web"])["web"]
    for name, text in (("serve.py", GUNICORN), ("app.py", APPLICATION), ("version", "good")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    options = ("--preload", "--workers=2", "--threads=2", "--graceful-timeout=1", "--no-control-socket")
    crew = Crew(tmp_path / "crew")
    service = Service(
        name="web",
        command=(sys.executable, "serve.py", *options, f"--bind={HOST}:{port}", "app:application"),
        variables={"PATH": os.environ["PATH"]},
        is_ready=lambda: answers(port, "/", "any"),
        is_answered_by=lambda pids: answers(port, "/", "any", among=pids),
        folder=tmp_path,
    )
    crew.start(service)
    while len(crew.pids("web")) < 3:
        time.sleep(0.05)
    yield crew, service, tmp_path / "version"
    crew.kill(service)


def test_new_master_takes_over_when_it_answers_itself(web: tuple[Crew, Service, Path]) -> None:
    crew, service, _version = web
    (old,) = crew.heads("web")
    new = upgrading.replace(crew, service)
    assert crew.heads("web") == [new] != [old]
    assert service.is_answered_by(upgrading.children_of(new))


@pytest.mark.parametrize("what", ["broken", "silent"])
def test_answers_of_the_old_version_prove_nothing_about_the_new_one(
    web: tuple[Crew, Service, Path], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """The port is shared: half of all questions are answered well. The new one is ended, and may be tried again."""
    crew, service, version = web
    (old,) = crew.heads("web")
    before = set(crew.pids("web"))
    version.write_text(what, encoding="utf-8")
    monkeypatch.setattr(upgrading, "SECONDS_TO_PROVE", 4)
    with pytest.raises(Trouble, match="The new web does not answer; the old one goes on"):
        upgrading.replace(crew, service)
    assert crew.heads("web") == [old]
    assert set(crew.pids("web")) == before
    assert {service.is_ready() for _ in range(20)} == {True}
    version.write_text("good", encoding="utf-8")
    assert upgrading.replace(crew, service) != old


def test_who_answered_is_told_by_the_connection() -> None:
    """Not by who has the port: that is one and the same for all who share it."""
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        if not (child := os.fork()):
            taken, _address = server.accept()
            taken.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            time.sleep(30)
            os._exit(0)
        try:
            assert not answers(port, "/", "any", among=[os.getpid()])
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def test_what_started_badly_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is sent to a server that listens and is silent waits; who is sent to none is refused and goes elsewhere."""
    crew, done = Crew(tmp_path), []

    def start(_service: Service) -> None:
        done.append("start")
        raise Trouble("it does not answer")

    monkeypatch.setattr(crew, "stop", lambda _service: done.append("stop"))
    monkeypatch.setattr(crew, "start", start)
    with pytest.raises(Trouble, match="it does not answer"):
        upgrading.exchange(crew, WEB)
    assert done == ["stop", "start", "stop"]


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    """All of it runs, as far as it knows. `dead` are the services that were ended."""
    cluster = Cluster(tmp_path, given={"STATIC_ROOT": str(tmp_path)})
    cluster.prepare()
    dead: set[str] = set()
    crew: Any = cluster.crew
    monkeypatch.setattr(crew, "heads", lambda name: [] if name in dead else [1])
    monkeypatch.setattr(crew, "pids", crew.heads)
    monkeypatch.setattr(crew, "signal", lambda *_words, **_more: None)
    monkeypatch.setattr(crew, "stop", lambda service: dead.add(service.name))
    monkeypatch.setattr(crew, "start", lambda service: dead.discard(service.name))
    monkeypatch.setattr(installation, "SECONDS_TO_DRAIN", 0)
    for name in ("refuse_missing", "refuse_taken"):
        monkeypatch.setattr(installation, name, lambda *_words: None)
    monkeypatch.setattr(cluster, "collect_static_files", lambda: None)
    monkeypatch.setattr(Site, "manage", lambda *_words, **_more: "")
    return cluster


def sent_to(cluster: Cluster) -> set[int]:
    """The ports that the proxy passes on to."""
    written = (cluster.folder / "proxy" / "nginx.conf").read_text(encoding="utf-8")
    return set(map(int, re.findall(rf"server {re.escape(HOST)}:(\d+) max_fails", written)))


def raising(error: BaseException) -> Callable[..., None]:
    def fail(*_words: object) -> None:
        raise error

    return fail


def test_machine_whose_new_version_fails_has_readers_again(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    both = {cluster.ports["web-1"], cluster.ports["web-2"]}
    asked = []
    monkeypatch.setattr(cluster, "reload_proxy", partial(reload_noted, cluster, cluster.reload_proxy, asked))
    with monkeypatch.context() as broken:
        broken.setattr(cluster.crew, "start", raising(Trouble("the new version does not start")))
        with pytest.raises(Trouble, match="the new version does not start"):
            cluster.upgrade()
    assert asked[0] == {cluster.ports["web-2"]}
    assert sent_to(cluster) == both
    assert cluster.crew.heads("web-1") == []
    cluster.up()
    assert cluster.crew.heads("web-1") == [1]
    assert sent_to(cluster) == both


def reload_noted(cluster: Cluster, reload: Callable[..., None], asked: list[set[int]], **more: str) -> None:
    reload(**more)
    asked.append(sent_to(cluster))


@pytest.mark.parametrize("ended", [set(), {"web-1"}])
def test_up_gives_readers_to_a_machine_that_an_upgrade_left_without(cluster: Cluster, ended: set[str]) -> None:
    """Whoever ends the command by force leaves the proxy as it was just then."""
    cluster.reload_proxy(without="web-1")
    assert sent_to(cluster) == {cluster.ports["web-2"]}
    for name in ended:
        cluster.crew.stop(cluster.service(name))
    cluster.up()
    assert sent_to(cluster) == {cluster.ports["web-1"], cluster.ports["web-2"]}
