"""A database of thousands of stories is taken forward and back, and the version before answers on the new schema."""

import json
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from deploy.site import Site
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
# Of the version before: pages for readers and the desk, and a story that is saved.
SMOKE = """
import json
from django.test import Client
from accounts.models import User
from articles.models import Article
story = Article.objects.published().order_by("-published_at").first()
chief = User.objects.create_superuser(f"smoke{User.objects.count()}", password="of the version before")
client = Client(headers={"host": "127.0.0.1"})
paths = ["/", story.get_absolute_url(), story.section.get_absolute_url(), "/admin/login/"]
said = {path: client.get(path).status_code for path in paths}
client.force_login(chief)
said |= {path: client.get(path).status_code for path in ("/admin/", "/admin/articles/article/")}
Article.objects.create(headline="من النسخة السابقة", section=story.section, created_by=chief)
print(json.dumps(said))
"""
# Each like the eldest that readers may see.
MORE = """
    INSERT INTO articles_article (slug, {names}) SELECT 'story-' || number, {names}
    FROM generate_series(1, %s) AS number,
    (SELECT * FROM articles_article WHERE status = 'approved' ORDER BY id LIMIT 1) AS story
"""


def ahead() -> dict[str, list[Path]]:
    """The migrations that came after the version that is out, by application."""
    found = {app: sorted((ROOT / app / "migrations").glob("[0-9]*.py")) for app in LANDED}
    return {app: [path for path in paths if path.stem > LANDED[app]] for app, paths in found.items()}


def git(*arguments: str | Path) -> bytes:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"the version before is not here: {done.stderr.decode(errors='replace').strip()[:200]}")
    return done.stdout


def version_before(folder: Path) -> None:
    """Its files: of the commit before the first migration that is ahead."""
    added = [path.relative_to(ROOT) for paths in ahead().values() for path in paths]
    commits = git("log", "--reverse", "--diff-filter=A", "--format=%H", "--", *added).decode().split()
    commit = f"{commits[0]}^" if commits and added else "HEAD"
    for app, name in LANDED.items():  # else it is older than the version that is out
        git("cat-file", "-e", f"{commit}:{app}/migrations/{name}.py")
    archive = git("archive", commit)
    folder.mkdir()
    subprocess.run(["tar", "--extract", "--directory", str(folder)], input=archive, check=True)


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


def migrated(site: Site, *targets: str) -> float:
    """Seconds."""
    began = time.monotonic()
    site.manage("migrate", "--no-input", "--verbosity=0", *targets)
    return time.monotonic() - began


def smoke(site: Site, folder: Path, url: str) -> dict[str, int]:
    """Status by path, from the code in `folder`."""
    kept = {name: value for name, value in site.variables.items() if not name.endswith("_FILE")}
    variables = kept | {"DATABASE_URL": url, "DEBUG": "1", "SITE_URL": "http://127.0.0.1:8000", "BEHIND_PROXY": ""}
    command = [sys.executable, "manage.py", "shell", "--command", SMOKE]
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_r17_version_before_answers_on_the_new_schema(stack: House, note: Any, tmp_path: Path) -> None:
    version_before(tmp_path / "before")
    url = beside(stack.server.url(), "newsroom_many")
    with another(stack, "newsroom_many") as site:
        copied(stack, url)
        few = asked(url, COUNT)
        fill(url, ROWS)
        back = sum(migrated(site, app, LANDED[app]) for app, paths in ahead().items() if paths)
        kept = asked(url, COUNT)
        forward = migrated(site)
        said = smoke(site, tmp_path / "before", url)
        after = asked(url, COUNT)
    note(
        "R17",
        f"{sum(map(len, ahead().values()))} migrations back and forward with {ROWS} stories, the version before on it",
        expected="both versions answer",
        measured=f"back {back:.1f} s, forward {forward:.1f} s; "
        f"the version before on the new schema: {len(said)} pages {sorted(set(said.values()))} and a story saved",
    )
    assert set(said.values()) == {200}
    assert (kept, after) == (few + ROWS, few + ROWS + 1)
