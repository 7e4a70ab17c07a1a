"""The site as users get it: gunicorn with its own folder, static files collected, DEBUG off."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
SHOW = "from tests.site.world import show; show()"
SECONDS_TO_START = 30
# What the tests set for themselves must not reach the server.
FOREIGN = ("DEBUG", "DATABASE_URL", "SECRET_KEY_FILE", "ALLOWED_HOSTS", "EMAIL_URL", "MEDIA_ROOT", "BIND", "ACCESS_LOG")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Site:
    url: str
    paths: dict[str, str]  # name to address; tests/site/pages.py lists the names
    cookie: str  # the session of a member of staff

    def get(self, path: str, **headers: str) -> Answer:
        """One request; redirects are not followed. `path` may be a whole address of this site."""
        address = urlsplit(path)
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        target = address.path + (f"?{address.query}" if address.query else "")
        connection.request("GET", target, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        connection.close()
        return answer

    def page(self, name: str) -> Answer:
        """Raises KeyError for a page that the sample newsroom does not have."""
        return self.get(self.paths[name], **({"Cookie": f"sessionid={self.cookie}"} if name == "styleguide" else {}))


def environment(folder: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return kept | {
        "DATA_DIR": str(folder / "data"),
        "STATIC_ROOT": str(folder / "static"),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "for-tests-only-" + "x" * 50,
        "PORT": str(port),
        "TICK": "0",
        "LOG_LEVEL": "ERROR",
    }


@contextmanager
def served(folder: Path) -> Iterator[Site]:
    """Prepare the sample newsroom in `folder`, serve it, and end the server whatever happens."""
    port = free_port()
    variables = environment(folder, port)
    # The editor's thousand files take most of the time and are on no page for readers.
    manage(variables, "collectstatic", "--no-input", "--verbosity=0", "--ignore=ckeditor")
    manage(variables, "prepare_site")
    world = json.loads(manage(variables, "shell", "--no-imports", "--command", SHOW).splitlines()[-1])
    server = subprocess.Popen([sys.executable, "-m", "gunicorn"], cwd=ROOT, env=variables)
    site = Site(variables["SITE_URL"], **world)
    try:
        wait_for(site, server)
        yield site
    finally:
        server.terminate()
        server.wait()


def manage(variables: dict[str, str], *arguments: str) -> str:
    """Run a command of manage.py and return what it prints; raises CalledProcessError, its errors are on stderr."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=variables, check=True, stdout=subprocess.PIPE, text=True).stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(site: Site, server: subprocess.Popen[bytes]) -> None:
    """Raises TimeoutError, or RuntimeError when the server has ended by itself."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(f"gunicorn ended with status {server.returncode}")
        try:
            if site.get("/livez").status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("gunicorn does not answer")
