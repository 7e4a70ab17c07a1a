"""Ports at this machine alone, below 32768: those above are given to outgoing connections, now and then just ours."""

import random
import socket
from collections.abc import Iterable, Mapping

from deploy.trouble import Trouble

HOST = "127.0.0.1"
ANY = range(20_000, 32_768)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers bind: without it a port that was just given up looks taken for a minute.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_ports(names: Iterable[str]) -> dict[str, int]:
    """For tests and trials: a different one for each name."""
    candidates = (port for port in random.sample(ANY, len(ANY)) if is_free(port))
    return dict(zip(names, candidates, strict=False))


def read_ports(given: Iterable[str], defaults: Mapping[str, int]) -> dict[str, int]:
    """`name=number` each, over the defaults. Raises Trouble for what is neither."""
    ports = dict(defaults)
    for item in given:
        name, _equals, number = item.partition("=")
        if name not in defaults or not (number.isascii() and number.isdigit() and 0 < int(number) < 65_536):
            raise Trouble(f"A port is given as NAME=NUMBER with a name of {', '.join(defaults)}, not {item!r}.")
        ports[name] = int(number)
    return ports


def refuse_taken(name: str, port: int) -> None:
    """Raises Trouble when another program has it."""
    if not is_free(port):
        raise Trouble(f"Port {port} is taken by another program; stop it or choose another: --port {name}=NUMBER")
