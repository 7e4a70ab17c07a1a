"""What must still be there after a power cut, before somebody is told that it is there (fsync(2)).

A file is on the disk once it was synchronised and the folder that names it too; a database does as much for its rows.
"""

import os
from pathlib import Path

from django.core.files.storage import FileSystemStorage, Storage


def fsync_file(path: Path) -> None:
    _fsync(path, os.O_RDONLY)


def fsync_folder(folder: Path) -> None:
    """The names in it, not what they name."""
    _fsync(folder, os.O_RDONLY | os.O_DIRECTORY)


def fsync_stored(storage: Storage, name: str) -> None:
    """A file that was just saved, with all folders that may be new. An object store has done it before it answered."""
    if not isinstance(storage, FileSystemStorage):
        return
    path, root = Path(storage.path(name)), Path(storage.location)
    fsync_file(path)
    for folder in path.parents:
        fsync_folder(folder)
        if folder == root:
            break


def _fsync(path: Path, flags: int) -> None:
    handle = os.open(path, flags | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
