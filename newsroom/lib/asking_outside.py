"""Asking a web address of others whether it answers, without being led into our own network.

Whoever writes a text chooses the address, so it is asked as a stranger would: only http and https at their usual
ports, only where every address that the name stands for is public (RFC 1918, 4193, 6598, 6890 are not), also after each
redirect, and the connection goes to the very address that was looked at. Nothing of the answer is kept but its number.
"""

import socket
import ssl
import time
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, quote, urljoin, urlsplit

SECONDS = 5.0  # for one address, redirects included
MOST_REDIRECTS = 3
LONGEST_HEAD = 16 * 1024  # bytes
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SAFE = "/?#[]@!$&'()*+,;=%:~-._"
# Addresses that carry another one in them, which the network behind may open: NAT64 and 6to4.
_CARRIERS = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("2002::/16"), ip_network("2001::/32"))


class Unreachable(Exception):
    """There was no answer. `problem` is one of: address, private, name, time, connection, certificate, redirects."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)


@dataclass(frozen=True)
class _Answer:
    status: int
    location: str


def ask(address: str, *, agent: str) -> int:
    """The number of the answer: of HEAD, or of a GET where HEAD was refused. Raises Unreachable.

    Takes SECONDS at most, apart from looking a name up.
    """
    until = time.monotonic() + SECONDS
    for _step in range(MOST_REDIRECTS + 1):
        answer = _ask_once("HEAD", address, agent, until)
        if answer.status >= 400:
            answer = _ask_once("GET", address, agent, until)
        if answer.status not in _REDIRECTS or not answer.location:
            return answer.status
        address = _next(address, answer.location)
    raise Unreachable("redirects")


def is_public(address: str) -> bool:
    """Whether an IP address is one that everybody can reach, and carries no other in it."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None or any(ip in carrier for carrier in _CARRIERS):
            return False
        if ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _next(address: str, location: str) -> str:
    """Where a redirect leads. Raises Unreachable: whoever answers may write there what is no address at all."""
    try:
        return urljoin(address, location)
    except ValueError as error:
        raise Unreachable("address") from error


def _ask_once(method: str, address: str, agent: str, until: float) -> _Answer:
    parts = _parts(address)
    port = _PORTS[parts.scheme]
    host = parts.hostname or ""
    try:
        connection = _connect(_resolve(host, port), port, until)
        with connection:
            if parts.scheme == "https":
                connection.settimeout(_left(until))
                connection = _context().wrap_socket(connection, server_hostname=host)
            with connection:
                connection.settimeout(_left(until))
                connection.sendall(_request(method, parts, host, agent))
                return _read(connection, until)
    except ssl.SSLError as error:
        raise Unreachable("certificate") from error
    except TimeoutError as error:
        raise Unreachable("time") from error
    except OSError as error:
        raise Unreachable("connection") from error
    except ValueError as error:  # a name that cannot be written as TLS and HTTP want it
        raise Unreachable("address") from error


def _parts(address: str) -> SplitResult:
    """Raises Unreachable for what is no plain address of the web: other schemes, ports, names and passwords in it."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError as error:
        raise Unreachable("address") from error
    is_plain = parts.scheme in _PORTS and parts.hostname and parts.username is None and parts.password is None
    if not is_plain or port not in {None, _PORTS[parts.scheme]}:
        raise Unreachable("address")
    return parts


def _resolve(host: str, port: int) -> str:
    """The address to connect to; every one that the name has must be public. Raises Unreachable."""
    try:
        found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise Unreachable("name") from error
    if not found:
        raise Unreachable("name")
    if not all(map(is_public, found)):
        raise Unreachable("private")
    return min(found, key=lambda one: ":" in one)  # IPv4 first: many machines have no way out by the other


def _connect(ip: str, port: int, until: float) -> socket.socket:
    return socket.create_connection((ip, port), timeout=_left(until))


def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _request(method: str, parts: SplitResult, host: str, agent: str) -> bytes:
    """HTTP/1.1 (RFC 9112) in one piece; nothing from the address can begin a second line."""
    path = quote(parts.path or "/", safe=_SAFE)
    query = f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    name = f"[{host}]" if ":" in host else host.encode("idna").decode("ascii") if not host.isascii() else host
    lines = [f"{method} {path}{query} HTTP/1.1", f"Host: {name}", f"User-Agent: {agent}", "Accept: */*"]
    lines += ["Range: bytes=0-1023"] if method == "GET" else []
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("ascii", "replace")


def _read(connection: socket.socket, until: float) -> _Answer:
    """The head of the answer. Raises Unreachable where it is none, is too long or takes too long."""
    head = b""
    while b"\r\n\r\n" not in head and len(head) < LONGEST_HEAD:
        connection.settimeout(_left(until))
        piece = connection.recv(4096)
        if not piece:
            break
        head += piece
    first, *rest = head.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) < 2 or not words[0].startswith("HTTP/") or not (words[1].isascii() and words[1].isdigit()):
        raise Unreachable("connection")
    fields = {name.strip().casefold(): value.strip() for name, _colon, value in (line.partition(":") for line in rest)}
    return _Answer(int(words[1][:3]), _as_utf8(fields.get("location", "")))


def _as_utf8(text: str) -> str:
    """Some servers write Arabic paths as they are, in bytes."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return text


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
