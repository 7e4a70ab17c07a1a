"""Python imports this before anything else: the process then lives at OTHER_CLOCK (ISO 8601), where time goes on."""

import os
from datetime import datetime

import time_machine

if moment := os.environ.get("OTHER_CLOCK"):
    time_machine.travel(datetime.fromisoformat(moment)).start()
