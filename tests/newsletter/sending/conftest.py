"""A mail server in a thread of its own, and an issue that is ready for it."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter.models import Delivery, Issue, MailingList
from newsletter.sending import freezing, lifecycle, slices
from tests.factories import make_issue, make_mailing_list, make_site, make_subscription
from tests.smtp_sink import Connection, Sink


class Server:
    """tests.smtp_sink, whose faults may be changed at any moment."""

    def __init__(self, folder: Path) -> None:
        self.faults: dict[str, Any] = {}
        self.log = folder / "taken.log"
        self.kept = folder / "kept"
        self.kept.mkdir()
        self.sink = Sink(self.log, faults=self.faults, keep=self.kept)
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._is_ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._is_ready.wait(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        connections: list[Connection] = []

        def connected() -> Connection:
            connections.append(Connection(self.sink))
            return connections[-1]

        make: Any = self._loop.create_server(connected, "127.0.0.1", 0)
        server = self._loop.run_until_complete(make)
        self.port = server.sockets[0].getsockname()[1]
        self._is_ready.set()
        self._loop.run_forever()
        server.close()
        for connection in connections:
            connection.transport.abort()
        self._loop.run_until_complete(asyncio.sleep(0.01))

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def taken(self) -> list[str]:
        """The recipients, in the order in which they were taken."""
        return [line.split()[0] for line in self.log.read_text().splitlines()]


@pytest.fixture
def server(tmp_path: Path, settings: Any) -> Iterator[Server]:
    server = Server(tmp_path)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.NEWSLETTER_REPLY_SECONDS = 2
    yield server
    server.stop()


@pytest.fixture
def mailing_list(db: None) -> MailingList:
    make_site(postal_address="شارع الميناء 7، المدينة")
    return make_mailing_list("نشرة الصباح")


@pytest.fixture
def being_sent(mailing_list: MailingList) -> Callable[..., Issue]:
    """`being_sent(3)`: an issue to three readers, prepared, of which nothing has been sent."""

    def being_sent(count: int = 3, **fields: Any) -> Issue:
        for number in range(count):
            make_subscription(mailing_list, email=f"reader{number}@example.com")
        return prepared(make_issue(mailing_list, text="افتُتحت الحديقة العامة.", **fields))

    return being_sent


def prepared(issue: Issue) -> Issue:
    lifecycle.send_now(issue, by=None, expected_count=lifecycle.candidates_of(issue)[0])
    assert freezing.freeze(issue.pk)
    issue.refresh_from_db()
    return issue


def send(issue: Issue) -> float | None:
    """One slice; the issue afterwards says what its row says."""
    seconds = slices.run_slice(issue.pk, 0)
    issue.refresh_from_db()
    return seconds


def states(issue: Issue) -> list[int]:
    return list(Delivery.objects.filter(issue=issue).order_by("id").values_list("state", flat=True))


def claimed_by(issue: Issue, owner: str, **fields: Any) -> Delivery:
    """The first delivery that waits, in the hands of `owner`."""
    delivery = Delivery.objects.filter(issue=issue, state=0).earliest("id")
    Delivery.objects.filter(pk=delivery.pk).update(state=1, owner=owner, **fields)
    delivery.refresh_from_db()
    return delivery
