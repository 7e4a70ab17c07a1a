"""nginx ends TLS itself, as the examples of deploy/nginx say."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.proxy.double import Double, double_at
from tests.proxy.nginx import Proxy, proxied
from tests.site.serving import ROOT, free_port

NAME = "news.example"


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Double, Proxy, int, Path]]:
    """The double, the proxy, its port for TLS, and the certificate, which it has signed itself."""
    folder, port = tmp_path_factory.mktemp("tls"), free_port()
    certificate, key = folder / "certificate", folder / "certificate_key"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    names = ["-addext", f"subjectAltName=DNS:{NAME}", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made, *names], check=True, capture_output=True)
    (folder / "extra").mkdir()
    for name in ("tls.conf", "tls.server"):
        text = (ROOT / "deploy" / "nginx" / f"{name}.example").read_text()
        text = text.replace("8443", f"127.0.0.1:{port}").replace("/run/secrets", str(folder))
        (folder / "extra" / name).write_text(text)
    given = {"SITE_URL": f"https://{NAME}", "PROXY_PLAIN_SCHEME": "http", "PROXY_EXTRA": str(folder / "extra")}
    with double_at() as double, proxied(folder / "nginx", double.port, **given) as proxy:
        yield double, proxy, port, certificate


def ask(port: int, certificate: Path, *, name: str | None, host: str) -> bytes:
    """What comes back until the connection ends; `name` is whom the client asks TLS for. Raises SSLError."""
    trusting = ssl.create_default_context(cafile=str(certificate))
    trusting.check_hostname = name == NAME
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
        trusting.wrap_socket(plain, server_hostname=name) as connection,
    ):
        connection.sendall(f"GET /tls/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        got = b""
        while part := connection.recv(65536):
            got += part
        return got


def test_site_is_read_by_tls(secure: tuple[Double, Proxy, int, Path]) -> None:
    double, _, port, certificate = secure
    assert ask(port, certificate, name=NAME, host=NAME).startswith(b"HTTP/1.1 200")
    assert double.asked[-1].headers["x-forwarded-proto"] == "https"
    assert double.asked[-1].headers["host"] == NAME


@pytest.mark.parametrize("name", ["evil.example", None])
def test_other_names_get_no_certificate(secure: tuple[Double, Proxy, int, Path], name: str | None) -> None:
    double, _, port, certificate = secure
    double.asked.clear()
    with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME|HANDSHAKE_FAILURE|unrecognized name"):
        ask(port, certificate, name=name, host=NAME)
    assert double.asked == []


def test_other_name_behind_our_certificate_gets_no_answer(secure: tuple[Double, Proxy, int, Path]) -> None:
    double, _, port, certificate = secure
    double.asked.clear()
    assert ask(port, certificate, name=NAME, host="evil.example") == b""
    assert double.asked == []


def test_who_comes_without_tls_is_known_as_such(secure: tuple[Double, Proxy, int, Path]) -> None:
    """The application leads to https whoever is not said to come by it."""
    double, proxy, _, _ = secure
    connection = HTTPConnection("127.0.0.1", proxy.port, timeout=10)
    connection.request("GET", "/plain/", headers={"Host": NAME})
    assert connection.getresponse().status == 200
    connection.close()
    assert double.asked[-1].headers["x-forwarded-proto"] == "http"
