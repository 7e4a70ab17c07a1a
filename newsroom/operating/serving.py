"""Where Prometheus asks for the figures: a small server of its own, on an inside address, beside the workers.

It knows one address and one method, opens a connection to the database for a scrape and closes it again, and asks the
database at most once in a few seconds, however often it is asked itself.
"""

import logging
import os
import socket
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from django.conf import settings
from django.db import connections

from newsroom.lib import meters
from newsroom.operating import noting
from newsroom.operating.exposition import CONTENT_TYPE, exposition
from newsroom.operating.figures import figures
from tasks import stopping

logger = logging.getLogger(__name__)

GOOD_FOR = 5.0  # seconds
LOOK_AROUND = 0.5  # seconds


class _Kept:
    def __init__(self) -> None:
        self.lock = Lock()
        self.page = b""
        self.until = 0.0

    def get(self) -> bytes:
        with self.lock:
            if time.monotonic() >= self.until:
                try:
                    self.page = exposition(meters.all_readings(), figures()).encode()
                finally:
                    connections.close_all()
                self.until = time.monotonic() + GOOD_FOR
            return self.page


class _Handler(BaseHTTPRequestHandler):
    server_version, sys_version = "newsroom", ""
    timeout = 10
    kept: _Kept

    def do_GET(self) -> None:
        if self.path.partition("?")[0] != "/metrics":
            self._answer(404, b"not found\n")
            return
        try:
            page = self.kept.get()
        except Exception:
            logger.exception("The figures could not be told")
            self._answer(503, b"unavailable\n")
        else:
            self._answer(200, page)

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", CONTENT_TYPE if status == 200 else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_told: Any) -> None:
        """Nothing: it is asked every few seconds."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: str) -> None:
        host, _colon, port = address.rpartition(":")
        host = host.strip("[]")
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, int(port)), type("Handler", (_Handler,), {"kept": _Kept()}))


def serve(address: str) -> _Server:
    """Answer at `address` in a thread; the caller ends it (shutdown, server_close). Raises OSError for a taken port."""
    server = _Server(address)
    Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server


def run_forever(*, parent: int) -> None:
    """Serve at METRICS_BIND until a signal comes or `parent` is not our parent any more."""
    stopping.listen()
    server = serve(settings.METRICS_BIND)
    noting.start()
    while not stopping.is_asked() and os.getppid() == parent:
        time.sleep(LOOK_AROUND)
    server.shutdown()
    server.server_close()
