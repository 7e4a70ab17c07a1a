"""The commands of an installation."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from deploy.installation import Installation
from deploy.ports import free_ports, read_ports
from deploy.settings_file import read_settings
from deploy.site import ROOT
from deploy.trouble import Trouble

# What an installation says of itself, whatever its operator gives, beside what it does not take (deploy.installation).
DECIDED = frozenset({"BEHIND_PROXY", "CACHE_REFRESH_URLS", "DATA_DIR"})


def main(kind: type[Installation], module: str) -> None:
    """What went wrong is one sentence on stderr, and the status 1."""
    ours, command = split(sys.argv[1:])
    reader = parser(module)
    arguments = reader.parse_args(ours)
    if (arguments.verb == "manage") != bool(command):
        reader.error("after `manage FOLDER --`, and only there, comes a command of manage.py")
    try:
        if command:
            become(kind(arguments.folder), command)
        sys.stdout.write(run(kind, arguments))
    except Trouble as trouble:
        sys.exit(str(trouble))


def split(typed: Sequence[str]) -> tuple[list[str], list[str]]:
    """What is for us, and what stands after the first `--`."""
    place = typed.index("--") if "--" in typed else len(typed)
    return list(typed[:place]), list(typed[place + 1 :])


def parser(module: str) -> argparse.ArgumentParser:
    usage = "%(prog)s {up,down,status,upgrade} FOLDER [options]\n       %(prog)s manage FOLDER -- COMMAND [options]"
    found = argparse.ArgumentParser(prog=f"python -m {module}", usage=usage)
    found.add_argument("verb", choices=("up", "down", "status", "upgrade", "manage"))
    found.add_argument("folder", type=Path, help="where everything that it keeps lies; made when it is not there")
    found.add_argument("--port", action="append", default=[], metavar="NAME=NUMBER", help="instead of the usual one")
    found.add_argument("--free-ports", action="store_true", help="take any that are free")
    found.add_argument("--empty", action="store_true", help="without the sample newsroom, and without an account")
    found.add_argument("--site", action="store_true", help="down: the web servers and workers alone")
    return found


def run(kind: type[Installation], arguments: argparse.Namespace) -> str:
    """What the operator reads."""
    there = kind(arguments.folder)
    there.say = sys.stderr.write
    if arguments.verb in {"up", "upgrade"}:
        refuse_decided(there)
    if arguments.verb == "up":
        if arguments.free_ports and not there.remembered_ports():
            there.ports = free_ports(kind.PORTS)
        there.ports = read_ports(arguments.port, there.ports)
        return there.up(with_sample=not arguments.empty)
    refuse_nothing(there)
    if arguments.verb == "upgrade":
        there.upgrade()
        return "The new version answers; no request was refused.\n"
    if arguments.verb == "down":
        ended = end_site(there) if arguments.site else there.down()
        return f"Ended: {', '.join(ended)}.\n" if ended else "Nothing was running.\n"
    return "".join(f"{name:<20} {state}\n" for name, state in there.status().items())


def end_site(there: Installation) -> list[str]:
    """For what wants the database to itself. Readers have the kept pages and the proxy's own. Returns the names."""
    site = [service for service in there.above() if service.name != "proxy"]
    return [service.name for service in reversed(site) if there.crew.stop(service)]


def become(there: Installation, command: Sequence[str]) -> NoReturn:
    """manage.py as the processes of the site run, in our place: its questions and its status are the command's own."""
    refuse_nothing(there)
    # Else a folder that was mistyped would get secrets of its own.
    if not there.remembered_ports():
        raise Trouble(f"{there.folder} is no installation: nothing was started in it yet.")
    site = there.site()
    site.make_folder()
    os.execve(sys.executable, [sys.executable, str(ROOT / "manage.py"), *command], site.variables)  # noqa: S606 - ours


def refuse_nothing(there: Installation) -> None:
    if not there.folder.exists():
        raise Trouble(f"There is nothing in {there.folder}.")


def refuse_decided(there: Installation) -> None:
    """Raises Trouble for a setting that would not be taken: whoever wrote it must not believe that it is."""
    path = there.folder / "settings.env"
    for name, value in read_settings(path).items():
        if value and (name not in there.given or name.removesuffix("_FILE") in DECIDED):
            raise Trouble(
                f"{path}: {name} is not taken from there; keys, databases, ports and folders are decided by the "
                f"installation, and secrets lie in {there.secrets} (docs/operations.md, Rotate secrets)."
            )
