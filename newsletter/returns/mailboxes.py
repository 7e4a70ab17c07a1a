"""Reads the mailbox that the address for reports leads to: a folder on this machine, or one on a server.

Mail that was understood is marked as read; everything else stays as it lies there, for people to look at: the mailbox
may be shared, and nobody's mail is moved, marked or deleted because a program could not read it.
"""

import imaplib
import logging
import os
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.core.cache import cache

from newsletter.returns.messages import LONGEST
from newsletter.returns.receiving import Outcome, receive
from newsroom.lib.mailbox_address import MailboxAddress

logger = logging.getLogger(__name__)

# Mails of one look, so that a flood of them cannot hold up what else is done each minute.
AT_ONCE = 200
SECONDS = 15  # a silent server
SECONDS_AT_ONCE = 30
# Mail that was not understood is not looked at again so long; after a restart it is, which does no harm.
_REMEMBERED = 7 * 24 * 60 * 60
_SETTLED = {Outcome.NOTED, Outcome.IGNORED}

# A mail, its name within the mailbox, and what marks it as read.
Waiting = tuple[str, bytes, Callable[[], object]]


def look() -> Counter[Outcome]:
    """Receive what is new in settings.BOUNCE_MAILBOX; nothing when there is none. Never raises for a server's sake."""
    address: MailboxAddress | None = settings.BOUNCE_MAILBOX
    found: Counter[Outcome] = Counter()
    if address is None:
        return found
    read = _in_folder if address.is_folder else _on_server
    until = monotonic() + SECONDS_AT_ONCE
    try:
        for name, raw, settle in read(address):
            outcome = receive(raw, keeps_unrelated=False)
            found[outcome] += 1
            if outcome in _SETTLED:
                settle()
            else:
                cache.set(_key(address, name), True, _REMEMBERED)
            if monotonic() >= until:
                break
    except (OSError, imaplib.IMAP4.error) as error:
        logger.warning("The mailbox for reports (%s) cannot be read: %s", address, error)
    return found


def _in_folder(address: MailboxAddress) -> Iterator[Waiting]:
    """A Maildir: `new` holds what nobody has seen; what was understood goes to `cur` with the mark S (seen)."""
    folder = Path(address.folder)
    with os.scandir(folder / "new") as entries:
        names = sorted(entry.name for entry in entries if entry.is_file(follow_symlinks=False))
    waiting = (name for name in names if not cache.get(_key(address, name)))
    for _number, name in zip(range(AT_ONCE), waiting, strict=False):
        with suppress(FileNotFoundError):  # somebody else has moved it
            with (folder / "new" / name).open("rb") as file:
                raw = file.read(LONGEST)
            yield name, raw, partial(_mark_seen, folder, name)


def _mark_seen(folder: Path, name: str) -> None:
    (folder / "cur").mkdir(exist_ok=True)
    with suppress(FileNotFoundError):
        (folder / "new" / name).rename(folder / "cur" / f"{name.partition(':')[0]}:2,S")


def _on_server(address: MailboxAddress) -> Iterator[Waiting]:
    """By IMAP (RFC 3501). Fetched with PEEK, which leaves the mail unread."""
    with _connection(address) as server:
        server.login(address.user, address.password)
        _must(server.select(f'"{address.folder}"'))
        validity = str(server.response("UIDVALIDITY")[1])
        [uids] = _must(server.uid("SEARCH", "UNSEEN"))
        waiting = [uid for uid in (uids or b"").split() if not cache.get(_key(address, f"{validity} {uid!r}"))]
        for uid in waiting[:AT_ONCE]:
            number = uid.decode()
            parts = _must(server.uid("FETCH", number, f"(BODY.PEEK[]<0.{LONGEST}>)"))
            raw = next((part[1] for part in parts if isinstance(part, tuple)), b"")
            yield f"{validity} {uid!r}", raw, partial(server.uid, "STORE", number, "+FLAGS.SILENT", r"(\Seen)")


def _connection(address: MailboxAddress) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if address.is_tls:
        return imaplib.IMAP4_SSL(address.host, address.port, ssl_context=context, timeout=SECONDS)
    server = imaplib.IMAP4(address.host, address.port, timeout=SECONDS)
    if not address.is_local:
        server.starttls(context)
    return server


def _must(answer: tuple[str, list]) -> list:
    """Raises IMAP4.error for NO and BAD, which the library hands over like any answer."""
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(str(answer[1])[:200])
    return answer[1]


def _key(address: MailboxAddress, name: str) -> str:
    return "report:" + sha256(f"{address}\n{name}".encode(errors="replace")).hexdigest()
