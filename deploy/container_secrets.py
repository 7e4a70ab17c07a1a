"""The secrets of docker-compose.yml, made once: `python3 -m deploy.container_secrets [FOLDER]` (secrets/).

Containers run as users of their own and must be able to read the files, so it is the folder that is closed to others.
"""

import sys
from pathlib import Path

from deploy.secret_files import secret, write_secret

PLAIN = (
    "administrator_password",
    "cache_refresh_token",
    "database_password",
    "redis_password",
    "secret_key",
    "suppression_key",
)
# Where the services are on the network between the containers.
URLS = {
    "database_url": ("postgres://newsroom:{}@db:5432/newsroom", "database_password"),
    "redis_url": ("redis://:{}@redis:6379/0", "redis_password"),
}


def make(folder: Path) -> list[str]:
    """Returns the names of those that were not there. What is there stays as it is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    missing = [name for name in (*PLAIN, *URLS) if not (folder / name).exists()]
    for name in missing:
        if name in PLAIN:
            secret(folder / name)
        else:
            shape, password = URLS[name]
            write_secret(folder / name, shape.format(secret(folder / password)))
    for name in (*PLAIN, *URLS):
        (folder / name).chmod(0o444)
    return missing


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "secrets")
    made = make(target)
    sys.stdout.write(f"Made in {target}/: {', '.join(made)}.\n" if made else f"Everything is in {target}/ already.\n")
