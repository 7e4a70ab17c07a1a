"""The sample newsroom: gunicorn, nginx in front of it, and a desk that changes what readers see."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.proxy.nginx import TOKEN, Proxy, proxied
from tests.site.serving import ROOT, Answer, environment, free_port, manage

SECONDS_TO_START = 30


class Desk:
    """A process of its own, as the worker and the clock are, that does what it is told (tests.proxy.desk)."""

    def __init__(self, variables: dict[str, str]) -> None:
        command = [sys.executable, "-m", "tests.proxy.desk"]
        pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, cwd=ROOT, env=variables, **pipes)

    def do(self, deed: str, **arguments: Any) -> dict[str, Any]:
        """`seconds` is what the deed took."""
        self.begin(deed, **arguments)
        return self.done()

    def begin(self, deed: str, **arguments: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"deed": deed, **arguments}) + "\n")
        self.process.stdin.flush()

    def done(self) -> dict[str, Any]:
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        self.process.communicate()


@dataclass
class House:
    proxy: Proxy
    port: int  # of gunicorn
    variables: dict[str, str]
    paths: dict[str, str]  # by name
    stories: dict[int, str]  # their addresses by key
    cookie: str  # of an editor
    server: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn"]
        self.server = subprocess.Popen(command, cwd=ROOT, env=self.variables, start_new_session=True)
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until and self.server.poll() is None:
            if self.proxy.get("/livez").status == 200:
                return
            time.sleep(0.1)
        raise TimeoutError("gunicorn does not answer")

    def kill(self) -> None:
        """All of its processes, at once."""
        if self.server is not None:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
            self.server = None

    def direct(self, path: str, **headers: str) -> Answer:
        """Past the proxy, as the proxy asks."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers={"Host": f"127.0.0.1:{self.proxy.port}", **named})
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        connection.close()
        return answer


@contextmanager
def served_behind_proxy(folder: Path) -> Iterator[House]:
    port, front = free_port(), free_port()
    variables = environment(folder, port) | {
        "SITE_URL": f"http://127.0.0.1:{front}",
        "BEHIND_PROXY": "1",
        "CACHE_REFRESH_URLS": f"http://127.0.0.1:{front}",
        "CACHE_REFRESH_TOKEN": TOKEN,
        "WORKER": "0",
    }
    world = prepare(variables)
    given = {name: variables[name] for name in ("DATA_DIR", "STATIC_ROOT")}
    with proxied(folder / "nginx", port, front, **given) as proxy:
        stories = {int(key): path for key, path in world["stories"].items()}
        house = House(proxy, port, variables, world["paths"], stories, world["cookie"])
        house.start()
        try:
            yield house
        finally:
            house.kill()


def prepare(variables: dict[str, str]) -> dict[str, Any]:
    Path(variables["DATA_DIR"]).mkdir()
    desk = Desk(variables | {"CACHE_REFRESH_URLS": ""})
    desk.begin("prepare")
    manage(variables, "collectstatic", "--no-input", "--verbosity=0", "--ignore=ckeditor")
    world = desk.done()
    desk.close()
    return world
