"""The web server: a few processes with several threads each, so that a slow reader holds only a thread."""

import gc
import logging
import os
from typing import TYPE_CHECKING

from newsroom.beside import beside
from newsroom.lib import shared_cache  # noqa: F401 - its memory must be there before the workers are forked
from newsroom.preflight import HOST, refuse_taken_port

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

# A page makes some thousands of objects and leaves few. Python looks for garbage after every 700 unless it is told
# otherwise, which took a twelfth of the time of a list of stories.
YOUNG_OBJECTS = 10_000
# Until the workers are forked (newsroom.forking): nothing of what is loaded till then is garbage.
gc.disable()

# Empty is as not there, as in newsroom.lib.env.
PORT = os.environ.get("PORT") or "8000"

bind = os.environ.get("BIND") or f"{HOST}:{PORT}"
wsgi_app = "newsroom.wsgi:application"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS") or "2")
threads = int(os.environ.get("WEB_THREADS") or "8")
# Loaded once and forked: the workers share what they do not write into. SIGHUP starts them anew with the same code; a
# new version of it is started by SIGUSR2, beside the old one.
preload_app = True
# A worker writes its heartbeat to a file; on a disk a slow fsync would look like a dead worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - gunicorn makes its own file in it
# From a proxy on the same machine gunicorn would take SCRIPT_NAME, which readers may send as a header.
forwarder_headers = ""
# Recycled once in a long while, not all at once, so that a slow leak never becomes an incident. Each request counts,
# of a kept page and of /livez too, and a process that begins anew has kept no page: after ten thousand requests this
# would come every few seconds in a rush, and while the database is down readers would lose what was kept for them.
max_requests = 10_000_000
max_requests_jitter = 5_000_000
# The default opens a socket for remote control in the home folder.
control_socket_disable = True

errorlog = "-"
loglevel = os.environ.get("GUNICORN_LOG_LEVEL") or "warning"
# Django answers HEAD as GET and leaves it to the server to drop the body; that is no news.
logging.getLogger("gunicorn.http.wsgi").setLevel("ERROR")
# The site writes a line for each request itself (newsroom.operating.requests): this one would say who asked for what.
accesslog = None
logger_class = "newsroom.server_log.ServerLogger"


def on_starting(server: "Arbiter") -> None:
    """Say that the port is taken in one sentence; gunicorn alone would try for five seconds first.

    A new master that takes over from a running one (USR2) shares its port on purpose.
    """
    if not os.environ.get("BIND") and not server.master_pid:
        refuse_taken_port(PORT)


def when_ready(server: "Arbiter") -> None:
    """Start what runs the tasks and the clock, and make ready for the workers.

    Gunicorn has no hook for "every second", but it counts its own workers every second.
    """
    from newsroom.forking import settle  # noqa: PLC0415 - needs the settings, which are there when the site is loaded
    from newsroom.operating.readiness import wanted  # noqa: PLC0415 - the same

    settle()
    wanted()
    if beside.arguments:
        server.manage_workers = beside.kept_with(server.manage_workers)


def post_fork(server: "Arbiter", worker: "Worker") -> None:
    from newsroom.lib import meters  # noqa: PLC0415 - needs the settings
    from newsroom.operating import noting  # noqa: PLC0415 - the same
    from newsroom.operating.readiness import known  # noqa: PLC0415 - the same

    gc.set_threshold(YOUNG_OBJECTS)
    gc.enable()
    meters.start()
    noting.start()
    known.is_stopping = lambda: not worker.alive


def pre_exec(server: "Arbiter") -> None:
    """Before the new master of SIGUSR2, which is named by the file that `python -m gunicorn` was found in.

    Started so, it would look for Python's modules in the folder of that file first, which has an `http` of its own.
    """
    arguments = server.START_CTX["args"]
    if os.path.basename(arguments[1]) == "__main__.py":
        arguments[1:2] = ["-m", "gunicorn"]


def on_exit(server: "Arbiter") -> None:
    beside.end()
