"""Each machine writes down what it has counted, whatever of the site runs there: readers served, tasks, figures.

On one where the clock runs, that does it as well; the more marks, the better the minute (newsroom.operating.machines).
"""

import fcntl
import logging
import os
import time
from threading import Thread

from django.db import connections

from newsroom.lib import meters
from newsroom.maintenance import notice
from newsroom.operating.reading import note_reading, noted

logger = logging.getLogger(__name__)

# Seconds; less than a minute, so that each look of the clock finds a new mark.
EVERY = 50.0
# Processes wake at different moments: what another one wrote so long ago is due.
DUE_AFTER = EVERY - 5


def start() -> None:
    """In a thread of its own, for as long as the process lives; after it was forked."""
    Thread(target=_note_forever, name="noting", daemon=True).start()


def _note_forever() -> None:
    while True:
        time.sleep(EVERY)
        try:
            note_if_due()
        finally:
            connections.close_all()  # of this thread


def note_if_due() -> bool:
    """Whether it was written down, by one of the processes of this machine. Raises nothing."""
    try:
        if notice().exists() or not _is_ours_to_note():  # a site that is closed may get another database
            return False
        note_reading()
    except Exception as error:  # noqa: BLE001 - in a minute it is tried again, and whatever it was, readers come first
        logger.warning("What was counted could not be written down: %s", type(error).__name__)
        return False
    return True


def _is_ours_to_note() -> bool:
    meters.folder().mkdir(parents=True, exist_ok=True)
    with noted().open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if time.time() - os.fstat(file.fileno()).st_mtime < DUE_AFTER:
            return False
        os.utime(file.fileno())
        return True
