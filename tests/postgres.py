"""Run a command against a PostgreSQL of its own: `python -m tests.postgres -- command ...`.

The server lives in a temporary folder, listens on a private socket only and is gone afterwards, whatever
happened. The command finds it in DATABASE_URL; its exit status is ours. Without PostgreSQL on this machine
nothing is run: that is a failure only where CI=true promises that everything is checked.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from urllib.parse import quote

from deploy.databases import call, server_account
from deploy.programs import server_binaries

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


@contextmanager
def running_server(binaries: Path, settings: str = SERVER_OPTIONS) -> Iterator[str]:
    """Yields the DATABASE_URL of a fresh server with these options, which is stopped and removed at the end."""
    account = server_account()
    with tempfile.TemporaryDirectory(prefix="newsroom-postgres-") as folder:
        if account:
            os.chown(folder, account["user"], account["group"])
        data = Path(folder, "data")
        control: list[str | Path] = [binaries / "pg_ctl", f"--pgdata={data}"]
        try:
            call([binaries / "initdb", f"--pgdata={data}", *CLUSTER_OPTIONS], account)
            options = f"--options={settings} -k {folder}"
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
