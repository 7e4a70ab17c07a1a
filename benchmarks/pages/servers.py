"""Servers on loopback: gunicorn with our settings, for the site or the bare function, and nginx in front of one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

from tests.site.serving import free_port

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 60
SITE, BARE = "newsroom.wsgi:application", "benchmarks.pages.bare:application"
# A worker that is renewed in the middle of a cell would be measured with it.
GUNICORN = [sys.executable, "-m", "gunicorn", "--max-requests=0", "--max-requests-jitter=0"]


@dataclass
class Server:
    """`roots` are the processes that answer: their time and that of their children is what a page costs."""

    port: int
    pid: int
    roots: list[int] = field(default_factory=list)
    seconds_to_answer: float = 0


def variables(folder: Path, port: int, **more: str) -> dict[str, str]:
    """Of a site whose data are in `folder`, as an operator would set them; nothing of this shell's."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "STATIC_ROOT") if name in os.environ}
    given = {
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "for-benchmarks-only-" + "x" * 40,
        "PYTHONPATH": str(ROOT),
        "WORKER": "0",
        "TICK": "0",
        "LINK_CHECKS": "0",
    }
    return kept | given | more


@contextmanager
def gunicorn(folder: Path, application: str = SITE, *, path: str = "/livez", **more: str) -> Iterator[Server]:
    """Started and, whatever happens, ended. Raises TimeoutError."""
    port = free_port()
    start = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - our own command
        [*GUNICORN, application], cwd=ROOT, env=variables(folder, port, **more), start_new_session=True
    )
    try:
        wait_for(port, path, process)
        yield Server(port, process.pid, [process.pid], time.monotonic() - start)
    finally:
        end(process)


def wait_for(port: int, path: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_START)
            connection.request("GET", path)
            if connection.getresponse().status < 400:
                return
        except OSError:
            time.sleep(0.01)
    raise TimeoutError(f"the server at port {port} does not answer")


def end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
