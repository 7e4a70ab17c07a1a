"""Questions to the name servers, each with a limit of time."""

from time import monotonic
from typing import Any, Protocol

import dns.exception
import dns.resolver

SECONDS = 3.0
# Of all questions together: a record may lead to a hundred others, and somebody waits for the page.
SECONDS_IN_ALL = 20.0


class Unreachable(Exception):
    """No name server answered in time: nothing is known, neither good nor bad."""


class Resolver(Protocol):
    """What the name servers say; [] for a name without such records. Raises Unreachable when nobody answered."""

    def texts(self, name: str) -> list[str]: ...
    def addresses(self, name: str) -> list[str]: ...
    def mail_hosts(self, name: str) -> list[str]: ...


class NameServers:
    """The resolver of this machine, with a limit of SECONDS for each question and of SECONDS_IN_ALL for all."""

    def __init__(self) -> None:
        try:
            self._resolver = dns.resolver.Resolver()
        except dns.exception.DNSException as error:
            raise Unreachable from error
        self._resolver.lifetime = self._resolver.timeout = SECONDS
        self._until = monotonic() + SECONDS_IN_ALL

    def texts(self, name: str) -> list[str]:
        return ["".join(part.decode("utf-8", "replace") for part in row.strings) for row in self._ask(name, "TXT")]

    def addresses(self, name: str) -> list[str]:
        return [row.address for kind in ("A", "AAAA") for row in self._ask(name, kind)]

    def mail_hosts(self, name: str) -> list[str]:
        rows = sorted(self._ask(name, "MX"), key=lambda row: int(row.preference))
        return [str(row.exchange).rstrip(".") for row in rows]

    def _ask(self, name: str, kind: str) -> list[Any]:
        if monotonic() > self._until:
            raise Unreachable
        try:
            return list(self._resolver.resolve(name, kind, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError, UnicodeError) as error:
            raise Unreachable from error
