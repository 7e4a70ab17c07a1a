"""Against a mail server that is not ours (aiosmtpd), and against one that says what a test wants."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from newsletter.mails.slots import Recipient
from newsletter.sending.letters import Kind, Letter, NotPermitted, Outcome, Prepared, SetUpWrong, Unreachable
from newsletter.sending.smtp_client import Server, SmtpCourier, _dotted


class Desk:
    """Hands out `count` letters and remembers what became of them."""

    def __init__(self, count: int, *, permits: int = 1000, message: bytes = b"Subject: x\r\n\r\n.dot\r\n") -> None:
        self.letters = [
            Prepared(
                Letter(Recipient(n, n, n, "a", f"r{n}@example.com", ""), f"r{n}@example.com", "example.com", 1),
                "b@example.org",
                message,
            )
            for n in range(count)
        ]
        self.outcomes: list[Outcome] = []
        self.permits = permits

    def fetch(self, *, waits: bool) -> Prepared | None:
        return self.letters.pop(0) if self.letters else None

    def permit(self, letter: Letter) -> None:
        if self.permits == 0:
            raise NotPermitted
        self.permits -= 1

    def is_open(self) -> bool:
        return True

    def report(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    def kinds(self) -> list[str]:
        return [outcome.kind.value for outcome in self.outcomes]


class Keeper:
    def __init__(self) -> None:
        self.messages: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.messages.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 2.0.0 Taken"


@pytest.fixture
def keeper() -> Iterator[tuple[Keeper, int]]:
    keeper = Keeper()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(
        keeper,
        hostname="127.0.0.1",
        port=port,
        auth_require_tls=False,
        authenticator=lambda server, session, envelope, mechanism, data: AuthResult(
            success=data.password == b"right", handled=False
        ),
    )
    controller.start()
    yield keeper, port
    controller.stop()


def scripted(*answers: bytes) -> int:
    """A server that says each of `answers` after one more piece of input, then hangs up; returns its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connected, _address = listener.accept()
        with connected, listener:
            for number, answer in enumerate(answers):
                if number:
                    connected.recv(65536)
                connected.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    return int(listener.getsockname()[1])


def courier(port: int, **fields: Any) -> SmtpCourier:
    return SmtpCourier(Server("127.0.0.1", port, **{"reply_seconds": 2} | fields))


def test_without_pipelining_each_message_arrives_as_it_was(keeper):
    kept, port = keeper
    desk = Desk(3)
    courier(port).work(desk)
    assert desk.kinds() == ["accepted"] * 3
    assert [message[1] for message in kept.messages] == [[f"r{n}@example.com"] for n in range(3)]
    assert kept.messages[0] == ("b@example.org", ["r0@example.com"], b"Subject: x\r\n\r\n.dot\r\n")


def test_it_signs_in(keeper):
    desk = Desk(1)
    courier(keeper[1], user="desk", password="right").work(desk)
    assert desk.kinds() == ["accepted"]


def test_a_wrong_password_is_for_a_person(keeper):
    desk = Desk(1)
    with pytest.raises(SetUpWrong):
        courier(keeper[1], user="desk", password="wrong").work(desk)
    assert desk.kinds() == ["returned"]


def test_no_encryption_where_it_was_asked_for_sends_nothing(keeper):
    with pytest.raises(SetUpWrong, match="STARTTLS"):
        courier(keeper[1], starts_tls=True).work(Desk(1))


def test_with_pipelining_content_and_next_envelope_leave_together(server):
    desk = Desk(5)
    courier(server.port).work(desk)
    assert desk.kinds() == ["accepted"] * 5
    assert server.taken() == [f"r{n}@example.com" for n in range(5)]


def test_one_refused_recipient_is_alone_with_it(server):
    server.faults["refusing"] = {"example.com": "550 5.1.1 No such user"}
    desk = Desk(3)
    courier(server.port).work(desk)
    assert desk.kinds() == ["refused"] * 3
    assert (desk.outcomes[0].code, desk.outcomes[0].enhanced_code) == (550, "5.1.1")
    assert not desk.outcomes[0].is_about_us


GREETING = (b"220 x\r\n", b"250-x\r\n250 PIPELINING\r\n")


def test_a_sender_that_is_refused_is_about_us():
    desk = Desk(1)
    port = scripted(*GREETING, b"550 5.7.1 Not you\r\n503 5.5.1 x\r\n503 5.5.1 x\r\n")
    courier(port).work(desk)
    assert desk.outcomes[0].is_about_us


@pytest.mark.parametrize(
    "answers",
    [
        (b"421 busy\r\n",),
        (b"220 x\r\n",),
        (b"nonsense\r\n",),
        (b"220 " + b"x" * 5000,),
        (b"220-x\r\n" * 200,),
        (b"220 x\r\n", b"451 later\r\n"),
    ],
)
def test_what_does_not_get_as_far_as_an_envelope_costs_no_attempt(answers):
    desk = Desk(2)
    with pytest.raises(Unreachable):
        courier(scripted(*answers)).work(desk)
    assert desk.kinds() == ["returned"]


def test_answers_out_of_step_end_the_connection():
    desk = Desk(1)
    port = scripted(*GREETING, b"250 a\r\n250 b\r\n250 c\r\n")
    with pytest.raises(Unreachable):
        courier(port).work(desk)
    assert desk.kinds() == ["deferred"]


def test_no_answer_to_a_whole_message_is_unknown_and_the_next_is_untouched():
    desk = Desk(2)
    port = scripted(*GREETING, b"250 a\r\n250 b\r\n354 go\r\n", b"")
    with pytest.raises(Unreachable):
        courier(port, reply_seconds=0.3).work(desk)
    assert desk.kinds() == ["unknown", "returned"]


def test_not_permitted_leaves_nothing_behind(server):
    desk = Desk(3, permits=1)
    with pytest.raises(NotPermitted):
        courier(server.port).work(desk)
    assert desk.kinds() == ["accepted", "returned", "returned"]
    assert len(server.taken()) == 1


def test_lines_that_begin_with_a_dot_get_another():
    assert _dotted(b".a\r\n.\r\nb") == b"..a\r\n..\r\nb\r\n"


def test_after_five_hundred_messages_comes_a_new_connection(server):
    desk = Desk(503)
    assert courier(server.port).work(desk)
    assert desk.kinds() == [Kind.ACCEPTED.value] * 500
