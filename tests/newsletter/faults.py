"""What can go wrong while an issue is sent, one after the other, with real processes.

    python -m tests.newsletter.faults [name ...]

On SQLite, or on a new database of the server that DATABASE_URL names. Prints a line of JSON for each case of
fault_cases.py: what came of it, or the error. The database is shared, each case has an issue and readers of its own.
"""

import json
import os
import signal
import sys
import time
import traceback
from typing import Any

from tests.newsletter import mailroom
from tests.newsletter.killing import new_database

# Seconds that are minutes in earnest. The lease is the shortest that there may be: it ends 5 s before, for safety.
VARIABLES = {
    "NEWSLETTER_LEASE_SECONDS": "8",
    "NEWSLETTER_RETRY_SECONDS": "0.2",
    "NEWSLETTER_REPLY_SECONDS": "1.5",
    "NEWSLETTER_SLICE_SECONDS": "5",
    "WORKER_POLL_SECONDS": "0.1",
    "WORKER_CONCURRENCY": "1",
}


def main() -> None:
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))  # the workers end with it
    url = os.environ.get("DATABASE_URL", "")
    url = new_database(url) if url.startswith("postgres") else ""
    with mailroom.folder() as folder:
        with mailroom.running_sink(folder) as (port, _log):
            pass  # only to know a free port
        mailroom.set_up(folder / "data", port=port, database_url=url, **VARIABLES)
        from tests.newsletter import fault_cases  # noqa: PLC0415 - models need the set-up

        room = fault_cases.Room(folder, port)
        try:
            for name in sys.argv[1:] or fault_cases.CASES:
                print(json.dumps({"case": name} | _outcome(fault_cases.CASES[name], room)), flush=True)  # noqa: T201
        finally:
            room.dismiss()
            sys.stderr.write(room.workers_log.read_text())


def _outcome(case: Any, room: Any) -> dict[str, Any]:
    started = time.monotonic()
    room.clear()
    try:
        outcome = case(room)
    except Exception:  # noqa: BLE001 - the other cases are still worth a look
        outcome = {"error": traceback.format_exc()}
    return outcome | {"took": round(time.monotonic() - started, 1)}


if __name__ == "__main__":
    main()
