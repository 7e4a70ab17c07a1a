"""A new version in place of the old one while readers ask: no request is refused, none is broken off."""

import signal
import time

from deploy.processes import everyone
from deploy.services import LOOK_AGAIN, SECONDS_TO_START, Crew, Service
from deploy.trouble import Trouble

# The new workers have forked a moment before they take their first request.
SECONDS_OF_GRACE = 1


def replace(crew: Crew, service: Service) -> int:
    """Let a new master of gunicorn take over the port of the old one, which ends after its last answer.

    Returns the process id of the new one. Raises Trouble when it did not start: the old one goes on then.
    """
    old = crew.heads(service.name)
    if len(old) != 1:
        raise Trouble(f"{service.name} does not run, or is being replaced already.")
    before = children_of(old[0])
    crew.signal(service.name, signal.SIGUSR2)
    new = successor(service, old[0], before)
    time.sleep(SECONDS_OF_GRACE)
    if not (children_of(new) and service.is_ready()):
        raise Trouble(f"The new {service.name} does not answer; the old one goes on: see {crew.log(service.name)}")
    # Its port stays open: it is shared with the new one.
    crew.signal(service.name, signal.SIGTERM)
    until = time.monotonic() + service.seconds_to_end
    while crew.heads(service.name) != [new]:
        if time.monotonic() > until:
            raise Trouble(f"The old {service.name} (process {old[0]}) does not end; the new one answers.")
        time.sleep(LOOK_AGAIN)
    return new


def successor(service: Service, old: int, before: set[int]) -> int:
    """The new child of `old` that has children of its own, as soon as there is one. Raises Trouble when it ended."""
    until = time.monotonic() + SECONDS_TO_START
    seen: set[int] = set()
    while time.monotonic() < until:
        new = children_of(old) - before
        if ready := [pid for pid in new if children_of(pid)]:
            return ready[0]
        if seen - new:
            break
        seen |= new
        time.sleep(LOOK_AGAIN)
    raise Trouble(f"The new {service.name} did not start; the old one goes on.")


def children_of(pid: int) -> set[int]:
    return {one.pid for one in everyone() if one.parent == pid}


def exchange(crew: Crew, service: Service) -> None:
    """End it and start it anew: for what may be gone for a while, as workers and servers that nobody is sent to."""
    crew.stop(service)
    crew.start(service)
