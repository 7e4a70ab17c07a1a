"""What `deploy.stack` and `deploy.cluster` have in common: a folder, its ports, and services in the order they need."""

import json
import os
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from deploy.databases import Server, is_at
from deploy.ports import HOST, refuse_taken
from deploy.programs import refuse_missing
from deploy.secret_files import secret, write_secret
from deploy.services import LOOK_AGAIN, Crew, Service
from deploy.settings_file import read_settings
from deploy.site import ROOT, Site, prepare_proxy
from deploy.statics import are_fresh
from deploy.trouble import Trouble
from deploy.upgrading import exchange

# As long as the proxy waits for an answer: a request that it has passed on is over by then.
SECONDS_TO_DRAIN = 30

# What an operator's own shell holds of these would lead the processes elsewhere.
OURS = (
    "ALLOWED_HOSTS",
    "BIND",
    "CACHE_REFRESH_TOKEN",
    "DATABASE_URL",
    "DEBUG",
    "MEDIA_ROOT",
    "PORT",
    "REDIS_URL",
    "REPLICA_URLS",
    "SECRET_KEY",
    "SUPPRESSION_KEY",
    "TASKS_ENGINE",
    "TICK",
    "WORKER",
)


class Installation:
    """Subclasses name the services: `below` what the site stands on, `above` the site itself and what is in front."""

    PORTS: Mapping[str, int] = {}

    def __init__(
        self, folder: Path, ports: Mapping[str, int] | None = None, given: Mapping[str, str] = os.environ
    ) -> None:
        self.folder = folder.resolve()
        self.crew = Crew(self.folder)
        self.secrets = self.folder / "secrets"
        wanted = read_settings(self.folder / "settings.env") | dict(given)
        self.given = {name: value for name, value in wanted.items() if name.removesuffix("_FILE") not in OURS}
        self.say: Callable[[str], object] = len  # where progress is told; nobody listens
        # By which what this folder wrote into a secret is told from what an operator wrote.
        self.former_ports = self.remembered_ports() or dict(self.PORTS)
        self.ports = dict(ports or self.former_ports)

    def below(self) -> list[Service]:
        raise NotImplementedError

    def above(self) -> list[Service]:
        raise NotImplementedError

    def site(self) -> Site:
        """The machine that commands run on."""
        raise NotImplementedError

    def retired(self) -> list[Service]:
        """What the site stood on once, and does no more: not started, and ended with the rest."""
        return []

    def services(self) -> list[Service]:
        return [*self.below(), *self.above()]

    def service(self, name: str) -> Service:
        return next(service for service in self.services() if service.name == name)

    @property
    def url(self) -> str:
        return self.given.get("SITE_URL") or f"http://{HOST}:{self.ports['proxy']}"

    def up(self, *, with_sample: bool = True) -> str:
        """Start what does not run yet and wait until all of it answers. Returns what an operator should read.

        Raises Trouble with what is missing, taken or broken.
        """
        refuse_missing()
        self.prepare()
        missing = [service.name for service in self.services() if not self.crew.heads(service.name)]
        if not missing:
            self.reload_proxy()
            return f"Everything runs already.\n\n  Site        {self.url}/\n"
        for service in self.services():
            for port in service.ports if service.name in missing else ():
                refuse_taken(port, self.ports[port])
        self.collect_static_files()
        for service in self.below():
            self.ensure(service)
        said = self.prepare_site(with_sample=with_sample)
        for service in self.above():
            self.ensure(service)
        if "proxy" not in missing:
            # An upgrade that was broken off may have left it without one of the web servers.
            self.reload_proxy()
        return f"{said}\n  Logs        {self.folder / 'log'}/\n"

    def prepare_site(self, *, with_sample: bool) -> str:
        """Bring the database up to date, and fill it when it is empty and `with_sample`."""
        # Nobody is told of what changes before anybody reads.
        proxies = {} if self.crew.heads("proxy") else {"CACHE_REFRESH_URLS": ""}
        command = ["prepare_site"] if with_sample else ["migrate", "--no-input", "--verbosity=0"]
        self.say("Preparing the database ...\n")
        return self.site().manage(*command, **proxies)

    def upgrade(self) -> None:
        """Put the code that lies here in the place of what runs: the database first, which fits both versions.

        Raises Trouble; what runs then goes on.
        """
        if down := [service.name for service in self.services() if not self.crew.heads(service.name)]:
            raise Trouble(f"Not everything runs: {', '.join(down)}. Start it first.")
        self.collect_static_files()
        self.site().manage("migrate", "--no-input", "--verbosity=0")
        self.upgrade_web()
        for service in self.above():
            if service.name.startswith("worker"):
                exchange(self.crew, service)
        self.reload_proxy()

    def upgrade_web(self) -> None:
        raise NotImplementedError

    def web_ports(self) -> list[int]:
        return [port for name, port in self.ports.items() if name.startswith("web")]

    def reload_proxy(self, without: str = "") -> None:
        """Its configuration of today, after which nobody is sent to the web server `without`; wait until that is so."""
        left = [port for port in self.web_ports() if port != self.ports.get(without)]
        prepare_proxy(self.folder / "proxy", self.site(), self.ports["proxy"], left)
        before = set(self.crew.pids("proxy")) - set(self.crew.heads("proxy"))
        self.crew.signal("proxy", signal.SIGHUP)
        until = time.monotonic() + SECONDS_TO_DRAIN
        while before & set(self.crew.pids("proxy")) and time.monotonic() < until:
            time.sleep(LOOK_AGAIN)

    def ensure(self, service: Service) -> None:
        if not self.crew.heads(service.name):
            self.say(f"Starting {service.name} ...\n")
            self.crew.start(service)

    def prepare(self) -> None:
        # PostgreSQL, as another user, passes through it; what others must not read is closed in itself.
        self.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        self.site()  # before its former ports are forgotten
        write_secret(self.folder / "ports.json", json.dumps(self.ports))

    def collect_static_files(self) -> None:
        """Those of the version before stay: readers have pages that name them."""
        if not are_fresh(ROOT, Path(self.static_root())):
            self.say("Collecting static files ...\n")
            self.site().manage("collectstatic", "--no-input", "--verbosity=0")

    def down(self) -> list[str]:
        """End what runs, the proxy first, what the site stands on last. Returns the names."""
        *site, proxy = self.above()
        below = [*self.retired(), *self.below()]
        running = [service.name for service in (*below, *self.above()) if self.crew.pids(service.name)]
        self.crew.stop(proxy)
        # All at once: each needs seconds of its own to finish what it does.
        for service in site:
            self.crew.signal(service.name, service.end)
        for service in (*reversed(site), *reversed(below)):
            self.crew.stop(service)
        return running[::-1]

    def status(self) -> dict[str, str]:
        """Of each service: `down`, or its processes' head and whether it answers."""
        return {service.name: self._state(service) for service in self.services()}

    def _state(self, service: Service) -> str:
        heads = self.crew.heads(service.name)
        if not heads:
            return "down"
        return f"{'up' if self.crew.is_ready(service) else 'does not answer'}, process {' '.join(map(str, heads))}"

    def remembered_ports(self) -> dict[str, int]:
        path = self.folder / "ports.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def static_root(self) -> str:
        return self.given.get("STATIC_ROOT") or str(ROOT / "staticfiles")

    def variables(self, machine: str) -> dict[str, str]:
        """Of the processes of the site; `machine` names the folder of what is one machine's own."""
        for name in ("secret_key", "cache_refresh_token", "suppression_key"):
            secret(self.secrets / name)
        return self.given | {
            "SITE_URL": self.url,
            "BEHIND_PROXY": "1",
            "DATA_DIR": str(self.folder / machine),
            "MEDIA_ROOT": str(self.folder / "media"),
            "STATIC_ROOT": self.static_root(),
            "SECRET_KEY_FILE": str(self.secrets / "secret_key"),
            "SUPPRESSION_KEY_FILE": str(self.secrets / "suppression_key"),
            "CACHE_REFRESH_URLS": f"http://{HOST}:{self.ports['proxy']}",
            "CACHE_REFRESH_TOKEN_FILE": str(self.secrets / "cache_refresh_token"),
        }

    def database_file(self, name: str, server: Server) -> str:
        """Path of the secret with the address of `server`. What an operator has changed in it stays.

        An address elsewhere is that of a database which took over; a password in it, one that was exchanged.
        """
        there = self.secrets / name
        written = there.read_text(encoding="utf-8").strip() if there.exists() else ""
        if not written:
            return self.secret_file(name, server.url())
        return str(there) if self.leads_elsewhere(name) else self.secret_file(name, server.reached_by(written))

    def leads_elsewhere(self, name: str) -> bool:
        """Whether the secret names a database that is none of this folder's."""
        path = self.secrets / name
        if not path.exists():
            return False
        ours = {*self.ports.values(), *self.former_ports.values()}
        return not is_at(path.read_text(encoding="utf-8").strip(), ours)

    def secret_file(self, name: str, text: str) -> str:
        """Its path."""
        path = self.secrets / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            write_secret(path, text)
        return str(path)
