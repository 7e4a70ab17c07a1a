"""The machine of the database that writes is gone for good: the last test of the cluster, which has no replica then."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

import psycopg2

from deploy.cluster import Cluster
from tests.faults.asking import wait_until
from tests.faults.house import House
from tests.faults.uploading import ADD

# They share what a commit costs, one write to each disk and one answer of the replica.
WRITERS = 32
# As many as were acknowledged when the table of faults was made, at 3100 a second on a machine of its own. On one that
# others use as well it takes longer: so long, at most.
MANY, SLOWEST = 9000, 15
HEADLINE = "خبر قبل موت قاعدة البيانات"
REPLICATES = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"


class Inserts:
    """Threads that write a row in each transaction, and remember those that were acknowledged."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.acknowledged: list[tuple[int, int]] = []
        self._threads = [threading.Thread(target=self._run, args=(writer,)) for writer in range(WRITERS)]

    def _run(self, writer: int) -> None:
        with closing(psycopg2.connect(self.url)) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            for number in range(10**9):
                try:
                    cursor.execute("INSERT INTO acknowledged VALUES (%s, %s)", (writer, number))
                except psycopg2.Error:
                    return
                self.acknowledged.append((writer, number))

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Until the database dies."""
        for thread in self._threads:
            thread.start()
        yield
        for thread in self._threads:
            thread.join()


def begin_again(house: House) -> None:
    """The web servers and workers with the address of the database that writes now."""
    names = ["web-1", "web-2", "worker-1", "worker-2"]
    for name in names:
        house.there.crew.kill(house.there.service(name))
    for name in names:
        house.there.crew.start(house.there.service(name))


def save(house: House, number: int) -> str:
    """The headline, where the desk was told that it is saved."""
    headline = f"{HEADLINE} {number}"
    answer = house.send(ADD, house.form(ADD) | {"headline": headline, "_continue": "1"}, timeout=10)
    return headline if answer.status == 302 else ""


def test_r13_nothing_acknowledged_is_lost_with_the_primary(cluster: House, note: Any) -> None:
    there = cluster.there
    assert isinstance(there, Cluster)
    cluster.sql("CREATE TABLE acknowledged (writer integer, number integer)")
    cluster.sql("GRANT INSERT ON acknowledged TO newsroom")
    there.wait_for_replica(synchronous=True)
    wait_until(lambda: cluster.sql(REPLICATES) == [(1,)])
    inserts = Inserts(there.primary().url())
    began = time.monotonic()
    with inserts.going_on():
        saved = [save(cluster, number) for number in range(8)]
        with suppress(TimeoutError):
            wait_until(lambda: len(inserts.acknowledged) >= MANY, SLOWEST)
        seconds = time.monotonic() - began
        there.crew.kill(there.service("primary"))
    died = time.monotonic()
    there.promote()
    promoted = time.monotonic() - died
    begin_again(cluster)
    cluster.recover()
    well = time.monotonic() - died
    found = {(writer, number) for writer, number in cluster.sql("SELECT writer, number FROM acknowledged")}
    titles = {title for (title,) in cluster.sql("SELECT headline FROM articles_article")}
    lost = set(inserts.acknowledged) - found
    lost_stories = set(filter(None, saved)) - titles
    after = save(cluster, 99)
    note(
        "R13",
        f"kill -9 of the whole primary under {len(inserts.acknowledged) / seconds:.0f} inserts/s, replica promoted",
        expected="synchronous: none lost",
        measured=f"{len(lost)} of {len(inserts.acknowledged)} rows and "
        f"{len(lost_stories)} of {len(saved)} stories lost; "
        f"promoted in {promoted:.2f} s, house well {well:.1f} s after the death",
    )
    assert len(inserts.acknowledged) >= MANY
    assert all(saved)
    assert (lost, lost_stories) == (set(), set())
    assert after in {title for (title,) in cluster.sql("SELECT headline FROM articles_article")}
