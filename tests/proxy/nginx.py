"""A real nginx with the configuration of deploy/, in front of whatever listens at a port."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from deploy import proxy
from tests.site.serving import Answer, free_port

TOKEN = "for-tests-only-0123456789-0123456789"
SECONDS_TO_START = 10


@dataclass(frozen=True)
class Proxy:
    port: int
    folder: Path
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """One request; the path goes out as it is, redirects are not followed."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.putrequest(method, path, skip_host="Host" in named, skip_accept_encoding=True)
        for name, value in named.items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        connection.close()
        return answer

    def refresh(self, path: str, encoding: str = "gzip", token: str = TOKEN) -> Answer:
        return self.get(path, X_Cache_Refresh=token, Accept_Encoding=encoding)

    def stored(self) -> list[bytes]:
        """What lies in the cache: each file begins with its key."""
        files = [path for path in (self.folder / "cache").rglob("*") if path.is_file()]
        return [path.read_bytes() for path in files]


@contextmanager
def proxied(folder: Path, upstream: int, port: int | None = None, **settings: str) -> Iterator[Proxy]:
    port = port or free_port()
    given = {
        "PATH": os.environ["PATH"],
        "SITE_URL": f"http://127.0.0.1:{port}",
        "PROXY_PORT": str(port),
        "PROXY_SERVERS": f"127.0.0.1:{upstream}",
        "PROXY_WORKERS": "1",
        "CACHE_REFRESH_TOKEN": TOKEN,
        **settings,
    }
    command = proxy.command(proxy.prepare(folder, given))
    with (folder / "errors").open("wb") as errors:
        process = subprocess.Popen(command, stderr=errors)
    try:
        wait_for(port, process)
        yield Proxy(port, folder.resolve(), process)
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Raises TimeoutError, or RuntimeError when the server has ended by itself."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"nginx ended with status {process.returncode}")
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=1)
            connection.connect()
            connection.close()
            return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError("nginx does not answer")
