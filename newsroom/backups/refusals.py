import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class BackupRefused(Exception):
    """Nothing was destroyed. The text says why in one sentence, for the operator."""


class NotABackup(BackupRefused):
    """Something is missing in the folder or is not what the manifest says."""


class NoWholeDatabase(BackupRefused):
    """The database of this site is missing or damaged, so that no copy of it can be made."""


@contextmanager
def told_in_a_sentence(folder: Path) -> Iterator[None]:
    """What the operating system refuses below `folder` becomes BackupRefused."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise BackupRefused(f"The disk of {folder} is full; what was begun there was removed.") from error
        raise BackupRefused(f"{error.filename or folder}: {error.strerror or error}.") from error
