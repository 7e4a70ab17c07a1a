"""Redis as a process of this folder, with the configuration that it has in containers too."""

import socket
from pathlib import Path

from deploy.ports import HOST
from deploy.programs import PATH, find
from deploy.secret_files import secret, write_secret
from deploy.services import Service

CONFIGURATION = Path(__file__).resolve().parent / "redis" / "redis.conf"
NAME = "redis"


class Cache:
    def __init__(self, folder: Path, *, port: int, secrets: Path) -> None:
        self.folder, self.port, self.secrets = folder, port, secrets

    def service(self) -> Service:
        return Service(
            name=NAME,
            command=(find("redis-server") or "redis-server", str(self.folder / "redis.conf")),
            variables={"PATH": PATH},
            is_ready=self.is_ready,
            before=self.prepare,
            ports=(NAME,),
        )

    def prepare(self) -> None:
        own = (f'include "{CONFIGURATION}"', f"bind {HOST}", f"port {self.port}", f'dir "{self.folder}"')
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_secret(self.folder / "redis.conf", "\n".join([*own, f"requirepass {self.password}", ""]))

    def is_ready(self) -> bool:
        try:
            with socket.create_connection((HOST, self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                with connection.makefile("rb") as answer:
                    return [answer.readline(), answer.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
        except OSError:
            return False

    def url(self) -> str:
        return f"redis://:{self.password}@{HOST}:{self.port}/0"

    @property
    def password(self) -> str:
        return secret(self.secrets / "redis_password")
