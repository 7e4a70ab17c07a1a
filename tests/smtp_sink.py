"""A mail server that delivers to a log, and misbehaves as it is told.

    python -m tests.smtp_sink --log taken.log [--port 0] [--faults '{"reset": 0.01}'] [--keep folder]

It prints its port, and writes a line to the log *before* it answers 250: what the log does not hold was not taken.
A line is `<recipient> <Message-ID> <envelope sender> <seconds since 1970>`.

Faults (chances from 0 to 1, or as said):
  reset        the connection breaks after the message was taken, before the answer: nobody can know
  cut          the connection breaks before the message was taken
  silent       no answer ever after the message was taken
  busy         451 instead of taking the message
  unknown      550 5.1.1 to a recipient
  closing      421 after so many messages of a connection (a number)
  slow         seconds before each answer to a message
  refusing     {"domain": "450 4.7.1 Later"}: the answer to each recipient of the domain
  wave         [from, to]: 554 5.7.1 for the messages from and to these numbers of the whole run
  greeting     what is said instead of the 220 greeting
"""

import argparse
import asyncio
import json
import os
import random
import sys
import time
from pathlib import Path
from typing import Any

END_OF_MESSAGE = b"\r\n.\r\n"


class Sink:
    """What all connections share."""

    def __init__(self, log: Path, *, faults: dict[str, Any], seed: int = 0, keep: Path | None = None) -> None:
        self.log = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self.faults = faults
        self.keep = keep
        self.chance = random.Random(seed)  # noqa: S311 - the same faults each time
        self.count = 0

    def happens(self, fault: str) -> bool:
        return self.chance.random() < self.faults.get(fault, 0)

    def take(self, sender: bytes, recipient: bytes, message: bytes) -> None:
        found = message.lower().find(b"\nmessage-id:")
        identity = message[found + 12 :].split(b"\r\n", 1)[0].strip() if found >= 0 else b"-"
        os.write(self.log, b"%s %s %s %.6f\n" % (recipient, identity, sender or b"-", time.time()))
        if self.keep:
            (self.keep / f"{self.count:06d}.eml").write_bytes(message)

    def is_refused_in_wave(self) -> bool:
        start, end = self.faults.get("wave", (0, 0))
        return start <= self.count < end


class Connection(asyncio.Protocol):
    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.pending = b""
        self.is_data = False
        self.is_thinking = False
        self.sender = b""
        self.recipients: list[bytes] = []
        self.count = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.say(self.sink.faults.get("greeting", "220 sink ESMTP"))

    def data_received(self, data: bytes) -> None:
        self.pending += data
        self.go_on()

    def go_on(self) -> None:
        """What came in, one after the other: while an answer takes its time, what was sent behind it waits."""
        while not (self.is_thinking or self.transport.is_closing()):
            if not (self.end_message() if self.is_data else self.obey()):
                return

    def obey(self) -> bool:
        line, found, rest = self.pending.partition(b"\r\n")
        if not found:
            return False
        self.pending = rest
        verb, _space, argument = line.partition(b" ")
        match verb.upper():
            case b"EHLO":
                self.say("250-sink\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE 20000000")
            case b"HELO":
                self.say("250 sink")
            case b"MAIL":
                self.sender, self.recipients = _path(argument), []
                self.say("250 2.1.0 Ok")
            case b"RCPT":
                self.say(self.answer_recipient(_path(argument)))
            case b"DATA":
                self.is_data = bool(self.recipients)
                self.say("354 Go on" if self.is_data else "554 5.5.1 No valid recipients")
            case b"RSET" | b"NOOP":
                self.recipients = []
                self.say("250 2.0.0 Ok")
            case b"QUIT":
                self.say("221 2.0.0 Bye")
                self.transport.close()
            case _:
                self.say("502 5.5.2 Unknown")
        return True

    def answer_recipient(self, recipient: bytes) -> str:
        domain = recipient.rpartition(b"@")[2].decode()
        if answer := self.sink.faults.get("refusing", {}).get(domain):
            return answer
        if self.sink.happens("unknown"):
            return "550 5.1.1 No such user"
        self.recipients.append(recipient)
        return "250 2.1.5 Ok"

    def end_message(self) -> bool:
        message, found, rest = self.pending.partition(END_OF_MESSAGE)
        if not found:
            return False
        self.pending, self.is_data = rest, False
        sink = self.sink
        sink.count += 1
        self.count += 1
        if sink.happens("cut"):
            self.transport.abort()
        elif sink.is_refused_in_wave():
            self.say("554 5.7.1 Refused by policy")
        elif sink.happens("busy"):
            self.say("451 4.3.0 Later")
        else:
            for recipient in self.recipients:
                sink.take(self.sender, recipient, message + b"\r\n")
            self.answer_message()
        self.recipients = []
        return True

    def answer_message(self) -> None:
        if self.sink.happens("reset"):
            self.transport.abort()
        elif self.sink.happens("silent"):
            self.is_thinking = True  # also about the commands that came with the message
        elif slow := self.sink.faults.get("slow"):
            self.is_thinking = True
            asyncio.get_running_loop().call_later(slow, self.answer_at_last)
        else:
            self.say("250 2.0.0 Taken")
        if self.count == self.sink.faults.get("closing"):
            self.say("421 4.7.0 Enough for now")
            self.transport.close()

    def answer_at_last(self) -> None:
        self.is_thinking = False
        self.say("250 2.0.0 Taken")
        self.go_on()

    def say(self, answer: str) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer.encode() + b"\r\n")


def _path(argument: bytes) -> bytes:
    return argument.partition(b"<")[2].partition(b">")[0]


async def serve(sink: Sink, *, port: int) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Connection(sink), "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - whoever started this reads it
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--faults", type=json.loads, default={})
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    sink = Sink(options.log, faults=options.faults, seed=options.seed, keep=options.keep)
    try:
        asyncio.run(serve(sink, port=options.port))
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
