"""Run a command against a PostgreSQL of its own: `python -m tests.postgres -- command ...`.

The server lives in a temporary folder, listens on a private socket only and is gone afterwards, whatever
happened. The command finds it in DATABASE_URL; its exit status is ours. Without PostgreSQL on this machine
nothing is run: that is a failure only where CI=true promises that everything is checked.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import quote

SUPERUSER = "newsroom"
CLUSTER_OPTIONS = (
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--no-sync",
    f"--username={SUPERUSER}",
)
# A crash may lose everything: nothing here is worth a wait for the disk.
SERVER_OPTIONS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def server_binaries() -> Path | None:
    """The folder with initdb and postgres: the newest that Debian installed, else the one in PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    in_path = shutil.which("initdb")
    folders = [*reversed(debian), *([Path(in_path).resolve().parent] if in_path else [])]
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


def server_account() -> dict[str, Any]:
    """Arguments for subprocess that start the server as someone else than root, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return {}
    accounts = {account.pw_name: account for account in pwd.getpwall()}
    account = accounts.get("postgres") or accounts["nobody"]
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def call(command: list[str | Path], account: dict[str, Any]) -> None:
    """Raises CalledProcessError when the command fails; what it complained of is on stderr."""
    # No pipe for the output: the server would inherit it and keep it open. Away from the terminal's Ctrl-C.
    subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL, start_new_session=True, **account)


@contextmanager
def running_server(binaries: Path) -> Iterator[str]:
    """Yields the DATABASE_URL of a fresh server, which is stopped and removed at the end."""
    account = server_account()
    with tempfile.TemporaryDirectory(prefix="newsroom-postgres-") as folder:
        if account:
            os.chown(folder, account["user"], account["group"])
        data = Path(folder, "data")
        control: list[str | Path] = [binaries / "pg_ctl", f"--pgdata={data}"]
        try:
            call([binaries / "initdb", f"--pgdata={data}", *CLUSTER_OPTIONS], account)
            options = f"--options={SERVER_OPTIONS} -k {folder}"
            call([*control, f"--log={folder}/log", options, "start"], account)
            yield f"postgres://{SUPERUSER}@{quote(folder, safe='')}/postgres"
        finally:
            if (data / "postmaster.pid").exists():
                call([*control, "--mode=immediate", "stop"], account)


def run_with_server(command: list[str], binaries: Path) -> int:
    """A signal ends the command; it never breaks off the start or the stop of the server."""
    received: list[int] = []
    running: list[subprocess.Popen[bytes]] = []

    def stop(number: int, frame: FrameType | None) -> None:
        received.append(number)
        for child in running:
            child.terminate()

    for name in STOP_SIGNALS:
        signal.signal(name, stop)
    with running_server(binaries) as url:
        running.append(subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url}))
        if received:
            running[0].terminate()
        status = running[0].wait()
    return 128 + received[0] if received else status


def main() -> int:
    match sys.argv[1:]:
        case ["--", *command] if command:
            pass
        case _:
            sys.exit("usage: python -m tests.postgres -- command [argument ...]")
    binaries = server_binaries()
    if binaries:
        return run_with_server(command, binaries)
    sys.stderr.write("PostgreSQL is not installed: its tests are left out.\n")
    return int(os.environ.get("CI") == "true")


if __name__ == "__main__":
    sys.exit(main())
