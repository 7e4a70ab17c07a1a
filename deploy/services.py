"""The programs that stand in one folder: each with its log and a note of its process, started and ended by name."""

import signal
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy import processes
from deploy.processes import Started
from deploy.trouble import Trouble

SECONDS_TO_START = 60
LOOK_AGAIN = 0.1  # seconds
LINES_OF_LOG = 5


def nothing() -> None:
    """For a service that needs nothing before or after its start."""


def nobody(_pids: Collection[int]) -> bool:
    """For a service whose processes share no port."""
    return False


@dataclass(frozen=True)
class Service:
    """`is_ready` says whether it answers; one that `forks` is ready when it has a child: it has read its settings then.
    `before` is done before each start and `after` when it is ready.

    `is_answered_by` asks once and says whether one of these processes answered, while two versions share the port.
    """

    name: str
    command: tuple[str, ...]
    variables: Mapping[str, str]
    is_ready: Callable[[], bool]
    forks: bool = False
    is_answered_by: Callable[[Collection[int]], bool] = nobody
    before: Callable[[], None] = nothing
    after: Callable[[], None] = nothing
    ports: tuple[str, ...] = ()
    account: Mapping[str, Any] = field(default_factory=dict)
    folder: Path = Path("/")
    # What ends it after the work at hand, and how long that may take before it is killed.
    end: signal.Signals = signal.SIGTERM
    seconds_to_end: float = 35


class Crew:
    """What runs in `folder`, as far as this package has started it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notes = folder / "run"

    def log(self, name: str) -> Path:
        return self.folder / "log" / f"{name}.log"

    def started(self, name: str) -> Started | None:
        return processes.look_up(self.notes / name)

    def pids(self, name: str) -> list[int]:
        """Its processes that live, the eldest first."""
        started = self.started(name)
        return [one.pid for one in started.family()] if started else []

    def heads(self, name: str) -> list[int]:
        """The one that was started, or what took its place; both while the new one takes over."""
        started = self.started(name)
        return started.heads() if started else []

    def signal(self, name: str, number: int, *, whole: bool = False) -> None:
        """To its head, with `whole` to every process that is named by `pids`. Nothing happens when it does not run."""
        processes.tell(self.pids(name) if whole else self.heads(name), number)

    def start(self, service: Service) -> None:
        """Begin it and wait until it answers. Raises Trouble when it does not."""
        service.before()
        log = self.log(service.name)
        log.parent.mkdir(parents=True, exist_ok=True)
        started = processes.launch(
            service.command, log=log, variables=service.variables, account=service.account, folder=service.folder
        )
        processes.write_down(started, self.notes / service.name)
        self.wait_for(service)
        service.after()

    def is_ready(self, service: Service) -> bool:
        return service.is_ready() and (not service.forks or len(self.pids(service.name)) > 1)

    def wait_for(self, service: Service, seconds: float = SECONDS_TO_START) -> None:
        """Raises Trouble with the end of its log when it ended, or is not ready in time."""
        until = time.monotonic() + seconds
        while not self.is_ready(service):
            if not self.heads(service.name):
                raise Trouble(f"{service.name} ended at once: {self._last_words(service.name)}")
            if time.monotonic() > until:
                raise Trouble(f"{service.name} does not answer after {seconds:g} s: {self._last_words(service.name)}")
            time.sleep(LOOK_AGAIN)

    def stop(self, service: Service) -> bool:
        """End it after the work at hand; kill what is left after its time. False when it did not run."""
        running = bool(self.pids(service.name))
        self.signal(service.name, service.end)
        until = time.monotonic() + service.seconds_to_end
        while self.pids(service.name) and time.monotonic() < until:
            time.sleep(LOOK_AGAIN)
        while self.pids(service.name):
            self.signal(service.name, signal.SIGKILL, whole=True)
            time.sleep(LOOK_AGAIN)
        (self.notes / service.name).unlink(missing_ok=True)
        return running

    def kill(self, service: Service) -> None:
        """All at once and without a word, as when power fails."""
        while self.pids(service.name):
            self.signal(service.name, signal.SIGKILL, whole=True)
            time.sleep(LOOK_AGAIN)

    def _last_words(self, name: str) -> str:
        log = self.log(name)
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LINES_OF_LOG:] if log.exists() else []
        return f"see {log}" + "".join(f"\n    {line}" for line in lines)
