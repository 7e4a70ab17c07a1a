"""Databases that are started anew, gone, slow, or being changed."""

import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from tests.faults.asking import ANEW, Answer, at_once, load_of, wait_until
from tests.faults.house import House
from tests.faults.slowing import STATEMENT_SECONDS, sleeping, slow_table
from tests.site.serving import ROOT

# As in the recipe, and twice as many as the web server has threads (gunicorn.conf.py: two workers of eight).
SLOW_PAGES = (8, 32)
THREADS = 8  # of one worker; it may get all of the requests


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
    good = [answer for answer in load.answers if 200 <= answer.status < 500]
    pauses = [answer for answer in load.answers if answer.is_a_pause]
    note(
        f"R3 {name}",
        "the database that writes is started anew, twice, under load",
        expected="only 503 + Retry-After, or none",
        measured=f"{len(good)} answers, {len(pauses)} × 503 + Retry-After; slowest {load.slowest:.2f} s",
    )
    assert [str(answer) for answer in load.answers if answer not in good and not answer.is_a_pause] == []
    assert {answer.status for answer in good} <= {200, 204, 400, 403}


def test_r4_readers_get_what_is_kept_while_both_databases_are_down(cluster: House, note: Any) -> None:
    kept = ["/", cluster.paths["article"], cluster.paths["section"]]
    for path in kept * 2:
        assert cluster.ask(path).status == 200
        assert {cluster.direct(web, path).status for web in cluster.webs} == {200}
    for name in databases_of(cluster):
        cluster.there.crew.stop(cluster.there.service(name))
    time.sleep(3)
    copies = [cluster.ask(path) for _ in range(5) for path in kept]
    machines = [cluster.direct(web, "/livez") for web in cluster.webs] + [cluster.ask("/livez")]
    unready = [cluster.direct(web, "/readyz") for web in cluster.webs]
    # The home page is made of parts that are kept, too.
    anew = [cluster.ask(path, headers=ANEW) for path in kept if path != "/"] + [
        cluster.ask(f"/search/?q={time.time_ns()}")
    ]
    desk = cluster.ask("/admin/", headers=cluster.as_editor)
    seconds = seconds_until_ready(cluster)
    note(
        "R4",
        "primary and replica stopped",
        expected="kept pages 200, others Arabic 503, /livez 200, /readyz 503, ready again at once",
        measured=f"kept {words(copies)}; others {words([*anew, desk])}; /livez {words(machines)}; "
        f"/readyz {words(unready)}; ready {seconds:.2f} s after the start",
    )
    assert {answer.status for answer in copies + machines} == {200}
    assert {answer.status for answer in unready} == {503}
    wrong = [str(answer) for answer in [*anew, desk] if not (answer.is_a_pause and answer.is_arabic)]
    assert wrong == []
    assert seconds < 2


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
    assert slow.slowest < STATEMENT_SECONDS + 3
    assert alive.others_than(200) == []
    assert alive.slowest < 1
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
        measured=f"readers {load}; migration tried again {done[0].stderr.count('trying again')} times, then "
        f"{'done' if done[0].returncode == 0 else 'failed'}",
    )
    assert load.others_than(200) == []
    assert 0.5 < load.slowest < 2
    assert "A table is in use; trying again" in done[0].stderr
    assert (done[0].returncode, undone.returncode) == (0, 0)
