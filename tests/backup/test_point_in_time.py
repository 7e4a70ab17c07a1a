"""PostgreSQL back to a moment between two backups, by the commands of docs/operations.md."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.postgres import CLUSTER_OPTIONS, SUPERUSER, call, server_account, server_binaries

BINARIES = server_binaries()
pytestmark = pytest.mark.skipif(BINARIES is None, reason="PostgreSQL is not installed")


class Cluster:
    """A server that listens at a private socket, with its log archived."""

    def __init__(self, folder: Path, name: str) -> None:
        assert BINARIES
        self.binaries, self.account = BINARIES, server_account()
        self.folder, self.data, self.archive = folder, folder / name, folder / "archive"
        self.name = name

    def make(self) -> None:
        call([self.binaries / "initdb", f"--pgdata={self.data}", *CLUSTER_OPTIONS], self.account)
        self.set_up(
            archive_mode="on",
            archive_command=f"test ! -f {self.archive}/%f && cp %p {self.archive}/%f",
            wal_level="replica",
            max_wal_senders="3",
        )

    def set_up(self, **lines: str) -> None:
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in lines.items())

    def start(self) -> None:
        (self.folder / f"{self.name}-socket").mkdir()
        self.give(self.folder / f"{self.name}-socket")
        options = f"--options=-c listen_addresses='' -k {self.folder}/{self.name}-socket"
        command = [self.binaries / "pg_ctl", f"--pgdata={self.data}", f"--log={self.data}.log", "--wait", options]
        call([*command, "start"], self.account)

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            call([self.binaries / "pg_ctl", f"--pgdata={self.data}", "--mode=immediate", "stop"], self.account)

    def give(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account["user"], self.account["group"])

    def ask(self, statement: str) -> str:
        command = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
        address = [f"--host={self.folder}/{self.name}-socket", f"--username={SUPERUSER}", "--dbname=postgres"]
        done = subprocess.run(
            [*command, *address, f"--command={statement}"], capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def base_backup(self, target: Path) -> None:
        address = [f"--host={self.folder}/{self.name}-socket", f"--username={SUPERUSER}"]
        options = [f"--pgdata={target}", "--checkpoint=fast", "--wal-method=stream"]
        call([self.binaries / "pg_basebackup", *address, *options], self.account)


@pytest.fixture
def folder() -> Iterator[Path]:
    # A short path: that of a socket may have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="pitr-") as name:
        path = Path(name)
        account = server_account()
        (path / "archive").mkdir()
        for place in (path, path / "archive"):
            if account:
                os.chown(place, account["user"], account["group"])
        yield path


def until(is_there: "object", seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_there():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.1)


def test_what_was_deleted_by_mistake_is_there_at_the_moment_before(folder: Path) -> None:
    with ExitStack() as stack:
        ours = Cluster(folder, "ours")
        ours.make()
        stack.callback(ours.stop)
        ours.start()
        ours.ask("CREATE TABLE story (id int PRIMARY KEY, headline text)")
        ours.ask("INSERT INTO story SELECT n, 'before ' || n FROM generate_series(1, 1000) n")
        ours.base_backup(folder / "again")
        ours.ask("INSERT INTO story SELECT n, 'after ' || n FROM generate_series(1001, 1500) n")
        moment = ours.ask("SELECT clock_timestamp()")
        ours.ask("DELETE FROM story WHERE id % 2 = 0")
        segment = ours.ask("SELECT pg_walfile_name(pg_switch_wal())")
        until(lambda: (folder / "archive" / segment).exists())
        # The machine is lost with all that it had.
        ours.stop()

        again = Cluster(folder, "again")
        again.set_up(
            archive_mode="off",
            restore_command=f"cp {folder}/archive/%f %p",
            recovery_target_time=moment,
            recovery_target_action="promote",
        )
        (again.data / "recovery.signal").touch()
        again.give(again.data / "recovery.signal")
        stack.callback(again.stop)
        again.start()
        until(lambda: again.ask("SELECT pg_is_in_recovery()") == "f")
        assert again.ask("SELECT count(*), count(*) FILTER (WHERE id > 1000) FROM story") == "1500|500"
        again.ask("INSERT INTO story VALUES (2000, 'it takes new rows')")
