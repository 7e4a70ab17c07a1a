"""Redis and the mail server: what the site uses and can be without for a while."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from threading import Thread
from typing import Any

from deploy.ports import HOST
from tasks.defining import BACKOFF
from tests.faults.asking import ANEW, Answer, Load, Request, load_of, slack, wait_until
from tests.faults.deeds import done
from tests.faults.house import House
from tests.site.serving import ROOT

# s: as long as two rounds of the circuit breaker (newsroom.lib.redis_line.OPEN).
OUTAGE = 12
# s: how old pages are at most where there is no Redis (docs/scaling.md): by a machine, and by nginx that nobody called.
SECONDS_MACHINE, SECONDS_NGINX = 1, 11
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SUBSCRIBE = "/newsletter/subscribe/"
MAILING_LIST = "from tests.factories import make_mailing_list; make_mailing_list('أخبار المدينة')"
ATTEMPTS = "is tried again in 10 s"  # of tasks.defining, the first pause
EMAIL_TIMEOUT = 5  # s: of newsroom.settings
LATE = 10  # s: by how much a worker that has other things to do may be late


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


@dataclass
class Edited:
    """What an editor did meanwhile, and after how many seconds each machine showed it, and nginx."""

    answers: list[Answer]
    seconds: dict[str, float]

    def __str__(self) -> str:
        shown = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in self.seconds.items())
        return f"saved and published ({seconds_of(self.answers)}), shown by {shown}"


def edit(house: House, headline: str) -> Edited:
    """Save a draft under this headline and publish it, by the forms of the desk."""
    address = f"/admin/articles/article/{done(house, 'draft', headline='مسودة', like=min(house.stories))['pk']}"
    page = house.paths["section"]
    lists = {web: house.direct_asking(web, page) for web in house.webs} | {"nginx": house.asking(page)}
    assert {ask().status for ask in lists.values()} == {200}  # kept by all of them
    publishing = f"{address}/publish/"
    form = house.form(f"{address}/change/") | {"headline": headline, "_continue": "1"}
    answers = [house.send(f"{address}/change/", form)]
    answers.append(house.send(publishing, house.form(publishing) | {"override": "تجربة"}))
    published = time.monotonic()
    seconds: dict[str, float] = {}
    while len(seconds) < len(lists) and time.monotonic() < published + 2 * SECONDS_NGINX:
        for name, ask in lists.items():
            if name not in seconds and headline in ask().text:
                seconds[name] = time.monotonic() - published
    return Edited(answers, seconds)


def outage(house: House, load: Load, headline: str, *, stop: signal.Signals) -> tuple[list[Answer], Edited]:
    """What readers were answered meanwhile, and what became of an editor's work."""
    began = time.monotonic()
    house.there.crew.signal("redis", stop)
    edited = edit(house, headline)
    time.sleep(max(0, began + OUTAGE - time.monotonic()))
    return load.since(began), edited


def test_r5_redis_that_hangs_or_is_gone_slows_nobody_down(cluster: House, note: Any) -> None:
    with load_of(visitors(cluster), threads=3) as load:
        load.wait_for(60)
        before = list(load.answers)
        silent, edited = outage(cluster, load, "خبر نُشر وذاكرة الموقع صامتة", stop=signal.SIGSTOP)
        cluster.there.crew.signal("redis", signal.SIGCONT)
        load.wait_for(30)
        dead, edited_too = outage(cluster, load, "خبر نُشر وذاكرة الموقع غائبة", stop=signal.SIGKILL)
        cluster.there.crew.start(cluster.there.service("redis"))
        load.wait_for(30)
    note(
        "R5",
        f"Redis stands still for {OUTAGE} s, goes on, is killed, comes back",
        expected="200, no page above 1 s, circuit breaker of 5 s; POST ok, pages of each machine a second old at most",
        measured=f"{load}; before {seconds_of(before)}; silent {seconds_of(silent)}; killed {seconds_of(dead)}; "
        f"silent: {edited}; killed: {edited_too}",
    )
    assert load.others_than(200, 204) == []
    usual = max(each.seconds for each in before)
    assert max(answer.seconds for answer in silent + dead) < 1 + usual
    for each in (edited, edited_too):
        assert [answer.status for answer in each.answers] == [302, 302], list(map(str, each.answers))
        # 0.4: one request of each process waits for Redis, to connect and for an answer.
        limits = dict.fromkeys(cluster.webs, SECONDS_MACHINE) | {"nginx": SECONDS_NGINX}
        assert {name for name, seconds in each.seconds.items() if seconds < limits[name] + 0.4 + usual} == set(limits)
    # Waits of 0.2 s are those of one request in five seconds and process.
    assert quantiles([answer.seconds for answer in silent], n=20)[-1] < 0.2 + usual


class Silence:
    """A mail server that takes connections and never says a word. Notes when each came and when its client gave up.

    By time.time(), as the log of the sink.
    """

    def __init__(self, port: int) -> None:
        self.server = socket.create_server((HOST, port))
        self.came: list[float] = []
        self.left: list[float] = []

    def __enter__(self) -> "Silence":
        Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        # A thread that waits in accept() is not woken by close().
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _address = self.server.accept()
                self.came.append(time.time())
                Thread(target=self._wait, args=[connection], daemon=True).start()

    def _wait(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while connection.recv(1000):
                pass
        self.left.append(time.time())


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
    usual = slack([stack.asking("/", headers=ANEW)])
    stack.there.site().manage("shell", "--no-imports", "--command", MAILING_LIST)
    refused = said(stack, ATTEMPTS)
    with Silence(smtp_port) as server:
        asked = [subscribe(stack, "first@example.org")]
        # A worker that another fault has ended is started anew after half a minute at most.
        wait_until(lambda: bool(server.came), 60)
        wait_until(lambda: len(server.left) == 2, 2 * EMAIL_TIMEOUT + BACKOFF[0] + LATE)
    asked.append(subscribe(stack, "second@example.org"))
    wait_until(lambda: said(stack, ATTEMPTS) == refused + 2)
    queued = unsent(stack)
    log = tmp_path / "taken.log"
    with mail_server(smtp_port, log):
        wait_until(lambda: unsent(stack) == 0, BACKOFF[1] + LATE)
    taken = {line[0]: float(line[3]) for line in map(str.split, log.read_text(encoding="utf-8").splitlines())}
    patience = [left - came for came, left in zip(server.came, server.left, strict=True)]
    pauses = [server.came[1] - server.left[0], taken["first@example.org"] - server.left[1]]
    note(
        "R6",
        "a mail server that is silent, then refuses connections, then is back",
        expected="request unaffected, mail queued, retry with backoff",
        measured=f"{max(answer.seconds for answer in asked):.2f} s for the request, {queued} mails queued, "
        f"given up after {max(patience):.1f} s of silence, tried again after {pauses[0]:.0f} s and {pauses[1]:.0f} s",
    )
    assert [answer.status for answer in asked] == [302, 302]
    assert max(answer.seconds for answer in asked) < 1 + usual
    assert queued == 2
    assert taken.keys() == {"first@example.org", "second@example.org"}
    assert all(EMAIL_TIMEOUT - 0.5 < seconds < EMAIL_TIMEOUT + 1 for seconds in patience)
    for pause, wanted in zip(pauses, BACKOFF, strict=False):
        assert wanted - 1 < pause < wanted + LATE
