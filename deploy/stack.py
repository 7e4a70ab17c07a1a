"""The site on one machine without containers: `python -m deploy.stack VERB FOLDER` (make stack).

PostgreSQL, Redis, the web server, a worker with the clock, and nginx in front: each a process of whoever types the
command, with the configuration that docker-compose.yml uses. FOLDER holds all that they keep: database, pictures, mail,
logs, secrets and notes of the processes.
"""

from deploy.caches import Cache
from deploy.databases import Server
from deploy.installation import Installation
from deploy.interface import main
from deploy.services import Service
from deploy.site import Site, in_front
from deploy.upgrading import replace


class Stack(Installation):
    PORTS = {"proxy": 8080, "web": 18_001, "postgresql": 15_432, "redis": 16_379}

    def database(self) -> Server:
        return Server("postgresql", self.folder / "postgresql", port=self.ports["postgresql"], secrets=self.secrets)

    def cache(self) -> Cache:
        return Cache(self.folder / "redis", port=self.ports["redis"], secrets=self.secrets)

    def site(self) -> Site:
        return Site(
            self.variables("site")
            | {
                "DATABASE_URL_FILE": self.database_file("database_url", self.database()),
                "REDIS_URL_FILE": self.secret_file("redis_url", self.cache().url()),
            }
        )

    def below(self) -> list[Service]:
        # A database that was replaced by another one's must not come back beside its successor.
        database = [] if self.leads_elsewhere("database_url") else [self.database().service()]
        return [*database, self.cache().service()]

    def retired(self) -> list[Service]:
        return [self.database().service()] if self.leads_elsewhere("database_url") else []

    def above(self) -> list[Service]:
        site = self.site()
        return [
            site.web("web", self.ports["web"]),
            site.worker("worker"),
            in_front(self.folder / "proxy", site, self.ports["proxy"], self.web_ports()),
        ]

    def upgrade_web(self) -> None:
        replace(self.crew, self.service("web"))


if __name__ == "__main__":
    main(Stack, "deploy.stack")
