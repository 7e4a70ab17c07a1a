"""The web server: a few processes with several threads each, so that a slow reader holds only a thread."""

import logging
import os
from typing import TYPE_CHECKING

from newsroom.beside import beside
from newsroom.lib import shared_cache  # noqa: F401 - its memory must be there before the workers are forked
from newsroom.preflight import HOST, refuse_taken_port

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter

PORT = os.environ.get("PORT", "8000")

bind = os.environ.get("BIND") or f"{HOST}:{PORT}"
wsgi_app = "newsroom.wsgi:application"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
# A worker writes its heartbeat to a file; on a disk a slow fsync would look like a dead worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - gunicorn makes its own file in it
# Recycled now and then, not all at once, so that a slow leak never becomes an incident.
max_requests = 10_000
max_requests_jitter = 1_000
# The default opens a socket for remote control in the home folder.
control_socket_disable = True

errorlog = "-"
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "warning")
# Django answers HEAD as GET and leaves it to the server to drop the body; that is no news.
logging.getLogger("gunicorn.http.wsgi").setLevel("ERROR")
accesslog = "-" if os.environ.get("ACCESS_LOG") == "1" else None


def on_starting(server: "Arbiter") -> None:
    """Say that the port is taken in one sentence; gunicorn alone would try for five seconds first.

    A new master that takes over from a running one (USR2) shares its port on purpose.
    """
    if not os.environ.get("BIND") and not server.master_pid:
        refuse_taken_port(PORT)


def when_ready(server: "Arbiter") -> None:
    """Start what runs the tasks and the clock.

    Gunicorn has no hook for "every second", but it counts its own workers every second.
    """
    if beside.arguments:
        server.manage_workers = beside.kept_with(server.manage_workers)


def on_exit(server: "Arbiter") -> None:
    beside.end()
