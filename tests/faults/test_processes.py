"""Web servers that die, are exchanged, or are held up by clients who say nothing."""

import signal
import socket
import time
from contextlib import ExitStack
from typing import Any

import pytest

from deploy import processes
from deploy.ports import HOST
from tests.faults.asking import ANEW, at_once, load_of, slack, wait_until
from tests.faults.house import House
from tests.faults.killing import kill_workers, workers_of
from tests.faults.slowing import sleeping, slow_table
from tests.stack.readers import readers_of

ADD = "/admin/articles/article/add/"
HEADLINE = "خبر يُحفظ حين يموت الخادم"
SLOW_CLIENTS = 120
# Answers in all, at least: as many as when the table of faults was made.
MANY_KILLED, MANY_EXCHANGED = 117, 393


def rows_named(house: House, headline: str) -> int:
    return int(house.sql("SELECT count(*) FROM articles_article WHERE headline = %s", headline)[0][0])


def test_r1_save_is_not_half_done_when_every_worker_is_killed(stack: House, note: Any) -> None:
    before_that = slack([stack.asking("/", headers=ANEW)])
    form = stack.form(ADD) | {"headline": HEADLINE, "_continue": "1"}
    before = stack.sql("SELECT count(*) FROM articles_revision")
    # The row of the article is written by then, its first version waits.
    with stack.locked("articles_revision"):
        saving = at_once([lambda: stack.send(ADD, form)])
        wait_until(lambda: stack.waiting('INSERT INTO "articles_revision"%') == 1)
        killed = time.monotonic()
        kill_workers(stack, "web")
        wait_until(lambda: stack.direct("web", "/livez", timeout=3).status == 200)
        wait_until(lambda: stack.ask("/", headers=ANEW, timeout=3).status == 200)
        seconds = time.monotonic() - killed
        saving.end()
    wait_until(lambda: stack.waiting() == 0)
    rows = rows_named(stack, HEADLINE)
    note(
        "R1",
        "kill -9 of all workers while a story is being saved",
        expected="client error, no row, answers again < 3 s",
        measured=f"{saving.answers[0].error or saving.answers[0].status}, {rows} rows, again after {seconds:.2f} s",
    )
    assert saving.answers[0].status in {0, 502}
    assert rows == 0
    assert stack.sql("SELECT count(*) FROM articles_revision") == before
    assert seconds < 3 + before_that
    assert stack.send(ADD, form).status == 302
    assert rows_named(stack, HEADLINE) == 1


def test_r2_readers_do_not_notice_that_workers_are_killed(cluster: House, note: Any) -> None:
    asked = [cluster.asking(path, headers=ANEW) for path in ("/", cluster.paths["article"], "/admin/login/", "/livez")]
    with load_of([*asked, cluster.asking("/")]) as load:
        for web in ("web-1", "web-2") * 3:
            kill_workers(cluster, web)
            load.wait_for(MANY_KILLED // 6 + 1)
            wait_until(lambda web=web: cluster.direct(web, "/livez", timeout=3).status == 200)
    note(
        "R2",
        "kill -9 of the workers of one machine of two, six times, under GET",
        expected="no error",
        measured=str(load),
    )
    assert load.others_than(200) == []
    assert len(load.answers) >= MANY_KILLED


def test_r2_readers_do_not_notice_that_all_workers_are_killed(cluster: House, note: Any) -> None:
    """docs/proxy.md says who of them may: whose answer had begun, and who meets three dead connections in a row."""
    asked = [cluster.asking(path, headers=ANEW) for path in ("/", cluster.paths["article"], "/livez")]
    with load_of([*asked, cluster.asking("/")]) as load:
        for _ in range(3):
            processes.tell([pid for web in cluster.webs for pid in workers_of(cluster, web)], signal.SIGKILL)
            load.wait_for(MANY_KILLED // 3)
            for web in cluster.webs:
                wait_until(lambda web=web: cluster.direct(web, "/livez", timeout=3).status == 200)
    note("R2b", "the same of both machines at once, three times", expected="no error", measured=str(load))
    assert load.others_than(200) == []
    assert len(load.answers) >= MANY_KILLED


def test_r2_readers_do_not_notice_that_a_machine_is_gone(cluster: House, note: Any) -> None:
    asked = [cluster.asking(path, headers=ANEW) for path in ("/", cluster.paths["article"], "/livez")]
    with load_of([*asked, cluster.asking("/")]) as load:
        for web in ("web-1", "web-2"):
            service = cluster.there.service(web)
            cluster.there.crew.kill(service)
            load.wait_for(MANY_KILLED // 2)
            cluster.there.crew.start(service)
            load.wait_for(5)
    note("R2c", "kill -9 of a whole web server, then the other", expected="no error", measured=str(load))
    assert load.others_than(200) == []


def is_closed(client: socket.socket) -> bool:
    client.settimeout(0)
    try:
        return client.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def test_r9_clients_who_never_finish_hold_up_nobody(stack: House, note: Any) -> None:
    asked = [stack.asking("/"), stack.asking("/", headers=ANEW), stack.asking("/livez")]
    before = slack(asked)
    with ExitStack() as clients:
        slow = [
            clients.enter_context(socket.create_connection((HOST, stack.there.ports["proxy"])))
            for _ in range(SLOW_CLIENTS)
        ]
        for number, client in enumerate(slow):
            verb = "POST /newsletter/subscribe/" if number % 2 else "GET /"
            client.sendall(f"{verb} HTTP/1.1\r\nHost: {stack.netloc}\r\nContent-Length: 1000\r\nX-Slow: ".encode())
        with load_of(asked) as load:
            load.wait_for(60)
        seconds = wait_until(lambda: all(is_closed(client) for client in slow))
    note(
        "R9",
        f"{SLOW_CLIENTS} clients who send half a request",
        expected="others served within a second",
        measured=f"{load}; before it {before:.2f} s; the last of them was sent away {seconds:.0f} s later",
    )
    assert load.others_than(200) == []
    assert load.slowest < 1 + before


@pytest.mark.parametrize("keeps", [False, True])
def test_r10_workers_are_exchanged_without_a_lost_request(stack: House, keeps: bool, note: Any) -> None:
    old = workers_of(stack, "web")
    with readers_of(stack.there.url, keeps=keeps) as readers:
        for _ in range(3):
            before = workers_of(stack, "web")
            stack.there.crew.signal("web", signal.SIGHUP)
            wait_until(lambda before=before: not set(before) & set(workers_of(stack, "web")), 40)
            readers.wait_for_answers(MANY_EXCHANGED // 3)
    note(
        "R10a" if keeps else "R10",
        f"HUP three times under GET and POST, {'kept' if keeps else 'new'} connections (USR2, machines: tests/stack)",
        expected="0 lost",
        measured=f"{len(readers.failures)} lost of {readers.answers.total()}; slowest {readers.slowest:.2f} s",
    )
    assert readers.failures == []
    assert readers.answers.total() >= MANY_EXCHANGED
    assert not set(old) & set(workers_of(stack, "web"))


MANY = 40  # at once, so that each worker gets one


def test_r10_request_under_way_is_finished(stack: House, note: Any) -> None:
    """By the old worker, which takes no other."""
    path = stack.paths["article"]
    finished = []
    for exchange in (lambda: stack.there.crew.signal("web", signal.SIGHUP), stack.there.upgrade_web):
        at_once([stack.asking(path, headers=ANEW)] * MANY).end()  # the first page of a worker asks for more
        with slow_table(stack, "articles_article", 3):
            under_way = at_once([stack.asking(path, headers=ANEW)])
            wait_until(lambda: sleeping(stack) == 1)
            exchange()
            under_way.end()
        finished += under_way.answers
    note(
        "R10b",
        "HUP, then USR2, while a page is being made that takes three seconds",
        expected="the request is finished",
        measured=", ".join(f"{answer.error or answer.status} after {answer.seconds:.1f} s" for answer in finished),
    )
    assert [answer.status for answer in finished] == [200, 200]
    assert min(answer.seconds for answer in finished) > 2
