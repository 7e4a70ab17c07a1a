"""How fast the newsletter is made and sent, with the database and a mail server on this machine.

    python -m benchmarks.newsletter [--postgres] [--only word] [--mails 30000] [--readers 1000000]

Two worker processes send to tests.smtp_sink on the same processors, and so does, in the same run, the loop of Django's
own EmailMultiAlternatives with which they are compared. Rates are by the clock, so a busy machine shows; the processor
time of a message does not depend on it.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.measuring import Figure, Measuring, main, say, tell_result
from tests.newsletter import mailroom

MAILS = 30_000
READERS = 1_000_000
LOOP = 500  # mails of the loop that we are compared with
MADE = 5_000
# Beside the work that is measured: how long at a time the database is locked against writers, and how long a writer
# waits that asks again as Django's connections do. Both in milliseconds, at the end.
PROBE = """
import select, sqlite3, sys, time
impatient = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
patient = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
longest_lock = longest_wait = 0.0
while not select.select([sys.stdin], [], [], 0.001)[0]:
    start = time.perf_counter()
    while True:
        try:
            impatient.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            time.sleep(0.0005)
            continue
        impatient.execute("COMMIT")
        break
    longest_lock = max(longest_lock, time.perf_counter() - start)
    time.sleep(0.01)
    start = time.perf_counter()
    patient.execute("BEGIN IMMEDIATE")
    patient.execute("COMMIT")
    longest_wait = max(longest_wait, time.perf_counter() - start)
print(longest_lock * 1000, longest_wait * 1000)
"""


def run(arguments: argparse.Namespace) -> int:
    folder = Path(os.environ["DATA_DIR"])
    measuring = Measuring(arguments.only)
    with mailroom.running_sink(folder) as (port, log):
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
        mailroom.set_up(folder, port=port, database_url=os.environ.get("DATABASE_URL", ""))
        issue = mailroom.fill(arguments.mails)
        making(measuring, issue)
        sending(measuring, issue, port=port, log=log, folder=folder)
    if arguments.readers:
        freezing(measuring, arguments.readers)
    return tell_result(measuring)


def making(measuring: Measuring, issue: Any) -> None:
    """Milliseconds of processor for one message, its ten articles compiled before."""
    from newsletter.mails.assembling import Assembler, Recipient  # noqa: PLC0415 - needs the set-up
    from newsletter.mails.compiling import compile_issue  # noqa: PLC0415

    assembler = Assembler(issue, compile_issue(issue))
    people = [Recipient(n, n, n, "a", f"reader{n}@example.com", "ليلى") for n in range(1, MADE + 1)]
    start = time.process_time()
    sizes = [len(assembler.message(person)) for person in people]
    each = (time.process_time() - start) * 1000 / MADE
    measuring.say(Figure("a message made from the compiled issue, microseconds", each * 1000, most=300, unit="µs"))
    measuring.say(Figure("its size", statistics.mean(sizes), unit="bytes"))


def sending(measuring: Measuring, issue: Any, *, port: int, log: Path, folder: Path) -> None:
    """Messages a second from the first to the last that the sink took, and how much the workers grew."""
    from newsletter.sending import lifecycle  # noqa: PLC0415 - needs the set-up

    by_django = django_loop(issue, port=port)
    log.write_bytes(b"")
    lifecycle.send_now(issue, by=None, expected_count=lifecycle.candidate_count(issue.mailing_list)[0])
    with mailroom.working(2, log=folder / "workers.log") as workers:
        sizes = watch(workers, issue)
    times = [float(line.split()[-1]) for line in log.read_text().splitlines()]
    rate = (len(times) - 1) / (times[-1] - times[0])
    say(f"{len(times):,} mails in {times[-1] - times[0]:.1f} s; Django's loop {by_django:,.0f} a second")
    measuring.say(Figure("messages a second, the target is at least 1,500", rate, unit="/s"))
    measuring.say(Figure("times Django's loop, the target is at least 8", rate / by_django, unit="x"))
    measuring.say(Figure("growth of the workers' memory meanwhile, MiB", max(sizes), most=30, unit="MiB"))


def freezing(measuring: Measuring, readers: int) -> None:
    """Seconds to write down who gets an issue, and the longest that another writer had to wait meanwhile (SQLite)."""
    from django.db import connection  # noqa: PLC0415 - needs the set-up
    from django.utils import timezone  # noqa: PLC0415

    from newsletter.enums import IssueState  # noqa: PLC0415
    from newsletter.mails.compiling import compile_issue  # noqa: PLC0415
    from newsletter.models import Delivery  # noqa: PLC0415
    from newsletter.sending.freezing import freeze  # noqa: PLC0415

    issue = mailroom.fill(readers, name="نشرة المليون")
    compile_issue(issue)
    issue.state, issue.snapshot_at, issue.started_at = IssueState.PREPARING, timezone.now(), timezone.now()
    issue.save()
    probe = start_probe(str(connection.settings_dict["NAME"])) if connection.vendor == "sqlite" else None
    start = time.perf_counter()
    freeze(issue.pk)
    seconds = time.perf_counter() - start
    made = Delivery.objects.filter(issue=issue).count()
    measuring.say(Figure(f"seconds to freeze {made:,} readers", seconds, most=30, unit="s"))
    if probe:
        lock, wait = map(float, probe.communicate("stop")[0].split())
        measuring.say(Figure("longest lock against other writers meanwhile", lock, most=200))
        measuring.say(Figure("longest wait of another writer meanwhile", wait))


def start_probe(database: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", PROBE, database]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603


def watch(workers: mailroom.Workers, issue: Any) -> list[float]:
    """MiB that each worker grew by after its first mails."""
    first: dict[int, float] = {}
    last: dict[int, float] = {}

    def is_over() -> bool:
        issue.refresh_from_db()
        for process in workers.running:
            size = memory(process.pid)
            if issue.sent_count > issue.candidate_count / 10:
                first.setdefault(process.pid, size)
            last[process.pid] = size
        return issue.state in {"finished", "paused"}

    mailroom.wait_until(is_over, seconds=1200, every=0.5)
    return [last[pid] - size for pid, size in first.items()]


def memory(group: int) -> float:
    """MiB of resident memory of all processes of a group."""
    listed = subprocess.run(["/bin/ps", "-o", "rss=", "-g", str(group)], stdout=subprocess.PIPE, text=True)  # noqa: S603
    return sum(int(size) for size in listed.stdout.split()) / 1024


def django_loop(issue: Any, *, port: int) -> float:
    """Mails a second by EmailMultiAlternatives over one connection, the texts made before."""
    from django.core.mail import EmailMultiAlternatives, get_connection  # noqa: PLC0415 - needs the set-up

    from newsletter.mails.rendering import render_issue  # noqa: PLC0415

    mail = render_issue(issue)
    backend = "django.core.mail.backends.smtp.EmailBackend"
    with get_connection(backend, host="127.0.0.1", port=port, use_tls=False) as connection:
        start = time.perf_counter()
        for number in range(LOOP):
            message = EmailMultiAlternatives(
                mail.subject, mail.text, "news@example.org", [f"reader{number}@example.com"], connection=connection
            )
            message.attach_alternative(mail.html, "text/html")
            message.send()
        return LOOP / (time.perf_counter() - start)


def main_() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=MAILS)
    parser.add_argument("--readers", type=int, default=READERS)
    return main("benchmarks.newsletter", parser, run)


if __name__ == "__main__":
    sys.exit(main_())
