"""Who and what does not get through, and what nobody can slip in."""

import contextlib
import socket
import time

import pytest

from images.admin.uploading import MOST_TOGETHER
from tests.proxy.double import Double
from tests.proxy.nginx import Proxy

UPLOAD = "/admin/images/image/upload/"
POISON = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "666",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Server": "evil.example",
    "X-Forwarded-For": "6.6.6.6",
    "X-Forwarded-Scheme": "https",
    "X-Real-IP": "6.6.6.6",
    "X-Host": "evil.example",
    "X-Original-URL": "/evil",
    "X-Rewrite-URL": "/evil",
    "X-HTTP-Method-Override": "POST",
    "Forwarded": "host=evil.example",
    "Proxy": "evil.example",
}
# Of these the desk sees what was sent, a page for all does not.
HARMLESS = {
    "Accept": "evil/evil",
    "Accept-Language": "evil",
    "User-Agent": "evil",
    "Referer": "http://evil.example/",
    "Origin": "http://evil.example",
    "X-Requested-With": "evil",
    "Cookie": "evil=1",
    "Range": "bytes=0-1",
    "If-None-Match": "*",
    "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT",
}


def raw(proxy: Proxy, request: bytes, seconds: float = 15) -> bytes:
    """What comes back until the server ends the connection."""
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=seconds) as connection:
        connection.sendall(request)
        got = b""
        with contextlib.suppress(ConnectionResetError):
            while part := connection.recv(65536):
                got += part
        return got


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.2", "localhost", "[::1]", "a@127.0.0.1", "127.0.0.1.evil.example"]
)
def test_other_names_get_no_answer(double: Double, proxy: Proxy, host: str) -> None:
    got = raw(proxy, f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert got == b"" or got.startswith(b"HTTP/1.1 400")
    assert double.asked == []


def test_request_without_a_name_gets_no_answer(double: Double, proxy: Proxy) -> None:
    assert raw(proxy, b"GET / HTTP/1.0\r\n\r\n") == b""
    assert double.asked == []


@pytest.mark.parametrize(("name", "value"), [*POISON.items(), *HARMLESS.items()])
def test_no_header_reaches_the_making_of_a_page(double: Double, proxy: Proxy, name: str, value: str) -> None:
    plain = proxy.get(f"/poison/{name}/plain/")
    poisoned = proxy.get(f"/poison/{name}/", **{name: value})
    usual, got = (dict(asked.headers) for asked in double.asked)
    usual.pop("x-request-id"), got.pop("x-request-id")
    assert got == usual
    after = proxy.get(f"/poison/{name}/")
    assert poisoned.status in {200, 206, 304}
    assert (after.status, after.body) == (200, plain.body)


@pytest.mark.parametrize("name", POISON)
def test_what_only_we_may_say_is_overwritten_for_the_desk_too(double: Double, proxy: Proxy, name: str) -> None:
    proxy.get("/admin/", **{name: POISON[name]})
    headers = double.asked[-1].headers
    assert POISON[name] not in headers.values()
    assert headers["host"] == f"127.0.0.1:{proxy.port}"
    assert (headers["x-forwarded-for"], headers["x-forwarded-proto"]) == ("127.0.0.1", "http")


def test_port_in_the_name_is_ours(double: Double, proxy: Proxy) -> None:
    proxy.get("/port/", Host="127.0.0.1:31337")
    assert double.asked[-1].headers["host"] == f"127.0.0.1:{proxy.port}"


@pytest.mark.parametrize("path", ["/admin/x.css", "/preview/abc/x.js", "/newsletter/unsubscribe/abc/x.png"])
def test_ending_of_a_file_makes_nothing_public(double: Double, proxy: Proxy, path: str) -> None:
    double.text = "for one person"
    proxy.get(path)
    double.text = "for another"
    assert proxy.get(path).body == b"for another"


@pytest.mark.parametrize(("path", "size"), [("/admin/", 13), (UPLOAD, 43)])
def test_large_body_is_refused_in_arabic(double: Double, proxy: Proxy, path: str, size: int) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{proxy.port}\r\nContent-Length: {size << 20}\r\n\r\n"
    got = raw(proxy, head.encode()).decode()
    assert got.startswith("HTTP/1.1 413")
    assert "الملف أكبر" in got
    assert double.asked == []


def test_pictures_that_come_together_get_through(double: Double, proxy: Proxy) -> None:
    answer = proxy.get(UPLOAD, method="POST", body=bytes(MOST_TOGETHER))
    assert answer.status == 200
    assert double.asked[-1].headers["content-length"] == str(MOST_TOGETHER)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("POST", "/admin/login/", 21), ("POST", "/newsletter/subscribe/", 11), ("GET", "/search/?q=", 31)],
)
def test_who_tries_too_often_is_told_to_wait(
    double: Double, proxy: Proxy, method: str, path: str, allowed: int
) -> None:
    body = b"x" if method == "POST" else None
    tries = [proxy.get(f"{path}{number if method == 'GET' else ''}", method=method, body=body) for number in range(60)]
    through = [answer.status for answer in tries].count(200)
    assert allowed <= through <= allowed + 10
    refused = tries[-1]
    assert (refused.status, refused.headers["Retry-After"]) == (429, "30")
    assert "طلبات كثيرة" in refused.text
    assert proxy.get("/other/").status == 200


def test_hundred_slow_clients_hold_up_nobody(double: Double, proxy: Proxy) -> None:
    half = f"GET /slow/ HTTP/1.1\r\nHost: 127.0.0.1:{proxy.port}\r\nX-A: ".encode()
    slow = [socket.create_connection(("127.0.0.1", proxy.port)) for _ in range(120)]
    try:
        for connection in slow:
            connection.sendall(half)
        began = time.monotonic()
        answers = [proxy.get(f"/quick/{number}/").status for number in range(20)]
        assert answers == [200] * 20
        assert time.monotonic() - began < 2
        slow[0].settimeout(14)
        with pytest.raises(ConnectionResetError):
            slow[0].recv(1)
        assert 8 < time.monotonic() - began < 13
    finally:
        for connection in slow:
            connection.close()
