"""Reading an SPF record as a mail server does, as far as an operator needs it (RFC 7208)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from newsletter.name_servers import Resolver

MOST_LOOKUPS = 10  # RFC 7208 §4.6.4
_DEEPEST = 10


@dataclass
class Reading:
    """What one record and all that it includes come to."""

    lookups: int = 0
    ends_with: str = ""  # "-all", "~all", "?all", "+all", or "" when the record does not end
    networks: list[IPv4Network | IPv6Network] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)  # terms that cannot be read

    def holds(self, addresses: Iterable[str]) -> bool:
        found = [ip_address(address) for address in addresses]
        return any(address in network for address in found for network in self.networks)


def spf_records(resolver: Resolver, domain: str) -> list[str]:
    return [text for text in resolver.texts(domain) if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]


def read_spf(resolver: Resolver, domain: str, record: str) -> Reading:
    reading = Reading()
    _read(resolver, domain, record, reading, depth=0)
    return reading


def _read(resolver: Resolver, domain: str, record: str, reading: Reading, *, depth: int) -> None:
    redirect = ""
    for term in record.split()[1:]:
        bare = term.lower().lstrip("+-~?")
        if bare == "all":
            # That of an included record says nothing about this one (RFC 7208 §5.2).
            if depth == 0:
                reading.ends_with = term[0] + "all" if term[0] in "-~?+" else "+all"
            return
        if bare.startswith("redirect="):
            redirect = bare.removeprefix("redirect=")
        else:
            _term(resolver, domain, bare, reading, depth=depth)
    if redirect and reading.lookups <= MOST_LOOKUPS:
        reading.lookups += 1
        _follow(resolver, redirect, reading, depth=depth)


def _term(resolver: Resolver, domain: str, bare: str, reading: Reading, *, depth: int) -> None:
    name, _colon, value = bare.partition(":")
    kind, _slash, _prefix = name.partition("/")
    value = value.partition("/")[0] if kind in {"a", "mx"} else value
    if kind in {"include", "a", "mx", "ptr", "exists"}:
        reading.lookups += 1
    if reading.lookups > MOST_LOOKUPS or depth >= _DEEPEST:
        return
    match kind:
        case "ip4" | "ip6":
            _network(value, bare, reading)
        case "include":
            _follow(resolver, value, reading, depth=depth + 1)
        case "a":
            _hosts(resolver, [value or domain], reading)
        case "mx":
            _hosts(resolver, resolver.mail_hosts(value or domain)[:MOST_LOOKUPS], reading)
        case "ptr" | "exists":
            pass
        case _:
            if "=" not in bare:  # an unknown modifier is left alone (RFC 7208 §6)
                reading.errors.append(bare[:80])


def _follow(resolver: Resolver, name: str, reading: Reading, *, depth: int) -> None:
    records = spf_records(resolver, name) if name and "%" not in name else []
    if len(records) == 1:
        _read(resolver, name, records[0], reading, depth=depth)
    elif "%" not in name:
        reading.errors.append(name[:80])


def _network(value: str, bare: str, reading: Reading) -> None:
    try:
        reading.networks.append(ip_network(value, strict=False))
    except ValueError:
        reading.errors.append(bare[:80])


def _hosts(resolver: Resolver, names: list[str], reading: Reading) -> None:
    for name in names:
        reading.networks += [ip_network(address) for address in resolver.addresses(name)]
