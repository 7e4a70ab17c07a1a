"""PostgreSQL as a process of this folder: its cluster made once, a replica of it, and what an administrator asks of it.

It refuses root; started by root, it runs as the user that Debian's package has made for it.
"""

import os
import pwd
import signal
import subprocess
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from deploy.ports import HOST
from deploy.processes import process
from deploy.programs import server_binaries
from deploy.secret_files import secret, write_secret
from deploy.services import Service
from deploy.trouble import Trouble

HERE = Path(__file__).resolve().parent
DATABASE = ROLE = "newsroom"
ADMINISTRATOR = "postgres"
REPLICATOR = "replicator"


def server_account() -> dict[str, Any]:
    """Arguments for subprocess that start the server as someone else than root, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return {}
    accounts = {account.pw_name: account for account in pwd.getpwall()}
    account = accounts.get("postgres") or accounts["nobody"]
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def call(command: list[str | Path], account: Mapping[str, Any], **variables: str) -> None:
    """Raises CalledProcessError when the command fails; what it complained of is on stderr."""
    # No pipe for the output: the server would inherit it and keep it open. Away from the terminal's Ctrl-C.
    subprocess.run(  # noqa: S603 - our own command
        command,
        cwd="/",
        env=os.environ | variables,
        check=True,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        **account,
    )


class Server:
    """One PostgreSQL: `folder` is its own, `secrets` are those of the site, it listens at `port` of this machine."""

    def __init__(self, name: str, folder: Path, *, port: int, secrets: Path, primary: "Server | None" = None) -> None:
        self.name, self.folder, self.port, self.secrets, self.primary = name, folder, port, secrets, primary
        self.data = folder / "data"
        self.account = server_account()
        self.binaries = server_binaries() or Path()

    def service(self) -> Service:
        own = {
            "config_file": self.folder / "postgresql.conf",
            "port": self.port,
            "listen_addresses": HOST,
            "unix_socket_directories": "",
            # By this name a replica is known to its primary.
            "cluster_name": self.name,
        }
        options = [word for name, value in own.items() for word in ("-c", f"{name}={value}")]
        return Service(
            name=self.name,
            command=(str(self.binaries / "postgres"), "-D", str(self.data), *options),
            variables={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
            is_ready=self.is_ready,
            before=self.prepare,
            after=nothing_more if self.primary else self.make_database,
            ports=(self.name,),
            account=self.account,
            end=signal.SIGINT,  # connections are closed, not waited for
        )

    def prepare(self) -> None:
        """Its folder, the configuration of today, and the first time the cluster. Raises Trouble."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        passwords = f"*:*:*:{ADMINISTRATOR}:{self.password}\n*:*:*:{REPLICATOR}:{self.replication_password}\n"
        if self.account:
            refuse_closed_folders(self.folder.parent, self.account)
            os.chown(self.folder, self.account["user"], self.account["group"])
        self.hand_over("passwords", passwords)
        self.hand_over("postgresql.conf", (HERE / "postgresql" / "postgresql.conf").read_text(encoding="utf-8"))
        if (self.data / "PG_VERSION").exists():
            self.forget_dead_server()
            return
        if self.primary:
            self.copy(self.primary)
        else:
            self.make_cluster()

    def forget_dead_server(self) -> None:
        """Where nobody has looked yet after a server that was killed, a new one would take it for alive."""
        note = self.data / "postmaster.pid"
        if note.exists() and not process(int(note.read_text(encoding="ascii").split()[0])):
            note.unlink()

    def hand_over(self, name: str, text: str) -> None:
        """A file that the server may read, and nobody else."""
        write_secret(self.folder / name, text)
        if self.account:
            os.chown(self.folder / name, self.account["user"], self.account["group"])

    def make_cluster(self) -> None:
        options = ["--data-checksums", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
        named = [f"--username={ADMINISTRATOR}", f"--pwfile={self.folder / 'password'}", f"--pgdata={self.data}"]
        self.hand_over("password", self.password)
        call([self.binaries / "initdb", *options, *named], self.account)
        (self.folder / "password").unlink()

    def make_database(self) -> None:
        """The role of the site and its database, where they are not there yet; the role of replicas too."""
        if self.ask("SELECT 1 FROM pg_database WHERE datname = 'newsroom'", database="postgres"):
            return
        secret(self.secrets / "database_password")
        given = {"DATABASE_PASSWORD_FILE": str(self.secrets / "database_password")}
        self.psql("--file", str(HERE / "postgresql" / "newsroom.sql"), **given)
        role = f"\\set password `cat {self.secrets / 'replication_password'}`\n"
        self.psql(given=f"{role}CREATE ROLE {REPLICATOR} LOGIN REPLICATION PASSWORD :'password';")

    def copy(self, primary: "Server") -> None:
        where = f"host={HOST} port={primary.port} user={REPLICATOR} passfile={self.folder / 'passwords'}"
        # Without `fast` it would wait for the next checkpoint.
        how = ["--checkpoint=fast", "--wal-method=stream", "--write-recovery-conf"]
        slot = ["--create-slot", f"--slot={self.name}"]
        call([self.binaries / "pg_basebackup", f"--dbname={where}", f"--pgdata={self.data}", *how, *slot], self.account)

    def is_ready(self) -> bool:
        command = [str(self.binaries / "pg_isready"), f"--host={HOST}", f"--port={self.port}", "--quiet"]
        return subprocess.run(command, check=False).returncode == 0  # noqa: S603 - our own command

    def ask(self, query: str, database: str = DATABASE) -> str:
        """The answer without ornaments, columns parted by `|`. Raises CalledProcessError."""
        return self.psql("--command", query, database=database)

    def psql(self, *arguments: str, given: str = "", database: str = "postgres", **variables: str) -> str:
        where = [f"--host={HOST}", f"--port={self.port}", f"--username={ADMINISTRATOR}", f"--dbname={database}"]
        how = ["--no-psqlrc", "--no-password", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
        environment = os.environ | {"PGPASSFILE": str(self.folder / "passwords")} | variables
        command = [str(self.binaries / "psql"), *where, *how, *arguments]
        answer = subprocess.run(  # noqa: S603 - our own command
            command, input=given, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return answer.stdout.strip()

    def url(self) -> str:
        """How the site reaches it."""
        return f"postgres://{ROLE}:{secret(self.secrets / 'database_password')}@{HOST}:{self.port}/{DATABASE}"

    def reached_by(self, url: str) -> str:
        """The same with this server's port: with the name and the password that stand in `url`."""
        parts = urlsplit(url)
        who = parts.netloc.rpartition("@")[0]
        return parts._replace(netloc=f"{who}@{HOST}:{self.port}").geturl()

    @property
    def password(self) -> str:
        return secret(self.secrets / "administrator_password")

    @property
    def replication_password(self) -> str:
        return secret(self.secrets / "replication_password")


def is_at(url: str, ports: Collection[int]) -> bool:
    """Whether it is the address of a server at one of these ports of this machine; not, what is no single address."""
    try:
        parts = urlsplit(url)
        return parts.hostname == HOST and parts.port in ports
    except ValueError:
        return False


def nothing_more() -> None:
    """A replica has what its primary has."""


def refuse_closed_folders(folder: Path, account: Mapping[str, Any]) -> None:
    """Raises Trouble when the user of the server may not pass through `folder` to its own."""
    for path in [folder, *folder.parents]:
        found = path.stat()
        may = found.st_mode & 0o001 or (found.st_uid == account["user"] and found.st_mode & 0o100)
        if not may and not (found.st_gid == account["group"] and found.st_mode & 0o010):
            name = pwd.getpwuid(account["user"]).pw_name
            raise Trouble(
                f"PostgreSQL runs as the user {name}, who may not enter {path}; choose a folder elsewhere, "
                f"or let others pass: chmod o+x {path}"
            )
