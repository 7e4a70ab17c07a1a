"""`manage.py worker --with-clock` that prepares slowly and soon loses patience with a locked SQLite.

So that what takes seconds with a million readers, or begins after twenty seconds of lock, can be met in a short test:
the code that runs is the same.
"""

import time
from typing import Any

import django
from django.conf import settings

django.setup()

from django.core.management import call_command  # noqa: E402 - needs the set-up
from django.db import connection  # noqa: E402

from newsletter.sending import freezing  # noqa: E402

PATIENCE = 3  # seconds that a locked SQLite is waited for before the program hears of it; 20 in earnest
CHUNK = 25
CHUNK_SECONDS = 0.03  # in an open transaction


def slowly(*args: Any, **kwargs: Any) -> int:
    made = insert(*args, **kwargs)
    time.sleep(CHUNK_SECONDS)
    return made


if __name__ == "__main__":
    insert, freezing._insert = freezing._insert, slowly
    freezing.FIRST_CHUNK, freezing.CHUNKS = CHUNK, (CHUNK, CHUNK)
    if connection.vendor == "sqlite":
        settings.DATABASES["default"]["OPTIONS"]["timeout"] = PATIENCE
        connection.settings_dict["OPTIONS"]["timeout"] = PATIENCE
    connection.close()
    call_command("worker", with_clock=True)
