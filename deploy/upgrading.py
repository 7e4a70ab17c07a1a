"""A new version in place of the old one while readers ask: no request is refused, none is broken off."""

import signal
import time

from deploy.processes import everyone, process, tell
from deploy.services import LOOK_AGAIN, SECONDS_TO_START, Crew, Service
from deploy.trouble import Trouble

# Each question goes to whoever of both takes it, and one that is silent is waited for (deploy.answering).
SECONDS_TO_PROVE = 20


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
    if not proves_itself(service, new):
        end(new, service.seconds_to_end)
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
    for slow in seen & children_of(old):
        end(slow, service.seconds_to_end)  # else it would take requests some time later, and nobody ends the old one
    raise Trouble(f"The new {service.name} did not start; the old one goes on.")


def proves_itself(service: Service, new: int) -> bool:
    """Whether a worker of the new master answers; the old one's, which share its port, would prove nothing."""
    until = time.monotonic() + SECONDS_TO_PROVE
    while process(new) and time.monotonic() < until:
        if service.is_answered_by(children_of(new)):
            return True
        time.sleep(LOOK_AGAIN)
    return False


def end(master: int, seconds: float) -> None:
    """After the work at hand, or after so many seconds with its workers."""
    until = time.monotonic() + seconds
    left = [master, *children_of(master)]
    tell([master], signal.SIGTERM)
    while left := [pid for pid in left if process(pid)]:
        if time.monotonic() > until:
            tell(left, signal.SIGKILL)
        time.sleep(LOOK_AGAIN)


def children_of(pid: int) -> set[int]:
    return {one.pid for one in everyone() if one.parent == pid}


def exchange(crew: Crew, service: Service) -> None:
    """End it and start it anew: for what may be gone for a while, as workers and servers that nobody is sent to.

    Raises Trouble when the new one does not answer, and leaves none then: where nobody listens, readers are refused at
    once and go elsewhere; where somebody listens and is silent, they wait.
    """
    crew.stop(service)
    try:
        crew.start(service)
    except Trouble:
        crew.stop(service)
        raise
