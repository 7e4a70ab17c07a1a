"""A backup while the desk and others write, and the database of thousands of stories taken forward and back."""

import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from deploy.secret_files import write_secret
from deploy.site import Site
from tests.faults.asking import Answer, Load, load_of
from tests.faults.house import House
from tests.faults.uploading import ADD

# Two rows in each transaction: one alone is half of what was written.
PAIRS = "CREATE TABLE pairs (number integer, half integer, PRIMARY KEY (number, half))"
HALF = "SELECT count(*) FROM (SELECT number FROM pairs GROUP BY number HAVING count(*) <> 2) AS halves"
# A story is written with its first version, in one transaction.
WITHOUT_VERSION = """
    SELECT count(*) FROM articles_article WHERE headline LIKE 'خبر تحت النسخ%%'
    AND NOT EXISTS (SELECT 1 FROM articles_revision WHERE article_id = articles_article.id)
"""


class Pairs:
    """A thread of Load that writes a pair with each request."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg2.connect(url)
        self.count = 0

    def write(self) -> Answer:
        began = time.monotonic()
        with self.connection, self.connection.cursor() as cursor:
            for half in (1, 2):
                cursor.execute("INSERT INTO pairs VALUES (%s, %s)", (self.count, half))
        self.count += 1
        return Answer("a pair", 200, time.monotonic() - began, began)


def asked(url: str, query: str) -> int:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])


def beside(url: str, name: str) -> str:
    """The address of another database of the same server."""
    return f"{url.rpartition('/')[0]}/{name}"


@contextmanager
def another(house: House, name: str) -> Iterator[Site]:
    """An empty database of the role of the site, and a machine with nothing on its disk that uses it."""
    folder = house.there.folder / name
    folder.mkdir()
    house.sql(f"CREATE DATABASE {name} OWNER newsroom TEMPLATE template0")
    write_secret(folder / "url", beside(house.server.url(), name))
    given = {"DATABASE_URL_FILE": str(folder / "url"), "DATA_DIR": str(folder), "MEDIA_ROOT": str(folder / "media")}
    # It has no proxy of its own, and must tell that of the house nothing.
    try:
        yield Site(house.there.site().variables | given | {"CACHE_REFRESH_URLS": "", "REDIS_URL_FILE": ""})
    finally:
        house.sql(f"DROP DATABASE {name} WITH (FORCE)")
        shutil.rmtree(folder)


def stories(house: House) -> Answer:
    """The desk saves another one."""
    return house.send(ADD, house.form(ADD) | {"headline": f"خبر تحت النسخ {time.time_ns()}", "_continue": "1"})


def test_r12_backup_under_writes_is_of_one_moment(stack: House, note: Any, tmp_path: Path) -> None:
    url = stack.server.url()
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(PAIRS)
    pairs = Pairs(url)
    try:
        with another(stack, "newsroom_again") as site, writing(stack, pairs) as (desk, rows):
            began = time.monotonic()
            stack.there.site().manage("backup", str(tmp_path))
            backed_up = time.monotonic() - began
            desk.wait_for(2)
            began = time.monotonic()
            [backup] = [path for path in tmp_path.iterdir() if (path / "manifest.json").exists()]
            site.manage("restore", str(backup))
            restored = time.monotonic() - began
            again = beside(url, "newsroom_again")
            half = asked(again, HALF) + asked(again, WITHOUT_VERSION.replace("%%", "%"))
            count = asked(again, "SELECT count(DISTINCT number) FROM pairs")
            site.manage("check")
    finally:
        pairs.connection.close()
        stack.sql("DROP TABLE pairs")
    note(
        "R12",
        "backup while pairs of rows and stories are written, restored in a new database",
        expected="consistent, 0 half rows",
        measured=f"{half} half of {count} pairs and the stories; backup {backed_up:.1f} s, restore {restored:.1f} s; "
        f"{len(rows.answers)} pairs and {desk} stories written meanwhile",
    )
    assert half == 0
    assert 0 < count < pairs.count
    assert desk.others_than(302) == []


@contextmanager
def writing(house: House, pairs: Pairs) -> Iterator[tuple[Load, Load]]:
    """The desk, and whoever writes pairs, as fast as they can."""
    with load_of([lambda: stories(house)], threads=1) as desk, load_of([pairs.write], threads=1, pause=0.001) as rows:
        yield desk, rows
