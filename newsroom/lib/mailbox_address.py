"""Reading BOUNCE_MAILBOX: where mail that comes back lies."""

from dataclasses import dataclass, field
from urllib.parse import unquote

from django.core.exceptions import ImproperlyConfigured

from newsroom.lib.mail_setup import split_address

PORTS = {"imaps": 993, "imap": 143}
_LOOKS_LIKE = "BOUNCE_MAILBOX must look like imaps://user:password@host/INBOX or maildir:///var/mail/bounces"


@dataclass(frozen=True)
class MailboxAddress:
    """A folder of this machine (a Maildir), or one on a server that is asked by IMAP. Printed without the password."""

    folder: str
    host: str = ""
    port: int = 0
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    is_tls: bool = False

    def __str__(self) -> str:
        return f"{self.host}:{self.port}/{self.folder}" if self.host else self.folder

    @property
    def is_folder(self) -> bool:
        return not self.host

    @property
    def is_local(self) -> bool:
        return self.host in {"127.0.0.1", "localhost", "::1"}


def read_mailbox_address(url: str) -> MailboxAddress | None:
    """None for ''. With imap:// the connection is secured by STARTTLS, except to this machine.

    Raises ImproperlyConfigured, without repeating the password.
    """
    if not url:
        return None
    parts = split_address("BOUNCE_MAILBOX", url)
    folder = unquote(parts.path)
    if parts.scheme == "maildir":
        if parts.netloc or not folder.startswith("/") or folder == "/":
            raise ImproperlyConfigured(f"{_LOOKS_LIKE}: a folder needs its whole path, after three slashes.")
        return MailboxAddress(folder)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ImproperlyConfigured(f"{_LOOKS_LIKE}.")
    if not (parts.username and parts.password):
        raise ImproperlyConfigured(f"{_LOOKS_LIKE}: user or password is missing.")
    if parts.query or parts.fragment or any(char in folder for char in '"\\\r\n'):
        raise ImproperlyConfigured(f"{_LOOKS_LIKE}; write /, ? and # in a password as %2F, %3F and %23.")
    return MailboxAddress(
        folder.strip("/") or "INBOX",
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username),
        password=unquote(parts.password),
        is_tls=parts.scheme == "imaps",
    )
