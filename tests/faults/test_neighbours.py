"""Redis and the mail server: what the site uses and can be without for a while."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

from deploy.ports import HOST
from tests.faults.asking import ANEW, Answer, Load, Request, load_of, wait_until
from tests.faults.house import House
from tests.site.serving import ROOT

# s: as long as two rounds of the circuit breaker (newsroom.lib.redis_line.OPEN).
OUTAGE = 12
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SUBSCRIBE = "/newsletter/subscribe/"
MAILING_LIST = "from tests.factories import make_mailing_list; make_mailing_list('أخبار المدينة')"
ATTEMPTS = "is tried again in 10 s"  # of tasks.defining, the first pause


def visitors(house: House) -> list[Request]:
    """Pages that are kept and pages that are not, reads that are counted in Redis, and a form."""
    article = min(house.stories)
    as_browser = {"User-Agent": BROWSER, "Sec-Fetch-Site": "same-origin"}
    return [
        house.asking("/"),
        *(lambda web=web: house.direct(web, house.paths["article"]) for web in house.webs),
        *(lambda web=web: house.direct(web, "/", headers=ANEW) for web in house.webs),
        house.asking("/reads/", method="POST", form={"article": str(article)}, headers=as_browser),
        house.asking("/admin/login/"),
        house.asking("/admin/", headers=house.as_editor),
    ]


def seconds_of(answers: list[Answer]) -> str:
    seconds = [answer.seconds for answer in answers]
    return f"median {quantiles(seconds)[1]:.2f} s, slowest {max(seconds):.2f} s"


def outage(house: House, load: Load, *, stop: signal.Signals) -> list[Answer]:
    began = time.monotonic()
    house.there.crew.signal("redis", stop)
    time.sleep(OUTAGE)
    return load.since(began)


def test_r5_redis_that_hangs_or_is_gone_slows_nobody_down(cluster: House, note: Any) -> None:
    with load_of(visitors(cluster), threads=3) as load:
        load.wait_for(60)
        before = list(load.answers)
        silent = outage(cluster, load, stop=signal.SIGSTOP)
        cluster.there.crew.signal("redis", signal.SIGCONT)
        load.wait_for(30)
        dead = outage(cluster, load, stop=signal.SIGKILL)
        cluster.there.crew.start(cluster.there.service("redis"))
        load.wait_for(30)
    note(
        "R5",
        f"Redis stands still for {OUTAGE} s, goes on, is killed, comes back",
        expected="200, no page above 1 s, circuit breaker of 5 s",
        measured=f"{load}; before {seconds_of(before)}; silent {seconds_of(silent)}; killed {seconds_of(dead)}",
    )
    assert load.others_than(200, 204) == []
    assert max(answer.seconds for answer in silent + dead) < 1
    # Waits of 0.2 s are those of one request in five seconds and process.
    assert quantiles([answer.seconds for answer in silent], n=20)[-1] < 0.2 + max(each.seconds for each in before)


@contextmanager
def silence(port: int) -> Iterator[None]:
    """A mail server that takes connections and never says a word."""
    with socket.create_server((HOST, port)):
        yield


@contextmanager
def mail_server(port: int, log: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.smtp_sink", "--log", str(log), "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        server.stdout.readline()
        yield
    finally:
        server.terminate()
        server.communicate()


def said(house: House, words: str) -> int:
    return house.there.crew.log("worker").read_text(encoding="utf-8", errors="replace").count(words)


def unsent(house: House) -> int:
    query = "SELECT count(*) FROM newsletter_confirmationrequest WHERE sent_at IS NULL"
    return int(house.sql(query)[0][0])


def subscribe(house: House, address: str) -> Answer:
    return house.ask(SUBSCRIBE, method="POST", form={"email": address})


def test_r6_mail_waits_for_its_server(stack: House, smtp_port: int, tmp_path: Path, note: Any) -> None:
    stack.there.site().manage("shell", "--no-imports", "--command", MAILING_LIST)
    before = said(stack, ATTEMPTS)
    with silence(smtp_port):
        asked = [subscribe(stack, "first@example.org")]
        wait_until(lambda: said(stack, ATTEMPTS) == before + 1)
    asked.append(subscribe(stack, "second@example.org"))
    wait_until(lambda: said(stack, ATTEMPTS) == before + 2)
    queued = unsent(stack)
    with mail_server(smtp_port, tmp_path / "taken.log"):
        seconds = wait_until(lambda: unsent(stack) == 0, 30)
    taken = [line.split()[0] for line in (tmp_path / "taken.log").read_text(encoding="utf-8").splitlines()]
    note(
        "R6",
        "a mail server that is silent, then refuses connections, then is back",
        expected="request unaffected, mail queued, retry with backoff",
        measured=f"{max(answer.seconds for answer in asked):.2f} s for the request, {queued} mails queued, "
        f"tried again after 10 s, all sent {seconds:.1f} s after the server was back",
    )
    assert [answer.status for answer in asked] == [302, 302]
    assert max(answer.seconds for answer in asked) < 1
    assert queued == 2
    assert sorted(taken) == ["first@example.org", "second@example.org"]
