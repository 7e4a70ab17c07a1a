"""Databases that are started anew, gone, slow, or being changed."""

import subprocess
import sys
import threading
import time
from collections import Counter
from typing import Any

import pytest

from tests.faults.asking import ANEW, Answer, at_once, load_of, slack, wait_until
from tests.faults.house import House
from tests.faults.killing import kill_workers, workers_of
from tests.faults.slowing import STATEMENT_SECONDS, sleeping, slow_table
from tests.site.serving import ROOT

# As in the recipe, and twice as many as the web server has threads (gunicorn.conf.py: two workers of eight).
SLOW_PAGES = (8, 32)
THREADS = 8  # of one worker; it may get all of the requests
# What a page that is kept says of itself (newsroom.page_cache): s-maxage and stale-while-revalidate.
SECONDS_FRESH, SECONDS_OLD = 5, 4
ENCODINGS = ("br", "gzip", "identity")


def databases_of(house: House) -> list[str]:
    return [service.name for service in house.there.below() if service.name != "redis"]


def restart(house: House, name: str) -> None:
    service = house.there.service(name)
    house.there.crew.stop(service)
    house.there.crew.start(service)


@pytest.mark.parametrize("name", ["stack", "cluster"])
def test_r3_restart_of_the_database_is_a_pause(request: pytest.FixtureRequest, name: str, note: Any) -> None:
    house: House = request.getfixturevalue(name)
    asked = [house.asking(path, headers=ANEW) for path in ("/", house.paths["article"], "/admin/login/")]
    asked += [house.asking("/"), house.asking("/admin/", headers=house.as_editor)]
    asked += [house.asking("/reads/", method="POST", form={"article": "1"})]
    with load_of(asked) as load:
        for _ in range(2):
            restart(house, databases_of(house)[0])
            load.wait_for(60)
    good = [answer for answer in load.answers if answer.status == (204 if "/reads/" in answer.asked else 200)]
    pauses = [answer for answer in load.answers if answer.is_a_pause]
    note(
        f"R3 {name}",
        "the database that writes is started anew, twice, under load",
        expected="only 503 + Retry-After, or none",
        measured=f"{len(good)} answers, {len(pauses)} × 503 + Retry-After; slowest {load.slowest:.2f} s",
    )
    assert [str(answer) for answer in load.answers if answer not in good and not answer.is_a_pause] == []


def copies_of(house: House, paths: list[str]) -> list[Answer]:
    """As readers ask: with Brotli, without it, and without either."""
    return [house.ask(path, headers={"Accept-Encoding": encoding}) for encoding in ENCODINGS for path in paths]


def test_r4_readers_get_what_is_kept_while_both_databases_are_down(cluster: House, note: Any) -> None:
    """First from the web servers that keep it, past the time for which nginx may; then, when these have begun anew
    and keep nothing, from nginx alone (stale-if-error)."""
    kept = ["/", cluster.paths["article"], cluster.paths["section"]]
    for _ in range(2):
        assert {answer.status for answer in copies_of(cluster, kept)} == {200}
        assert {cluster.direct(web, path).status for web in cluster.webs for path in kept} == {200}
    before = slack([cluster.direct_asking(web, "/", headers=ANEW) for web in cluster.webs])
    for name in databases_of(cluster):
        cluster.there.crew.stop(cluster.there.service(name))
    copies, until = [], time.monotonic() + 3 * (SECONDS_FRESH + SECONDS_OLD)
    while time.monotonic() < until:
        copies += copies_of(cluster, kept)
        time.sleep(1)
    machines = [cluster.direct(web, "/livez") for web in cluster.webs] + [cluster.ask("/livez")]
    unready = [cluster.direct(web, "/readyz") for web in cluster.webs]
    anew = [cluster.ask(path, headers=ANEW) for path in kept if path != "/"]
    anew += [cluster.ask(f"/search/?q={time.time_ns()}"), cluster.ask("/admin/", headers=cluster.as_editor)]
    # It is made of parts that are kept, too: the web servers still have them.
    home = cluster.ask("/", headers=ANEW)
    forget_all(cluster)
    time.sleep(SECONDS_FRESH + SECONDS_OLD + 1)  # nginx is past every time for which it needs to ask nobody
    left = copies_of(cluster, kept)
    forgotten = [cluster.direct(web, path) for web in cluster.webs for path in kept]
    forgotten.append(cluster.ask("/", headers=ANEW))
    seconds = seconds_until_ready(cluster)
    note(
        "R4",
        "primary and replica stopped; after half a minute all workers killed as well",
        expected="kept pages 200 (stale-if-error), others Arabic 503, /livez 200, /readyz 503, ready again at once",
        measured=f"kept {words(copies)} {caches(copies)}, without the workers' memory {words(left)} {caches(left)}; "
        f"others {words([*anew, *forgotten])}, home page made anew {home.status}; /livez {words(machines)}; "
        f"/readyz {words(unready)}; ready {seconds:.2f} s after the start",
    )
    assert {answer.status for answer in copies + machines + left} == {200}
    assert {answer.headers.get("x-cache") for answer in left} == {"STALE"}
    assert {answer.status for answer in unready} == {503}
    assert [str(answer) for answer in [*anew, *forgotten] if not (answer.is_a_pause and answer.is_arabic)] == []
    assert home.status == 200 or (home.is_a_pause and home.is_arabic), str(home)
    assert seconds < 2 + before


def forget_all(house: House) -> None:
    """New workers of all web servers, which keep nothing yet."""
    for web in house.webs:
        before = workers_of(house, web)
        kill_workers(house, web)
        wait_until(lambda web=web, before=before: bool(set(workers_of(house, web)) - set(before)))
        wait_until(lambda web=web: house.direct(web, "/livez", timeout=3).status == 200)


def caches(answers: list[Answer]) -> str:
    counted = Counter(answer.headers.get("x-cache", "none") for answer in answers)
    return "(" + ", ".join(f"{count} {name}" for name, count in counted.most_common()) + ")"


def words(answers: list[Answer]) -> str:
    slowest = max(answer.seconds for answer in answers)
    return f"{'/'.join(sorted({str(answer.status) for answer in answers}))} (≤ {slowest:.2f} s)"


def seconds_until_ready(house: House) -> float:
    """From the moment when the databases answer until the web servers say that they are ready and make pages."""
    for name in reversed(databases_of(house)):
        house.there.crew.start(house.there.service(name))
    return wait_until(
        lambda: all(
            answer.status == 200
            for web in house.webs
            for answer in (house.direct(web, "/readyz"), house.direct(web, "/", headers=ANEW))
        )
    )


@pytest.mark.parametrize("asked", SLOW_PAGES)
def test_r8_slow_database_holds_threads_for_seconds_only(stack: House, asked: int, note: Any) -> None:
    path = stack.paths["article"]
    assert stack.ask("/").status == 200
    before = slack([stack.asking("/livez")], threads=1)
    with slow_table(stack, "articles_article", 30):
        slow = at_once([stack.asking(path, headers=ANEW)] * asked)
        wait_until(lambda: sleeping(stack) >= THREADS - 1, 5)
        with load_of([stack.asking("/livez")], threads=1, pause=0.1) as alive:
            slow.end()
        kept = stack.ask("/")
    note(
        f"R8 {asked}",
        f"{asked} pages whose statement takes 30 s",
        expected="statement_timeout frees threads, health stays < 1 s",
        measured=f"{slow}; /livez meanwhile {alive}",
    )
    assert {answer.is_a_pause for answer in slow.answers} == {True}
    assert slow.slowest < STATEMENT_SECONDS + 3 + before
    assert alive.others_than(200) == []
    assert alive.slowest < 1 + before
    assert kept.status == 200


def migrate(house: House, *target: str) -> "subprocess.CompletedProcess[str]":
    """With an application more, whose migration changes the table of all stories."""
    variables = house.there.site().variables | {"DJANGO_SETTINGS_MODULE": "tests.faults.waiting_migration.settings"}
    command = [sys.executable, "manage.py", "migrate", "waiting_migration", *target]
    return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)


def test_r11_migration_waits_and_readers_do_not(stack: House, note: Any) -> None:
    done: list[subprocess.CompletedProcess[str]] = []
    migrating = threading.Thread(target=lambda: done.append(migrate(stack)))
    asked = [stack.asking(path, headers=ANEW) for path in ("/", stack.paths["article"])]
    before = slack(asked)
    with load_of(asked) as load, stack.connected() as reader, reader.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM articles_article")
        migrating.start()
        wait_until(lambda: stack.waiting("ALTER TABLE%") == 1, 40)
        time.sleep(6)
        reader.rollback()
        migrating.join()
    undone = migrate(stack, "zero")
    note(
        "R11",
        "a migration that changes a table which somebody reads for six seconds",
        expected="lock_timeout ends the migration, not the site (reader about 1 s, migration is tried again)",
        measured=f"readers {load}, before it {before:.2f} s; "
        f"migration tried again {done[0].stderr.count('trying again')} times, then "
        f"{'done' if done[0].returncode == 0 else 'failed'}",
    )
    assert load.others_than(200) == []
    assert 0.5 < load.slowest < 2 + before
    assert "A table is in use; trying again" in done[0].stderr
    assert (done[0].returncode, undone.returncode) == (0, 0)
