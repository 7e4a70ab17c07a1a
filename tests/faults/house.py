"""A house that can be broken: the stack or the cluster with a small newspaper in it, and ways to ask and to look."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2

from deploy.cluster import Cluster
from deploy.databases import Server
from deploy.installation import Installation
from deploy.ports import HOST, free_ports
from deploy.stack import Stack
from deploy.trouble import Trouble
from tests.articles.desk import controls
from tests.faults.asking import ANEW, Answer, Request, ask, wait_until
from tests.proxy.served import Desk

# s: what a house needs at most to be itself again after a fault was put right.
SECONDS_TO_RECOVER = 20


@dataclass
class House:
    """`paths` by name, `stories` by key, `cookie` is the session of an editor who may do everything."""

    there: Stack | Cluster
    paths: dict[str, str]
    stories: dict[int, str]
    cookie: str

    @property
    def netloc(self) -> str:
        return urlsplit(self.there.url).netloc

    @property
    def as_editor(self) -> dict[str, str]:
        return {"Cookie": f"sessionid={self.cookie}", "Referer": self.there.url}

    @property
    def webs(self) -> list[str]:
        return [name for name in self.there.ports if name.startswith("web")]

    @property
    def server(self) -> Server:
        """That writes."""
        return self.there.database() if isinstance(self.there, Stack) else self.there.writable()

    def ask(self, path: str, **more: Any) -> Answer:
        """As a reader asks, through the proxy."""
        return ask(self.netloc, path, **more)

    def direct(self, web: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> Answer:
        """Past the proxy, as the proxy asks."""
        given = {"Host": self.netloc} | dict(headers or {})
        return ask(f"{HOST}:{self.there.ports[web]}", path, headers=given, **more)

    def asking(self, path: str, **more: Any) -> Request:
        return lambda: self.ask(path, **more)

    def direct_asking(self, web: str, path: str, **more: Any) -> Request:
        return lambda: self.direct(web, path, **more)

    def form(self, address: str) -> dict[str, str]:
        """What the form at an address of the desk would send unchanged."""
        answer = self.ask(address, headers=self.as_editor)
        assert answer.status == 200, str(answer)
        return controls(answer.text)

    def send(self, address: str, form: Mapping[str, str], **more: Any) -> Answer:
        """As the editor whom the form was shown to: its token is good as the cookie, too."""
        cookies = f"sessionid={self.cookie}; csrftoken={form['csrfmiddlewaretoken']}"
        return self.ask(address, method="POST", form=form, headers=self.as_editor | {"Cookie": cookies}, **more)

    def sql(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """As administrator of the database that writes; committed."""
        with self.connected() as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def connected(self) -> Iterator[Any]:
        """A connection of an administrator; what is not committed when the block ends never was."""
        server = self.server
        given = {"user": "postgres", "password": server.password, "dbname": "newsroom", "connect_timeout": 5}
        # A transaction that does nothing would be ended after a while (deploy/postgresql/postgresql.conf).
        given["options"] = "-c idle_in_transaction_session_timeout=0"
        connection = psycopg2.connect(host=HOST, port=server.port, **given)
        try:
            yield connection
        finally:
            connection.close()

    @contextmanager
    def locked(self, table: str, mode: str = "EXCLUSIVE") -> Iterator[None]:
        """Nobody else writes into the table meanwhile; with ACCESS EXCLUSIVE nobody reads it either."""
        with self.connected() as connection, connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN {mode} MODE")
            yield

    def waiting(self, like: str = "%") -> int:
        """How many statements of the site wait for a lock just now."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'newsroom' AND wait_event_type = 'Lock'"
        return int(self.sql(query + " AND query LIKE %s", like)[0][0])

    def what_is_wrong(self) -> list[str]:
        """Nothing, where every service answers, every web server is ready, and pages are made anew."""
        wrong = [f"{name}: {state}" for name, state in self.there.status().items() if not state.startswith("up")]
        answers = [self.direct(web, path) for web in self.webs for path in ("/readyz", "/livez")]
        answers += [self.direct(web, "/", headers=ANEW) for web in self.webs]
        answers += [self.ask("/"), self.ask(self.paths["article"]), self.ask("/admin/", headers=self.as_editor)]
        return wrong + [str(answer) for answer in answers if answer.status != 200]

    def recover(self) -> float:
        """Wait until nothing is wrong; how long that took. Raises AssertionError with what is wrong at last."""
        try:
            return wait_until(lambda: not self.what_is_wrong(), SECONDS_TO_RECOVER)
        except TimeoutError:
            raise AssertionError(f"the house is not well: {self.what_is_wrong()}") from None

    def mend(self) -> None:
        """Start whatever a test has left dead, so that it breaks no other."""
        for service in self.there.services():
            with suppress(Trouble):
                self.there.ensure(service)


@contextmanager
def house_of(kind: type[Stack | Cluster], given: Mapping[str, str]) -> Iterator[House]:
    """Brought up in a folder of its own, and ended whatever happens."""
    with ExitStack() as ended:
        folder = Path(tempfile.mkdtemp(prefix="newsroom-faults-", dir="/tmp"))
        # The user of PostgreSQL may enter it, which he may not with those of pytest.
        folder.chmod(0o711)
        ended.callback(shutil.rmtree, folder)
        there: Installation = kind(folder / "house", free_ports(kind.PORTS), given)
        ended.callback(there.down)
        there.up(with_sample=False)
        desk = Desk(there.site().variables)
        world = desk.do("prepare")
        desk.close()
        stories = {int(key): path for key, path in world["stories"].items()}
        yield House(there, world["paths"], stories, world["cookie"])
