"""A database of thousands of stories is taken forward and back while the version before serves and publishes."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from deploy.site import Site
from tests.faults.asking import Answer, load_of
from tests.faults.house import House
from tests.faults.test_backups import another, asked, beside
from tests.house.test_migrations import LANDED
from tests.site.serving import ROOT

ROWS = 10_000
COUNT = "SELECT count(*) FROM articles_article"
# What may be copied from one story to another.
COLUMNS = """
    SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'articles_article'
    AND is_identity = 'NO' AND is_generated = 'NEVER' AND column_name NOT IN ('id', 'slug')
"""
# Each like the eldest that readers may see.
MORE = """
    INSERT INTO articles_article (slug, {names}) SELECT 'story-' || number, {names}
    FROM generate_series(1, %s) AS number,
    (SELECT * FROM articles_article WHERE status = 'approved' ORDER BY id LIMIT 1) AS story
"""
OURS = "newsroom.settings"
NEXT = "tests.faults.next_release.settings"


@dataclass(frozen=True)
class Release:
    """What is rolled out: the migrations of `steps` one after the other, each while the version before goes on.

    `since` are the last migrations that the version before knows. The new one, with `settings`, comes after the first
    step.
    """

    before: Path
    settings: str
    since: dict[str, str]
    steps: list[tuple[str, ...]]


def ahead() -> dict[str, list[Path]]:
    """The migrations that came after the version that is out, by application."""
    found = {app: sorted((ROOT / app / "migrations").glob("[0-9]*.py")) for app in LANDED}
    return {app: late for app, paths in found.items() if (late := [path for path in paths if path.stem > LANDED[app]])}


def git(*arguments: str | Path) -> bytes:
    """Raises CalledProcessError or OSError: there is no repository, or it does not go back so far."""
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout


def commit_before() -> str:
    """The one before the first migration that is ahead; '' where none is, or where the history does not have it."""
    added = [path.relative_to(ROOT) for paths in ahead().values() for path in paths]
    if not added:
        return ""
    try:
        commits = git("log", "--reverse", "--diff-filter=A", "--format=%H", "--", *added).decode().split()
        commit = f"{commits[0]}^" if commits else "HEAD"
        for app, name in LANDED.items():  # else it is older than the version that is out
            git("cat-file", "-e", f"{commit}:{app}/migrations/{name}.py")
    except (OSError, subprocess.CalledProcessError):
        return ""
    return commit


def this_release(folder: Path) -> Release:
    """From the version that is out to this one."""
    folder.mkdir()
    archive = git("archive", commit_before())
    subprocess.run(["tar", "--extract", "--directory", str(folder)], input=archive, check=True)
    return Release(folder, OURS, {app: LANDED[app] for app in ahead()}, [()])


def next_release(_folder: Path) -> Release:
    """From this version to one with a column more, back in everything but the schema, and rid of the column."""
    last = max(path.stem for path in (ROOT / "articles" / "migrations").glob("[0-9]*.py"))
    return Release(ROOT, NEXT, {"articles": last}, [("articles", "9002_index"), ("articles", "9003_contract")])


# The second needs no history; the first is there where this version changes the schema of the one that is out.
RELEASES = [*([this_release] if commit_before() else []), next_release]


def fill(url: str, count: int) -> None:
    """So many stories more, like one that is there."""
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        names = ", ".join(f'"{name}"' for (name,) in cursor.fetchall())
        cursor.execute(MORE.replace("{names}", names), (count,))


def copied(house: House, target: str) -> None:
    """The database of the house into an empty one."""
    programs = house.server.binaries
    dump = subprocess.run([programs / "pg_dump", "--no-owner", house.server.url()], capture_output=True, check=True)
    subprocess.run([programs / "psql", "--quiet", target], input=dump.stdout, capture_output=True, check=True)


def migrated(site: Site, settings: str, *targets: str) -> float:
    """Seconds."""
    began = time.monotonic()
    site.manage("migrate", "--no-input", "--verbosity=0", *targets, DJANGO_SETTINGS_MODULE=settings)
    return time.monotonic() - began


def columns(url: str) -> int:
    """How many the schema has: a migration that did nothing leaves as many."""
    return asked(url, "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public'")


class Version:
    """A process of some version of the site, whose database is at `url` (tests.faults.smoke)."""

    def __init__(self, site: Site, folder: Path, settings: str, url: str) -> None:
        kept = {name: value for name, value in site.variables.items() if not name.endswith("_FILE")}
        variables = kept | {
            "DATABASE_URL": url,
            "DEBUG": "1",
            "SITE_URL": "http://127.0.0.1:8000",
            "BEHIND_PROXY": "",
            "PYTHONPATH": str(folder),
            "DJANGO_SETTINGS_MODULE": settings,
        }
        command = [sys.executable, "-P", str(ROOT / "tests" / "faults" / "smoke.py")]
        pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.log = Path(site.variables["DATA_DIR"]) / f"{settings}.log"  # a pipe that nobody reads fills up
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, cwd=folder, env=variables, stderr=log, **pipes)

    def round(self) -> Answer:
        """The worst of what it answered to readers and to the desk; 0 and its last words where it ended."""
        began = time.monotonic()
        try:
            self.process.stdin.write("\n")
            self.process.stdin.flush()
            said = json.loads(self.process.stdout.readline())
        except (OSError, ValueError):
            return Answer("a round", 0, time.monotonic() - began, began, error=self.log.read_text()[-2000:])
        worst = max(said, key=said.get)
        return Answer(worst, said[worst], time.monotonic() - began, began)


@contextmanager
def version(site: Site, folder: Path, settings: str, url: str) -> Iterator[Version]:
    there = Version(site, folder, settings, url)
    try:
        yield there
    finally:
        there.process.kill()
        there.process.communicate()


@pytest.mark.parametrize("release_of", RELEASES)
def test_r17_version_before_answers_on_the_new_schema(release_of: Any, stack: House, note: Any, tmp_path: Path) -> None:
    release = release_of(tmp_path / "before")
    url = beside(stack.server.url(), "newsroom_many")
    with another(stack, "newsroom_many") as site:
        copied(stack, url)
        fill(url, ROWS)
        if release.before != ROOT:  # else the copy is as the version before knows it
            for target in release.since.items():
                migrated(site, release.settings, *target)
        few, schemas, forward = asked(url, COUNT), [columns(url)], 0.0
        with version(site, release.before, OURS, url) as old:
            rounds = [old.round()]  # it has started
            with load_of([old.round], threads=1, pause=0.2) as load:
                for step in release.steps:
                    forward += migrated(site, release.settings, *step)
                    schemas.append(columns(url))
                    load.wait_for(2, 60)
                    if step == release.steps[0]:
                        with version(site, ROOT, release.settings, url) as new:
                            rounds.append(new.round())
                back = sum(migrated(site, release.settings, *target) for target in release.since.items())
                schemas.append(columns(url))
        published = asked(url, COUNT) - few
        kept = asked(url, f"{COUNT} WHERE slug LIKE 'story-%'")
    note(
        f"R17 {release_of.__name__}",
        f"{len(release.steps)} steps forward and back with {ROWS} stories, the version before at work meanwhile",
        expected="both versions answer",
        measured=f"forward {forward:.1f} s, back {back:.1f} s; columns {schemas}; "
        f"rounds of pages and a story published by the version before: {load}; before and by the new one: "
        f"{', '.join(map(str, rounds))}",
    )
    assert len(set(schemas)) > 1
    assert schemas[0] == schemas[-1]
    assert load.others_than(200) == []
    assert [answer.status for answer in rounds] == [200, 200], rounds
    assert (kept, published) == (ROWS, len(load.answers) + len(rounds))
