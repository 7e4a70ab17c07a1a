"""Whether a worker of this machine has said lately that it is alive: `python -m deploy.worker_pulse`, status 0 or 1.

For a check every few seconds, so it reads the row of tasks.models.Worker without Django.
"""

import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg2  # type: ignore[import-untyped]

ALIVE = "SELECT count(*) FROM tasks_worker WHERE machine = %s AND seen_at > now() - %s * interval '1 second'"
# Of newsroom.settings and .env.example.
USUAL_HEARTBEAT = 10  # seconds
# One that a busy database held up is no death.
SILENT_BEATS, LEAST_SILENCE = 4, 45


def silence(given: Mapping[str, str]) -> float:
    """Seconds after which a worker counts as dead: some beats of its heart, however seldom it beats."""
    return max(
        LEAST_SILENCE, SILENT_BEATS * float(given.get("WORKER_HEARTBEAT_SECONDS", "").strip() or USUAL_HEARTBEAT)
    )


def is_alive(url: str, machine: str, seconds: float) -> bool:
    """Raises psycopg2.Error when the database does not answer."""
    connection = psycopg2.connect(url, connect_timeout=3)
    try:
        with connection.cursor() as cursor:
            cursor.execute(ALIVE, [machine, seconds])
            found = cursor.fetchone()
            return bool(found and found[0])
    finally:
        connection.close()


def main() -> None:
    path = os.environ.get("DATABASE_URL_FILE")
    url = Path(path).read_text(encoding="utf-8").strip() if path else os.environ["DATABASE_URL"]
    is_well = is_alive(url, socket.gethostname(), silence(os.environ))
    sys.exit(0 if is_well else "No worker of this machine has been heard of lately.")


if __name__ == "__main__":
    main()
