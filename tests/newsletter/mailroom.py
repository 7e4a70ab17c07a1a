"""A newsroom of its own that sends to a sink: database, folder, mail server and workers as real processes.

Only for programs that run as a process of their own (killing.py, the benchmarks): `set_up` chooses the settings.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
# A minute is long in a test: leases end sooner than in earnest, and slices are shorter.
QUICK = {"NEWSLETTER_LEASE_SECONDS": "20"}
WORKER = ("manage.py", "worker", "--with-clock")
DOMAINS = 5
CHUNK = 10_000


def set_up(folder: Path, *, port: int, database_url: str = "", **variables: str) -> None:
    """Settings for this process and its children, and an empty database."""
    folder.mkdir(exist_ok=True)
    for name in ("DATABASE_URL", "DEBUG", "SECRET_KEY_FILE", "EMAIL_URL_FILE"):
        os.environ.pop(name, None)
    os.environ |= QUICK | {
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "DATA_DIR": str(folder),
        "SITE_URL": "http://127.0.0.1:8000",
        "SECRET_KEY": "for-tests-only-" + "x" * 50,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "LOG_LEVEL": "WARNING",
    }
    os.environ |= {"DATABASE_URL": database_url} if database_url else {}
    os.environ |= variables
    import django  # noqa: PLC0415 - the settings are read here

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def running_sink(folder: Path, *, port: int = 0, **faults: Any) -> Iterator[tuple[int, Path]]:
    """Yields the port and the log of tests.smtp_sink. Another one may follow at its port and with its log."""
    log = folder / "taken.log"
    arguments = ["--log", str(log), "--port", str(port), "--faults", json.dumps(faults)]
    command = [sys.executable, "-m", "tests.smtp_sink", *arguments]
    sink = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert sink.stdout
        yield int(sink.stdout.readline()), log
    finally:
        sink.kill()
        sink.communicate()


class Workers:
    """Processes of `manage.py worker`, each the head of its own group so that it can be killed with all it started."""

    def __init__(self, count: int, *, log: Path, program: tuple[str, ...] = WORKER) -> None:
        self.log = log.open("ab")
        self.program = program
        self.running = [self._start() for _ in range(count)]

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, *self.program]
        return subprocess.Popen(command, cwd=ROOT, stdout=self.log, stderr=self.log, start_new_session=True)

    def kill_one(self, choice: random.Random) -> None:
        """End one as a power cut would, and start another at once."""
        number = choice.randrange(len(self.running))
        self._signal(self.running[number], signal.SIGKILL)
        self.running[number] = self._start()

    def kill_all(self) -> None:
        self.end_all()
        self.start_again()

    def end_all(self) -> None:
        for worker in self.running:
            self._signal(worker, signal.SIGKILL)

    def start_again(self) -> None:
        self.running = [self._start() for _worker in self.running]

    def halt(self, number: int) -> None:
        """Stop one and all it started where they are, as a machine that is moved or overloaded does."""
        os.killpg(self.running[number].pid, signal.SIGSTOP)

    def wake(self, number: int) -> None:
        os.killpg(self.running[number].pid, signal.SIGCONT)

    def stop(self) -> None:
        for worker in self.running:
            self._signal(worker, signal.SIGTERM, wait=15)
        self.log.close()

    @staticmethod
    def _signal(worker: subprocess.Popen[bytes], number: int, *, wait: float | None = None) -> None:
        try:
            os.killpg(worker.pid, number)
            worker.wait(wait)
        except ProcessLookupError:
            worker.wait()
        except subprocess.TimeoutExpired:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()


@contextmanager
def working(count: int, *, log: Path, program: tuple[str, ...] = WORKER) -> Iterator[Workers]:
    workers = Workers(count, log=log, program=program)
    try:
        yield workers
    finally:
        workers.stop()


def fill(count: int, *, policy: str = "resend", name: str = "نشرة الصباح") -> Any:
    """An issue of ten articles, in a draft, for a list of `count` confirmed readers; returns the Issue."""
    from tests.factories import make_article, make_issue, make_mailing_list, make_site  # noqa: PLC0415 - needs set_up

    make_site(postal_address="شارع الميناء 7، المدينة")
    mailing_list = make_mailing_list(name, policy=policy)
    add_readers(mailing_list, count)
    articles = tuple(make_article(f"افتتاح الحديقة العامة رقم {number}") for number in range(10))
    return make_issue(mailing_list, articles=articles, subject="أخبار هذا الصباح", policy=policy)


def add_readers(mailing_list: Any, count: int) -> None:
    """Confirmed readers at a few mail domains."""
    from django.utils import timezone  # noqa: PLC0415 - models need the set-up

    from newsletter.enums import SubscriptionStatus  # noqa: PLC0415
    from newsletter.models import Subscriber, Subscription  # noqa: PLC0415

    for start in range(0, count, CHUNK):
        numbers = range(start, min(start + CHUNK, count))
        people = Subscriber.objects.bulk_create(
            Subscriber(email=f"reader{number}@{mailing_list.pk}.mail{number % DOMAINS}.example", name="ليلى")
            for number in numbers
        )
        confirmed = {"status": SubscriptionStatus.CONFIRMED, "confirmed_at": timezone.now()}
        Subscription.objects.bulk_create(
            Subscription(subscriber=person, mailing_list=mailing_list, **confirmed) for person in people
        )


def lines(log: Path) -> int:
    return log.read_bytes().count(b"\n") if log.exists() else 0


def wait_until(condition: Any, *, seconds: float, every: float = 0.05) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(every)
    return False


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="newsroom-mailroom-") as name:
        yield Path(name)
