"""The processes of the site itself: web servers, workers, commands, and nginx in front."""

import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from deploy import proxy
from deploy.answering import answers
from deploy.ports import HOST
from deploy.programs import PATH
from deploy.secret_files import secret
from deploy.services import Service
from deploy.trouble import Trouble

ROOT = Path(__file__).resolve().parent.parent


class Site:
    """One machine of the site, as seen from its environment variables."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = dict(variables)

    @property
    def host(self) -> str:
        return urlsplit(self.variables["SITE_URL"]).netloc

    def web(self, name: str, port: int) -> Service:
        own = {"PORT": str(port), "WORKER": "0", "TICK": "0"}
        return Service(
            name=name,
            # The command of the image; through Python, because an environment that was moved has no `gunicorn`.
            command=(sys.executable, "-m", "gunicorn"),
            folder=ROOT,
            variables=self.variables | own,
            is_ready=lambda: answers(port, "/livez", self.host),
            is_answered_by=lambda pids: answers(port, "/livez", self.host, among=pids),
            before=self.make_folder,
            ports=(name,),
        )

    def worker(self, name: str) -> Service:
        """What it does shows in the database, which `manage.py doctor` looks at."""
        return Service(
            name=name,
            command=(sys.executable, str(ROOT / "manage.py"), "worker", "--with-clock"),
            variables=self.variables,
            folder=ROOT,
            is_ready=lambda: True,
            forks=True,
            before=self.make_folder,
            seconds_to_end=15,
        )

    def manage(self, *arguments: str, **variables: str) -> str:
        """Run a command of manage.py and return what it prints. Raises Trouble; its complaint is on stderr."""
        self.make_folder()
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        done = subprocess.run(  # noqa: S603 - our own command
            command, cwd=ROOT, env=self.variables | variables, check=False, stdout=subprocess.PIPE, text=True
        )
        if done.returncode:
            raise Trouble(f"manage.py {arguments[0]} ended with {done.returncode}; see above.")
        return done.stdout

    def make_folder(self) -> None:
        Path(self.variables["DATA_DIR"]).mkdir(parents=True, exist_ok=True)


def prepare_proxy(folder: Path, site: Site, port: int, servers: Sequence[int]) -> None:
    """Write its configuration, with the web servers at these ports."""
    given = {
        "PROXY_PORT": str(port),
        "PROXY_SERVERS": " ".join(f"{HOST}:{server}" for server in servers),
        "CACHE_REFRESH_TOKEN": secret(Path(site.variables["CACHE_REFRESH_TOKEN_FILE"])),
    }
    proxy.prepare(folder, site.variables | given)


def in_front(folder: Path, site: Site, port: int, servers: Sequence[int]) -> Service:
    """nginx, which passes on to the web servers at these ports."""
    return Service(
        name="proxy",
        command=tuple(proxy.command(folder.resolve() / "nginx.conf")),
        variables={"PATH": PATH},
        is_ready=lambda: answers(port, "/livez", site.host),
        before=lambda: prepare_proxy(folder, site, port, servers),
        ports=("proxy",),
        end=signal.SIGQUIT,
        seconds_to_end=35,
    )
