"""Eight hundred requests that nobody means well with, to the site behind nginx and to gunicorn alone.

None is answered with an error of ours, tells something, takes long, or changes what the next reader gets.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.proxy.double import Double
from tests.proxy.nginx import Proxy
from tests.proxy.raw import RawAnswer, ask, faults_of
from tests.proxy.served import House
from tests.security.bad_requests import GROUPS, BadRequest, of_group
from tests.site.serving import ROOT, free_port

SLOWEST = 3.0  # s
# Between them the site must not have changed a byte of these.
PLAIN = ("/", "{article}")


@dataclass
class Door:
    """Where requests go: a port, the name of the site there, and our addresses in it."""

    port: int
    host: str
    places: dict[str, str]
    slowest: float = 0
    workers: set[int] = field(default_factory=set)

    def ask(self, request: BadRequest) -> RawAnswer:
        """What takes too long is asked once more: the machine may be busy, the site may not be slow."""
        raw = request.raw(self.places)
        answer = ask(self.port, raw, is_cut=request.is_cut)
        if answer.seconds > SLOWEST:
            answer = ask(self.port, raw, is_cut=request.is_cut)
        self.slowest = max(self.slowest, answer.seconds)
        return answer

    def plain(self) -> list[bytes]:
        """The pages of PLAIN as any reader gets them."""
        paths = [path.format(**self.places) for path in PLAIN]
        asked = [f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\nConnection: close\r\n\r\n" for path in paths]
        return [ask(self.port, each.encode()).body for each in asked]


def places_of(house: House, host: str) -> dict[str, str]:
    names = ("article", "draft", "preview", "picture", "section")
    return {"host": host} | {name: house.paths[name] for name in names}


def children(pid: int, number: int) -> set[int]:
    """The processes that the web server answers with, once there are so many."""
    found: set[int] = set()
    until = time.monotonic() + 20
    while len(found) < number and time.monotonic() < until:
        found = {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
        time.sleep(0.05)
    return found


@pytest.fixture(scope="module")
def front(house: House, record_testsuite_property) -> Iterator[Door]:
    assert house.server
    host = f"127.0.0.1:{house.proxy.port}"
    door = Door(house.proxy.port, host, places_of(house, host), workers=children(house.server.pid, 2))
    yield door
    record_testsuite_property("slowest of the bad requests through nginx, s", round(door.slowest, 2))


@pytest.fixture(scope="module")
def alone(house: House) -> Iterator[Door]:
    """gunicorn with the same newspaper and nobody in front; no page is kept, so that Django sees everything."""
    port = free_port()
    host = f"127.0.0.1:{port}"
    variables = house.variables | {"SITE_URL": f"http://{host}", "PORT": str(port), "PAGE_CACHE": "off"}
    variables |= {"BEHIND_PROXY": "0", "CACHE_REFRESH_URLS": "", "WEB_WORKERS": "1"}
    server = subprocess.Popen([sys.executable, "-m", "gunicorn"], cwd=ROOT, env=variables, start_new_session=True)
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until and not _answers(port):
            time.sleep(0.1)
        yield Door(port, host, places_of(house, host), workers=children(server.pid, 1))
        assert server.poll() is None
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _answers(port: int) -> bool:
    request = f"GET /livez HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    try:
        return ask(port, request.encode()).status == 200
    except OSError:
        return False


def findings(door: Door, requests: list[BadRequest], *, by_status: bool, by_bytes: bool) -> list[str]:
    """What went wrong, by the names of the requests."""
    found = []
    for request in requests:
        before = door.plain() if by_bytes else []
        answer = door.ask(request)
        faults = faults_of(answer, f"http://{door.host}")
        if answer.seconds > SLOWEST:
            faults.append(f"{answer.seconds:.1f} s")
        if by_status and request.statuses and answer.status not in request.statuses:
            faults.append(f"status {answer.status}, not {sorted(request.statuses)}")
        # A page says how long ago; then both differ from the next, and only one of them is compared again.
        if by_bytes and door.plain() not in (before, door.plain()):
            faults.append("the next reader gets another page")
        found += [f"{request.name}: {fault}" for fault in faults]
    return found


@pytest.mark.parametrize("group", GROUPS)
def test_no_bad_request_gets_anything_through_nginx(front: Door, house: House, group: str) -> None:
    assert findings(front, of_group(group), by_status=True, by_bytes=True) == []
    assert house.server
    assert house.proxy.get("/livez").status == 200
    assert children(house.server.pid, 2) == front.workers


@pytest.mark.parametrize("group", GROUPS)
def test_no_bad_request_gets_anything_from_gunicorn(alone: Door, group: str) -> None:
    before = alone.plain()
    assert findings(alone, of_group(group), by_status=False, by_bytes="hosts" in group) == []
    assert [bool(page) for page in alone.plain()] == [bool(page) for page in before] == [True, True]


def test_server_says_its_name_and_nothing_more(front: Door) -> None:
    ways = ("GET /", "GET /nothing/", "GET /admin/", "TRACE /", "GET /static/nothing.css", "GET /%00", "FOO")
    asked = [f"{way} HTTP/1.1\r\nHost: {front.host}\r\nConnection: close\r\n\r\n".encode() for way in ways]
    answers = [ask(front.port, each) for each in asked]
    assert {answer.header("Server") for answer in answers} == {"nginx"}
    assert {answer.header("X-Powered-By") or answer.header("Via") for answer in answers} == {None}


def test_reader_of_a_page_gets_no_cookie_whatever_is_asked(front: Door) -> None:
    requests = [request for group in GROUPS for request in of_group(group) if request.is_formed]
    requests = [request for request in requests if request.method == "GET" and not request.target.startswith("/admin/")]
    with_cookies = [request.name for request in requests if front.ask(request).header("Set-Cookie")]
    assert len(requests) > 300
    assert with_cookies == []


def test_no_second_request_is_hidden_in_a_first(double: Double, proxy: Proxy) -> None:
    host = f"127.0.0.1:{proxy.port}"
    places = dict.fromkeys(("article", "draft", "preview", "picture", "section"), "/a/") | {"host": host}
    for request in of_group("two requests in one"):
        ask(proxy.port, request.raw(places), is_cut=request.is_cut)
        proxy.get(f"/after/{len(double.asked)}/")
    assert double.asked
    assert [path for path in double.paths() if "smuggled" in path] == []
    assert {asked.headers["host"] for asked in double.asked} == {host}
