"""Stands in for the application: answers what a test tells it to, and remembers what it was asked."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep

import brotli

from newsroom.kept_answer import PUBLIC

SHARED = PUBLIC
# The same for tests that cannot wait so long.
BRIEF = "public, max-age=0, s-maxage=1, stale-while-revalidate=1, stale-if-error=600"
PACKERS = {"br": brotli.compress, "gzip": gzip.compress}


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Double:
    """`text` is packed as the request asks for it; `seconds` is how long it thinks."""

    port: int
    status: int = 200
    text: str = "first"
    headers: dict[str, str] = field(default_factory=lambda: {"Cache-Control": SHARED})
    seconds: float = 0
    asked: list[Asked] = field(default_factory=list)

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 200
    double: Double

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asked has gone, as some tests do on purpose."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _answer(self) -> None:
        double = self.server.double
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        double.asked.append(Asked(self.command, self.path, headers, self.rfile.read(length)))
        text = double.text
        sleep(double.seconds)
        encoding = headers.get("accept-encoding", "")
        body = PACKERS[encoding](text.encode()) if encoding in PACKERS else text.encode()
        self.send_response(double.status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if encoding in PACKERS:
            self.send_header("Content-Encoding", encoding)
        for name, value in double.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_HEAD = do_PUT = _answer

    def log_message(self, *_arguments: object) -> None:
        pass


@contextmanager
def double_at(port: int = 0) -> Iterator[Double]:
    server = _Server(("127.0.0.1", port), _Handler)
    server.double = Double(server.server_port)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server.double
    finally:
        server.shutdown()
        server.server_close()
