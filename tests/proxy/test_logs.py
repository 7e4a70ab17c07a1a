"""What nginx writes down: what an operator needs, and nothing of who asked or what was searched for."""

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.proxy.double import Double
from tests.proxy.nginx import Proxy, proxied
from tests.site.serving import free_port

READER = "127.7.7.7"
WORDS = "private-search-words"
SECRET = "secret-of-a-preview"
SAID = (READER, WORDS, SECRET, "agent-of-a-reader", "cookie-of-a-reader")


def ask(proxy: Proxy, path: str, method: str = "GET") -> int:
    """From an address that no server has, with all that browsers tell of themselves."""
    connection = HTTPConnection("127.0.0.1", proxy.port, timeout=30, source_address=(READER, 0))
    headers = {"User-Agent": "agent-of-a-reader", "Cookie": "sessionid=cookie-of-a-reader", "Referer": f"/?q={WORDS}"}
    connection.request(method, path, headers=headers)
    status = connection.getresponse().status
    connection.close()
    return status


def logs_of(proxy: Proxy) -> dict[str, str]:
    return {name: (proxy.folder / name).read_text() for name in ("errors", "accesses")}


def logging(folder: Path, upstream: int) -> Iterator[Proxy]:
    with proxied(folder, upstream, PROXY_ACCESS_LOG=f"{folder}/accesses line") as proxy:
        yield proxy


@pytest.fixture
def forsaken(tmp_path: Path) -> Iterator[Proxy]:
    """Nobody is behind it."""
    yield from logging(tmp_path, free_port())


@pytest.fixture
def busy(tmp_path: Path, double: Double) -> Iterator[Proxy]:
    yield from logging(tmp_path, double.port)


def test_dead_server_is_written_down_without_its_readers(forsaken: Proxy) -> None:
    paths = [f"/search/?q={WORDS}", f"/preview/{SECRET}/", f"/news/1/?q={WORDS}", "/admin/images/image/upload/"]
    assert {ask(forsaken, path) for path in paths} == {502}
    assert ask(forsaken, f"/newsletter/unsubscribe/{SECRET}/", "POST") == 502
    logs = logs_of(forsaken)
    assert [said for said in SAID if said in "".join(logs.values())] == []
    lines = logs["accesses"].splitlines()
    assert len(lines) == 5
    assert [line for line in lines if " 502 " not in line or '"127.0.0.1:' not in line] == []


def test_who_comes_too_often_is_written_down_without_words(busy: Proxy) -> None:
    assert 429 in {ask(busy, f"/search/?q={WORDS}") for _ in range(60)}
    assert 429 in {ask(busy, f"/newsletter/subscribe/?next={WORDS}", "POST") for _ in range(20)}
    logs = logs_of(busy)
    assert [said for said in SAID if said in "".join(logs.values())] == []
    assert " GET /search/ 429 " in logs["accesses"]
