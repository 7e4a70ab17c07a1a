"""Many machines, on this one: `python -m deploy.cluster VERB FOLDER` (make cluster).

PostgreSQL with a streaming replica, Redis, two web servers and two workers, each pair as on two machines (a folder
each, the pictures in one that both see), and nginx in front of both, which is told of each change.
"""

import os
from importlib.util import find_spec
from pathlib import Path

from deploy.caches import Cache
from deploy.databases import Server, call
from deploy.installation import Installation
from deploy.interface import main
from deploy.services import Service
from deploy.site import ROOT, Site, in_front
from deploy.upgrading import exchange

MACHINES = (1, 2)
# Procrastinate and psycopg 3 beside the environment, as the Makefile installs them.
BESIDE = ROOT / ".venv" / "distributed"


class Cluster(Installation):
    PORTS = {
        "proxy": 8090,
        "web-1": 18_011,
        "web-2": 18_012,
        "primary": 15_442,
        "replica": 15_443,
        "redis": 16_389,
    }

    def primary(self) -> Server:
        return Server("primary", self.folder / "primary", port=self.ports["primary"], secrets=self.secrets)

    def replica(self) -> Server:
        folder, port = self.folder / "replica", self.ports["replica"]
        return Server("replica", folder, port=port, secrets=self.secrets, primary=self.primary())

    def cache(self) -> Cache:
        return Cache(self.folder / "redis", port=self.ports["redis"], secrets=self.secrets)

    def machine(self, number: int) -> Site:
        return Site(
            self.variables(f"site-{number}")
            | self.distributed()
            | {
                "DATABASE_URL_FILE": self.database_file("database_url", self.writable()),
                "REPLICA_URLS_FILE": self.database_file("replica_urls", self.replica()),
                "REDIS_URL_FILE": self.secret_file("redis_url", self.cache().url()),
            }
        )

    def site(self) -> Site:
        return self.machine(1)

    def distributed(self) -> dict[str, str]:
        """What tasks on several machines need, where it is installed."""
        if find_spec("procrastinate"):
            return {"TASKS_ENGINE": "postgres"}
        if not (BESIDE / ".installed").exists():
            return {}
        path = os.pathsep.join(filter(None, [str(BESIDE), self.given.get("PYTHONPATH")]))
        return {"TASKS_ENGINE": "postgres", "PYTHONPATH": path}

    def below(self) -> list[Service]:
        # A primary that was replaced must not come back beside its successor.
        primary = [] if self.is_replaced() else [self.primary().service()]
        return [*primary, self.replica().service(), self.cache().service()]

    def retired(self) -> list[Service]:
        return [self.primary().service()] if self.is_replaced() else []

    def above(self) -> list[Service]:
        machines = {number: self.machine(number) for number in MACHINES}
        return [
            *(site.web(f"web-{number}", self.ports[f"web-{number}"]) for number, site in machines.items()),
            *(site.worker(f"worker-{number}") for number, site in machines.items()),
            in_front(self.folder / "proxy", machines[1], self.ports["proxy"], self.web_ports()),
        ]

    def upgrade_web(self) -> None:
        """One after the other: the proxy sends nobody to it before it ends, nor before the new one answers."""
        try:
            for number in MACHINES:
                self.reload_proxy(without=f"web-{number}")
                exchange(self.crew, self.service(f"web-{number}"))
        finally:
            # Also where one did not start: the proxy passes over it, and sends readers there as soon as it does.
            self.reload_proxy()

    def wait_for_replica(self, *, synchronous: bool) -> None:
        """From now on a commit is acknowledged when the replica has it too (`synchronous`), or without it.

        With it nothing acknowledged is lost when the primary is; without a replica nothing can be written.
        """
        self.primary().ask(f"ALTER SYSTEM SET synchronous_standby_names = '{'replica' if synchronous else ''}'")
        self.primary().ask("SELECT pg_reload_conf()")

    def promote(self) -> None:
        """Make the replica the database that is written to. The web servers and workers learn it when they start anew.

        The old primary must be down, and stay so: it would not know.
        """
        replica = self.replica()
        call([replica.binaries / "pg_ctl", f"--pgdata={replica.data}", "promote", "--wait"], replica.account)
        self.promoted.touch()

    def writable(self) -> Server:
        return self.replica() if self.promoted.exists() else self.primary()

    def is_replaced(self) -> bool:
        return self.promoted.exists() or self.leads_elsewhere("database_url")

    @property
    def promoted(self) -> Path:
        return self.folder / "promoted"


if __name__ == "__main__":
    main(Cluster, "deploy.cluster")
