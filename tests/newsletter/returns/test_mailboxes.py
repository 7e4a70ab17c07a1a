"""Mailboxes that are read each minute: what was understood is marked, all other mail stays untouched."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from newsletter.models import DeliveryEvent, RawReport
from newsletter.returns import mailboxes
from newsletter.returns.receiving import Outcome
from newsroom.lib.mailbox_address import MailboxAddress, read_mailbox_address
from tests.newsletter.returns import reports
from tests.newsletter.returns.reports import written
from tests.newsletter.returns.sent import make_delivery

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def return_path(settings: Settings) -> None:
    settings.BOUNCE_ADDRESS = "bounces@news.example.org"


@pytest.fixture
def maildir(tmp_path: Path, settings: Settings) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    settings.BOUNCE_MAILBOX = read_mailbox_address(f"maildir://{tmp_path}")
    return tmp_path


def put(maildir: Path, name: str, raw: bytes) -> None:
    (maildir / "new" / name).write_bytes(raw)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_no_mailbox_is_nothing_to_do(settings: Settings):
    settings.BOUNCE_MAILBOX = None
    assert not mailboxes.look()


def test_understood_mail_is_marked_and_other_mail_stays_as_it_was(maildir: Path):
    delivery = make_delivery()
    put(maildir, "1.bounce", written(reports.POSTFIX, delivery.pk))
    put(maildir, "2.person", written(reports.PERSON, delivery.pk))
    put(maildir, "3.away", written(reports.VACATION, delivery.pk))
    put(maildir, "4.foreign", written(reports.QMAIL, 1, to="x@example.org", mail_id="<x@y>"))
    before = (maildir / "new" / "2.person").read_bytes()

    found = mailboxes.look()

    assert found == {Outcome.NOTED: 1, Outcome.UNRELATED: 1, Outcome.IGNORED: 1, Outcome.KEPT: 1}
    assert names(maildir / "cur") == ["1.bounce:2,S", "3.away:2,S"]
    assert names(maildir / "new") == ["2.person", "4.foreign"]
    assert (maildir / "new" / "2.person").read_bytes() == before
    assert DeliveryEvent.objects.get().delivery == delivery
    assert RawReport.objects.count() == 1, "mail of a person is not copied into the database"


def test_what_was_not_understood_is_not_read_again(maildir: Path):
    put(maildir, "2.person", written(reports.PERSON, 1))
    assert mailboxes.look().total() == 1
    assert mailboxes.look().total() == 0


def test_many_strange_mails_do_not_hide_a_bounce_for_ever(maildir: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mailboxes, "AT_ONCE", 2)
    for number in range(3):
        put(maildir, f"{number}.person", written(reports.PERSON, 1))
    put(maildir, "9.bounce", written(reports.POSTFIX, make_delivery().pk))
    assert [mailboxes.look().total() for _look in range(3)] == [2, 2, 0]
    assert DeliveryEvent.objects.count() == 1


def test_missing_folder_is_said_in_the_log_and_stops_nothing(settings: Settings, caplog: pytest.LogCaptureFixture):
    settings.BOUNCE_MAILBOX = read_mailbox_address("maildir:///nowhere/at/all")
    assert not mailboxes.look()
    assert "/nowhere/at/all" in caplog.text


class MailServer:
    """Speaks as much IMAP as is needed; keeps what it was told to mark."""

    def __init__(self, mails: dict[int, bytes], *, refuses: str = "") -> None:
        self.mails, self.refuses = mails, refuses
        self.seen: set[int] = set()
        self.commands: list[str] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        connection, _address = self.socket.accept()
        with connection, connection.makefile("rwb") as stream:
            stream.write(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
            stream.flush()
            for line in stream:
                tag, _space, command = line.decode().strip().partition(" ")
                self.commands.append(command.split(" ")[0])
                for answer in self._answers(command):
                    stream.write(answer)
                refused = self.refuses and command.startswith(self.refuses)
                stream.write(f"{tag} {'NO refused' if refused else 'OK done'}\r\n".encode())
                stream.flush()

    def _answers(self, command: str) -> Iterator[bytes]:
        words = command.split()
        if words[0] == "CAPABILITY":
            yield b"* CAPABILITY IMAP4rev1\r\n"
        elif words[0] == "SELECT":
            yield b"* %d EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n" % len(self.mails)
        elif words[:2] == ["UID", "SEARCH"]:
            yield b"* SEARCH " + " ".join(str(uid) for uid in self.mails if uid not in self.seen).encode() + b"\r\n"
        elif words[:2] == ["UID", "FETCH"]:
            assert "BODY.PEEK[]<0." in command
            raw = self.mails[int(words[2])]
            yield b"* 1 FETCH (UID %s BODY[]<0> {%d}\r\n%s)\r\n" % (words[2].encode(), len(raw), raw)
        elif words[:2] == ["UID", "STORE"]:
            assert command.endswith(r"+FLAGS.SILENT (\Seen)")
            self.seen.add(int(words[2]))


@pytest.fixture
def use(settings: Settings) -> Iterator:
    servers: list[MailServer] = []

    def use(server: MailServer) -> MailServer:
        settings.BOUNCE_MAILBOX = read_mailbox_address(f"imap://reader:se%2Fcret@127.0.0.1:{server.port}/Bounces")
        servers.append(server)
        return server

    yield use
    for server in servers:
        server.socket.close()
        server.thread.join(5)


def test_mailbox_on_a_server_marks_only_what_was_understood(use):
    delivery = make_delivery()
    server = use(MailServer({3: written(reports.PERSON, delivery.pk), 5: written(reports.ARF, delivery.pk)}))

    assert mailboxes.look() == {Outcome.UNRELATED: 1, Outcome.NOTED: 1}

    assert server.seen == {5}
    assert not {"EXPUNGE", "DELETE", "MOVE", "COPY"} & set(server.commands)
    assert server.commands[-1] == "LOGOUT"


@pytest.mark.parametrize("command", ["LOGIN", "SELECT", "UID SEARCH", "UID FETCH"])
def test_server_that_refuses_is_said_in_the_log_without_the_password(command: str, use, caplog):
    use(MailServer({3: b"x"}, refuses=command))
    assert not mailboxes.look()
    assert "cannot be read" in caplog.text
    assert "cret" not in caplog.text


def test_server_that_is_not_there_stops_nothing(settings: Settings, caplog):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings.BOUNCE_MAILBOX = read_mailbox_address(f"imap://a:b@127.0.0.1:{port}")
    assert not mailboxes.look()
    assert f"127.0.0.1:{port}/INBOX" in caplog.text


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("", None),
        ("maildir:///var/mail/b%20c", MailboxAddress("/var/mail/b c")),
        ("imaps://u:p%3F@mail.example.org", MailboxAddress("INBOX", "mail.example.org", 993, "u", "p?", True)),
        ("imap://u:p@[::1]:1143/A/B", MailboxAddress("A/B", "::1", 1143, "u", "p", False)),
    ],
)
def test_addresses_of_mailboxes(url: str, address: MailboxAddress | None):
    assert read_mailbox_address(url) == address


@pytest.mark.parametrize(
    "url",
    ["pop3://u:secret@h", "imaps://h/INBOX", "imaps://u@h", "imaps://u:secret@", "maildir://folder", "maildir:///",
     'imaps://u:secret@h/a"b', "imaps://u:secret@h/x?y", "imaps://u:secret@h:port", "INBOX"],
)  # fmt: skip
def test_bad_address_of_a_mailbox_is_one_sentence_without_the_password(url: str):
    with pytest.raises(ImproperlyConfigured) as refusal:
        read_mailbox_address(url)
    assert "BOUNCE_MAILBOX" in str(refusal.value)
    assert "secret" not in str(refusal.value)
