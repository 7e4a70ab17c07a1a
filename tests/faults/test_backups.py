"""A backup while the desk and others write, and the database of thousands of stories taken forward and back."""

import itertools
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg2
from PIL import Image as Pixels

from deploy.secret_files import write_secret
from deploy.site import Site
from tests.faults.asking import Answer, Load, load_of
from tests.faults.house import House
from tests.faults.uploading import ADD, upload

# Two rows in each transaction: one alone is half of what was written.
PAIRS = "CREATE TABLE pairs (number integer, half integer, PRIMARY KEY (number, half))"
NUMBERS = "SELECT number FROM pairs"
HALF = "SELECT count(*) FROM (SELECT number FROM pairs GROUP BY number HAVING count(*) <> 2) AS halves"
# A story is written with its first version, in one transaction.
WITHOUT_VERSION = """
    SELECT count(*) FROM articles_article WHERE headline LIKE 'خبر تحت النسخ%'
    AND NOT EXISTS (SELECT 1 FROM articles_revision WHERE article_id = articles_article.id)
"""
HEADLINES = "SELECT headline FROM articles_article WHERE headline LIKE 'خبر تحت النسخ%'"
PICTURES = "SELECT file FROM images_image"


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


class Stories:
    """The desk saves one after the other; `saved` are the headlines of those that it was told are saved."""

    def __init__(self, house: House) -> None:
        self.house, self.saved = house, list[str]()

    def write(self) -> Answer:
        headline = f"خبر تحت النسخ {time.time_ns()}"
        form = self.house.form(ADD) | {"headline": headline, "_continue": "1"}
        answer = self.house.send(ADD, form)
        if answer.status == 302:
            self.saved.append(headline)
        return answer


class Pictures:
    """The desk brings in one after the other; `names` are those of the files that it was told are there."""

    def __init__(self, house: House) -> None:
        self.house, self.names, self._numbers = house, list[str](), itertools.count(1)

    def bring_in(self) -> Answer:
        raw = BytesIO()
        # Each is another picture: the same bytes are not taken in a second time.
        Pixels.effect_noise((640, 360), next(self._numbers)).save(raw, "PNG")
        answer = upload(self.house, "picture.png", raw.getvalue())
        if answer.status == 200:
            self.names.append(json.loads(answer.text)["fileName"])
        return answer


def rows_of(url: str, query: str) -> list[tuple[Any, ...]]:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def asked(url: str, query: str) -> int:
    return int(rows_of(url, query)[0][0])


def lost_pictures(url: str, before: set[str], ours: Path, theirs: Path) -> list[str]:
    """Of the restored site: files that a row names and that are not as ours, and pictures without a row."""
    files = [file for (file,) in rows_of(url, PICTURES)]
    lost = [file for file in files if not (theirs / file).is_file()]
    differing = [file for file in set(files) - set(lost) if (theirs / file).read_bytes() != (ours / file).read_bytes()]
    return lost + differing + sorted(before - {Path(file).name for file in files})


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


def test_r12_backup_under_writes_is_of_one_moment(stack: House, note: Any, tmp_path: Path) -> None:
    url = stack.server.url()
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(PAIRS)
    pairs, stories, pictures = Pairs(url), Stories(stack), Pictures(stack)
    try:
        with another(stack, "newsroom_again") as site, writing(pairs, stories, pictures) as (desk, album, rows):
            rows.wait_for(50)
            # What somebody was told is saved before it begins must be in it.
            before = pairs.count, set(stories.saved), set(pictures.names)
            began = time.monotonic()
            stack.there.site().manage("backup", str(tmp_path))
            backed_up = time.monotonic() - began
            desk.wait_for(2)
            album.wait_for(2)
            began = time.monotonic()
            [backup] = [path for path in tmp_path.iterdir() if (path / "manifest.json").exists()]
            site.manage("restore", str(backup))
            restored = time.monotonic() - began
            again = beside(url, "newsroom_again")
            half = asked(again, HALF) + asked(again, WITHOUT_VERSION)
            count = len(set(rows_of(again, NUMBERS)))
            lost_pairs = set(range(before[0])) - {number for (number,) in rows_of(again, NUMBERS)}
            lost_stories = before[1] - {headline for (headline,) in rows_of(again, HEADLINES)}
            media = [Path(one.variables["MEDIA_ROOT"]) for one in (stack.there.site(), site)]
            lost_files = lost_pictures(again, before[2], *media)
            site.manage("check")
    finally:
        pairs.connection.close()
        stack.sql("DROP TABLE pairs")
    note(
        "R12",
        "backup while pairs of rows, stories and pictures are written, restored in a new database",
        expected="consistent, 0 half rows, nothing missing that was saved before it",
        measured=f"{half} half of {count} pairs and the stories; of {before[0]} pairs, {len(before[1])} stories and "
        f"{len(before[2])} pictures before it {len(lost_pairs)}, {len(lost_stories)}, {len(lost_files)} are missing; "
        f"backup {backed_up:.1f} s, restore {restored:.1f} s; {len(rows.answers)} pairs; stories {desk}; "
        f"pictures {album}",
    )
    assert half == 0
    assert (lost_pairs, lost_stories, lost_files) == (set(), set(), [])
    assert all(before)
    assert count < pairs.count
    assert desk.others_than(302) == album.others_than(200) == []


@contextmanager
def writing(pairs: Pairs, stories: Stories, pictures: Pictures) -> Iterator[tuple[Load, Load, Load]]:
    """The desk, and whoever writes pairs, as fast as they can."""
    with (
        load_of([stories.write], threads=1) as desk,
        load_of([pictures.bring_in], threads=1) as album,
        load_of([pairs.write], threads=1, pause=0.001) as rows,
    ):
        yield desk, album, rows
