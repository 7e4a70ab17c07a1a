"""The commands of an installation."""

import argparse
import sys
from pathlib import Path

from deploy.installation import Installation
from deploy.ports import free_ports, read_ports
from deploy.trouble import Trouble


def main(kind: type[Installation], module: str) -> None:
    """What went wrong is one sentence on stderr, and the status 1."""
    arguments = parser(module).parse_args()
    try:
        sys.stdout.write(run(kind, arguments))
    except Trouble as trouble:
        sys.exit(str(trouble))


def parser(module: str) -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog=f"python -m {module}")
    found.add_argument("verb", choices=("up", "down", "status", "upgrade"))
    found.add_argument("folder", type=Path, help="where everything that it keeps lies; made when it is not there")
    found.add_argument("--port", action="append", default=[], metavar="NAME=NUMBER", help="instead of the usual one")
    found.add_argument("--free-ports", action="store_true", help="take any that are free")
    found.add_argument("--empty", action="store_true", help="without the sample newsroom, and without an account")
    return found


def run(kind: type[Installation], arguments: argparse.Namespace) -> str:
    """What the operator reads."""
    there = kind(arguments.folder)
    there.say = sys.stderr.write
    if arguments.verb == "up":
        if arguments.free_ports and not there.remembered_ports():
            there.ports = free_ports(kind.PORTS)
        there.ports = read_ports(arguments.port, there.ports)
        return there.up(with_sample=not arguments.empty)
    if not there.folder.exists():
        raise Trouble(f"There is nothing in {arguments.folder}.")
    if arguments.verb == "upgrade":
        there.upgrade()
        return "The new version answers; no request was refused.\n"
    if arguments.verb == "down":
        ended = there.down()
        return f"Ended: {', '.join(ended)}.\n" if ended else "Nothing was running.\n"
    return "".join(f"{name:<20} {state}\n" for name, state in there.status().items())
