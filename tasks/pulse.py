"""The second thread of a worker: says that it is alive, and ends it when it has to stop and a task goes on."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from secrets import token_hex

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from tasks import stopping
from tasks.models import Worker

logger = logging.getLogger(__name__)

# How soon after the end of its parent a worker begins to stop.
LOOK_AROUND = 0.5  # seconds


def new_name() -> str:
    """Never used again, so that a name says of exactly one process whether it lives."""
    return f"{socket.gethostname()[:32]}-{os.getpid()}-{token_hex(4)}"


class Pulse:
    """`busy_with` is the path of the task at hand; `give_back` is called when there is no time left to finish it."""

    def __init__(self, name: str, *, parent: int, give_back: Callable[[], None]) -> None:
        self.name, self.parent, self.give_back = name, parent, give_back
        self.busy_with = ""
        self.started_at = timezone.now()
        self.next_beat = 0.0

    def start(self) -> None:
        threading.Thread(target=self._run, name="pulse", daemon=True).start()

    def stop(self) -> None:
        with suppress(DatabaseError, InterfaceError):
            Worker.objects.filter(name=self.name).delete()

    def _run(self) -> None:
        while True:
            if os.getppid() != self.parent:
                stopping.ask()
            if stopping.is_overdue():
                self._break_off()
            elif time.monotonic() >= self.next_beat and not stopping.is_asked():
                self.next_beat = time.monotonic() + settings.WORKER_HEARTBEAT_SECONDS
                self._beat()
            time.sleep(LOOK_AROUND)

    def _beat(self) -> None:
        now = timezone.now()
        values = {"seen_at": now, "busy_with": self.busy_with[:255]}
        fixed = {"machine": socket.gethostname(), "process_id": os.getpid(), "started_at": self.started_at}
        try:
            Worker.objects.update_or_create(name=self.name, defaults=values, create_defaults=values | fixed)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The worker %s could not say that it is alive: %s", self.name, error)
        finally:
            connection.close()  # this thread needs one now and then

    def _break_off(self) -> None:
        """Python cannot interrupt a thread; the process ends here, whatever its task is doing."""
        try:
            self.give_back()
        finally:
            logger.warning("The worker %s had to stop and breaks off %s", self.name, self.busy_with or "what it did")
            os._exit(1)
