"""What several machines share: a primary with a streaming replica, and Redis. Each ends with the test that began it."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import redis

from tests.postgres import SUPERUSER, call, running_server, server_account, server_binaries
from tests.site.serving import free_port


@dataclass
class Replica:
    url: str
    data: Path
    binaries: Path

    @property
    def folder(self) -> str:
        return str(self.data.parent)

    def say(self, sql: str) -> None:
        command = [self.binaries / "psql", "--quiet", "--no-psqlrc", f"--host={self.folder}", f"--username={SUPERUSER}"]
        call([*command, "--dbname=postgres", f"--command={sql}"], server_account())

    def pause(self) -> None:
        """From now on it answers with what it has."""
        self.say("SELECT pg_wal_replay_pause()")

    def resume(self) -> None:
        self.say("SELECT pg_wal_replay_resume()")

    def start(self) -> None:
        options = f"--options=-c listen_addresses='' -c fsync=off -k {self.folder}"
        call([*self._control(), f"--log={self.folder}/log", options, "start"], server_account())

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            call([*self._control(), "--mode=immediate", "stop"], server_account())

    def start_again(self) -> None:
        """As it was, whatever a test did with it."""
        if (self.data / "postmaster.pid").exists():
            self.resume()
        else:
            self.start()

    def _control(self) -> list[str | Path]:
        return [self.binaries / "pg_ctl", f"--pgdata={self.data}"]


@contextmanager
def primary_and_replica() -> Iterator[tuple[str, Replica]]:
    binaries = server_binaries()
    assert binaries
    account = server_account()
    with running_server(binaries) as url, tempfile.TemporaryDirectory(prefix="newsroom-replica-") as folder:
        if account:
            os.chown(folder, account["user"], account["group"])
        data = Path(folder, "data")
        source = [f"--host={unquote(urlsplit(url).netloc.rpartition('@')[2])}", f"--username={SUPERUSER}"]
        copy = [binaries / "pg_basebackup", *source, f"--pgdata={data}", "--checkpoint=fast", "--no-sync"]
        call([*copy, "--write-recovery-conf", "--wal-method=stream"], account)
        replica = Replica(f"postgres://{SUPERUSER}@{quote(folder, safe='')}/postgres", data, binaries)
        replica.start()
        try:
            yield url, replica
        finally:
            replica.stop()


@contextmanager
def redis_server(port: int | None = None) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Yields its address and the process."""
    port = port or free_port()
    password = "for-tests-only"
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--requirepass", password]
    process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    try:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with suppress(redis.RedisError):
                redis.Redis.from_url(url).ping()
                break
            time.sleep(0.05)
        yield url, process
    finally:
        process.kill()
        process.wait()
