"""Each worker holds a lock on a file of its own in DATA_DIR/workers while it lives.

The kernel lets go of the lock when the process dies, however it died; so who finds a free one knows at once,
and is never wrong about a worker that is only slow.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings


def path_of(worker: str) -> Path:
    return Path(settings.DATA_DIR, "workers", f"{worker}.lock")


@contextmanager
def held(worker: str) -> Iterator[None]:
    path = path_of(worker)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _open_locked(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def is_known_here(worker: str) -> bool:
    """Whether the worker belongs to this folder, and so died only if `dead_workers` says it."""
    return path_of(worker).exists()


def dead_workers() -> Iterator[str]:
    """The workers of this folder that died. While one is yielded nobody else gets it; afterwards it is forgotten."""
    for path in path_of("*").parent.glob("*.lock"):
        with suppress(FileNotFoundError), path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            if _is_still(path, file.fileno()):
                yield path.stem
                path.unlink(missing_ok=True)


def _open_locked(path: Path) -> int:
    """Again, when somebody took the file for that of a dead worker before it was locked."""
    while True:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if _is_still(path, descriptor):
            return descriptor
        os.close(descriptor)


def _is_still(path: Path, descriptor: int) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    return False
