"""Whether a worker of this machine has said lately that it is alive: `python -m deploy.worker_pulse`, status 0 or 1.

For a check every few seconds, so it reads the row of tasks.models.Worker without Django.
"""

import os
import socket
import sys
from pathlib import Path

import psycopg2  # type: ignore[import-untyped]

ALIVE = "SELECT count(*) FROM tasks_worker WHERE machine = %s AND seen_at > now() - interval '45 seconds'"


def is_alive(url: str, machine: str) -> bool:
    """Raises psycopg2.Error when the database does not answer."""
    connection = psycopg2.connect(url, connect_timeout=3)
    try:
        with connection.cursor() as cursor:
            cursor.execute(ALIVE, [machine])
            found = cursor.fetchone()
            return bool(found and found[0])
    finally:
        connection.close()


def main() -> None:
    path = os.environ.get("DATABASE_URL_FILE")
    url = Path(path).read_text(encoding="utf-8").strip() if path else os.environ["DATABASE_URL"]
    sys.exit(0 if is_alive(url, socket.gethostname()) else "No worker of this machine has been heard of lately.")


if __name__ == "__main__":
    main()
