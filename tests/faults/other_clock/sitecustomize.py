"""Python imports this before anything else: the clock of the process is then off by OTHER_CLOCK seconds.

A distance, not a moment: a service is several processes, and each takes a while to begin.
"""

import os
import time
from datetime import UTC, datetime, timedelta

import time_machine

if seconds := os.environ.get("OTHER_CLOCK"):
    time_machine.travel(datetime.now(UTC) + timedelta(seconds=float(seconds))).start()
    time.time()  # only from the first question on does that clock go
