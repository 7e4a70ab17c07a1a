"""Our own SMTP client: one connection that never waits longer than it has to.

With PIPELINING (RFC 2920) the content of one message and the envelope of the next leave together, so that a message
costs one round trip; and only one message of a connection is ever without an answer. That is why smtplib does not do.
"""

import base64
import socket
import ssl
from dataclasses import dataclass, field

from newsletter.sending.letters import (
    Desk,
    Kind,
    NotPermitted,
    Outcome,
    Prepared,
    SetUpWrong,
    Unreachable,
)
from newsletter.sending.smtp_wire import Lost, Reply, Wire

# Servers limit it, often to a hundred or a thousand; a new connection every now and then costs nothing.
MESSAGES_A_CONNECTION = 500
CONNECT_SECONDS = 10
TERMINATOR = b".\r\n"


@dataclass(frozen=True)
class Server:
    """Where to, and how. `reply_seconds`: how long an answer may take."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    starts_tls: bool = False
    is_tls: bool = False
    our_name: str = "localhost"
    reply_seconds: float = 60
    tls: ssl.SSLContext | None = None


class SmtpCourier:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._wire: Wire
        self._extensions: dict[str, str] = {}

    def work(self, desk: Desk) -> bool:
        first = desk.fetch(waits=True)
        if first is None:
            return False
        try:
            self._open()
        except (Unreachable, SetUpWrong):
            desk.report(Outcome(first.letter, Kind.RETURNED))
            raise
        try:
            self._carry(desk, first)
            self._wire.send(b"QUIT\r\n", seconds=1)  # a courtesy: everything is reported by now
        except Lost as lost:
            raise Unreachable(str(lost)) from lost
        finally:
            self._wire.close()
        return True

    def _carry(self, desk: Desk, first: Prepared) -> None:
        """`ready` is the one whose envelope the server has taken: it waits for the content."""
        ready: Prepared | None = None
        following: Prepared | None = first
        number = 1
        while ready or following:
            ready = self._exchange(desk, ready, following)
            following = None
            if number < MESSAGES_A_CONNECTION and (ready is None or self._pipelines):
                following = desk.fetch(waits=ready is None)
                number += 1

    def _exchange(self, desk: Desk, ready: Prepared | None, following: Prepared | None) -> Prepared | None:
        """Send the content of `ready` and the envelope of `following`; returns `following` if it was taken."""
        envelope = _envelope(following) if following and self._pipelines else b""
        try:
            if ready:
                self._send_content(desk, ready, envelope)
            elif following:
                self._begin(envelope)
        except (Lost, NotPermitted):
            if following:
                desk.report(Outcome(following.letter, Kind.RETURNED))
            raise
        return self._finish_envelope(desk, following) if following else None

    def _send_content(self, desk: Desk, ready: Prepared, envelope: bytes) -> None:
        """Reports what became of `ready`. Raises Lost when the connection is of no more use."""
        content = _dotted(ready.message) + TERMINATOR
        try:
            desk.permit(ready.letter)
        except NotPermitted:
            desk.report(Outcome(ready.letter, Kind.RETURNED))
            raise
        try:
            sent = self._wire.send(content + envelope, seconds=self._server.reply_seconds, is_permitted=desk.is_open)
        except NotPermitted:
            # Without its last dot the server throws away what it has.
            desk.report(Outcome(ready.letter, Kind.DEFERRED, reply="broken off"))
            raise
        if sent < len(content):
            desk.report(Outcome(ready.letter, Kind.DEFERRED, reply="the connection broke before the end"))
            raise Lost("the connection broke")
        try:
            reply = self._wire.read(seconds=self._server.reply_seconds)
        except Lost as lost:
            desk.report(Outcome(ready.letter, Kind.UNKNOWN, reply=str(lost)))
            raise
        desk.report(_outcome(ready, reply))
        if reply.code == 421:
            raise Lost(str(reply))

    def _begin(self, envelope: bytes) -> None:
        """On a connection that was idle. Raises Lost when the server has hung up meanwhile."""
        if not self._wire.is_quiet():
            raise Lost("the server hung up")
        if envelope:
            self._wire.send(envelope, seconds=self._server.reply_seconds)

    def _finish_envelope(self, desk: Desk, following: Prepared) -> Prepared | None:
        """Read the answers to an envelope; reports the letter unless its content may follow now."""
        try:
            mail, rcpt, data = self._pipelined_replies() if self._pipelines else self._ask_step_by_step(following)
        except Lost as lost:
            # Counted as an attempt: otherwise one address that a server stumbles over would be the first one for ever.
            desk.report(Outcome(following.letter, Kind.DEFERRED, reply=str(lost)))
            raise
        if mail.is_good and rcpt.is_good and data.code == 354:
            return following
        refusal = next((reply for reply in (mail, rcpt, data) if reply.code >= 400), None)
        if refusal is None:
            desk.report(Outcome(following.letter, Kind.DEFERRED, reply="the answers are out of step"))
            raise Lost("the answers are out of step")
        is_about_us = refusal is mail
        desk.report(_outcome(following, refusal, is_about_us=is_about_us))
        if refusal.code == 421 or data.code == 354:
            # It waits for a content that has no reader.
            raise Lost(str(refusal))
        if mail.is_good:
            self._command("RSET")
        return None

    def _pipelined_replies(self) -> tuple[Reply, Reply, Reply]:
        mail = self._read()
        if mail.code == 421:
            return mail, mail, mail
        rcpt = self._read()
        if rcpt.code == 421:
            return mail, rcpt, rcpt
        return mail, rcpt, self._read()

    def _ask_step_by_step(self, following: Prepared) -> tuple[Reply, Reply, Reply]:
        mail = self._command(_mail(following))
        rcpt = self._command(_rcpt(following)) if mail.is_good else mail
        data = self._command("DATA") if rcpt.is_good else rcpt
        return mail, rcpt, data

    @property
    def _pipelines(self) -> bool:
        return "PIPELINING" in self._extensions

    def _open(self) -> None:
        """Raises Unreachable, and SetUpWrong for what waiting does not mend."""
        server = self._server
        try:
            connected = socket.create_connection((server.host, server.port), CONNECT_SECONDS)
        except OSError as error:
            raise Unreachable(f"{server.host}: {error.strerror or type(error).__name__}") from error
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._wire = Wire(connected)
        try:
            self._greet()
        except ssl.SSLCertVerificationError as error:
            self._wire.close()
            raise SetUpWrong(f"{server.host}: {error.verify_message}") from error
        except (Lost, OSError) as error:
            self._wire.close()
            raise Unreachable(f"{server.host}: {error}") from error
        except (Unreachable, SetUpWrong):
            self._wire.close()
            raise

    def _greet(self) -> None:
        server = self._server
        if server.is_tls:
            self._start_tls()
        self._expect(self._read())
        self._say_hello()
        if server.starts_tls:
            if "STARTTLS" not in self._extensions:
                raise SetUpWrong(f"{server.host} offers no STARTTLS")
            self._expect(self._command("STARTTLS"))
            self._start_tls()
            self._say_hello()
        if server.user:
            self._sign_in()

    def _start_tls(self) -> None:
        context = self._server.tls or ssl.create_default_context()
        self._wire.start_tls(context, self._server.host)

    def _say_hello(self) -> None:
        reply = self._command(f"EHLO {self._server.our_name}")
        if reply.is_final:
            reply = self._command(f"HELO {self._server.our_name}")
        self._expect(reply)
        offered = (line.upper().partition(" ") for line in reply.lines[1:])
        self._extensions = {name: values for name, _space, values in offered}

    def _sign_in(self) -> None:
        user, password = self._server.user, self._server.password
        methods = self._extensions.get("AUTH", "").split()
        if "PLAIN" in methods or not methods:
            reply = self._command(f"AUTH PLAIN {_base64(f'{chr(0)}{user}{chr(0)}{password}')}")
        elif "LOGIN" in methods:
            reply = self._command("AUTH LOGIN")
            for answer in (user, password):
                if reply.code == 334:
                    reply = self._command(_base64(answer))
        else:
            raise SetUpWrong(f"{self._server.host} offers no way to sign in that we know ({' '.join(methods)})")
        self._expect(reply)

    def _expect(self, reply: Reply) -> None:
        """4xx passes, 5xx does not pass by itself."""
        if reply.is_good:
            return
        said = f"{self._server.host}: {reply}"
        raise SetUpWrong(said) if reply.is_final else Unreachable(said)

    def _command(self, line: str) -> Reply:
        self._wire.send(line.encode("ascii") + b"\r\n", seconds=self._server.reply_seconds)
        return self._read()

    def _read(self) -> Reply:
        return self._wire.read(seconds=self._server.reply_seconds)


def _outcome(prepared: Prepared, reply: Reply, *, is_about_us: bool = False) -> Outcome:
    if reply.is_good:
        kind = Kind.ACCEPTED
    else:
        kind = Kind.REFUSED if reply.is_final else Kind.DEFERRED
    return Outcome(prepared.letter, kind, reply.code, reply.enhanced_code, reply.text, is_about_us)


def _envelope(prepared: Prepared) -> bytes:
    return f"{_mail(prepared)}\r\n{_rcpt(prepared)}\r\nDATA\r\n".encode("ascii")


def _mail(prepared: Prepared) -> str:
    return f"MAIL FROM:<{prepared.sender}>"


def _rcpt(prepared: Prepared) -> str:
    return f"RCPT TO:<{prepared.letter.address}>"


def _dotted(message: bytes) -> bytes:
    """RFC 5321 §4.5.2: a line that begins with a dot gets a second one, and the last line is ended."""
    if message.startswith(b"."):
        message = b"." + message
    if b"\n." in message:
        message = message.replace(b"\n.", b"\n..")
    return message if message.endswith(b"\r\n") else message + b"\r\n"


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
