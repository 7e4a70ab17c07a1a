"""The files beside the database: media, mails that were written to files, and what senders noted.

A newsroom has a hundred gigabytes of pictures and adds a few each day. So each backup has the whole tree, but a file
that is as it was in the backup before is the same file on the disk (a hard link): it costs no time and no room, and
any backup can be deleted, or copied elsewhere, by itself.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Self

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage

from newsroom.backups.manifest import BLOCK, FILES, Copied, Sealed, read_files, seal
from newsroom.backups.refusals import NotABackup

Say = Callable[[str], None]
# A word on long work after so many files.
OFTEN = 5000
MEDIA, MAIL, SENDERS = "media", "mail", "senders"
# How often senders ran, kept beside the database so that a database which is behind is known as restored
# (newsletter.sending.identity): it must not come back with the database.
GENERATION = f"{SENDERS}/generation"


class Found(NamedTuple):
    path: str
    source: Path
    size: int
    mtime_ns: int


def media_store() -> str:
    """'' where media lie in a folder, else what keeps them."""
    if isinstance(default_storage, FileSystemStorage):
        return ""
    return f"{default_storage.__class__.__name__} {getattr(default_storage, 'bucket_name', '')}".strip()


def trees() -> dict[str, Path]:
    """Name in the backup to folder on this machine, of everything that is nowhere else; never secrets."""
    local = {} if media_store() else {MEDIA: Path(settings.MEDIA_ROOT)}
    return local | {MAIL: Path(settings.MAIL_FOLDER), SENDERS: Path(settings.SENDERS_FOLDER)}


def found_files(*only: str) -> Iterator[Found]:
    """Of all trees, or of these."""
    for name, root in trees().items():
        if not only or name in only:
            yield from _below(root, name)


def path_of_media(name: str) -> str:
    """Where the backup has what the storage of media calls so."""
    return f"{MEDIA}/{name}"


def _below(folder: Path, name: str) -> Iterator[Found]:
    """Plain files only: a link would bring in what lies elsewhere. What disappears meanwhile was deleted."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    for entry in entries:
        path = f"{name}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield from _below(folder / entry.name, path)
        elif entry.is_file(follow_symlinks=False) and not entry.name.endswith((".part", ".unfinished")):
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            yield Found(path, folder / entry.name, status.st_size, status.st_mtime_ns)


class Earlier:
    """The files of the backup before; nothing where there is none that could be read."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._files: dict[str, Copied] = {}
        if folder:
            try:
                self._files = {copied.path: copied for copied in read_files(folder)}
            except NotABackup:
                self._files = {}

    def same(self, found: Found) -> Copied | None:
        copied = self._files.get(found.path)
        is_same = copied and (copied.size, copied.mtime_ns) == (found.size, found.mtime_ns)
        return copied if is_same else None

    def link(self, copied: Copied, target: Path) -> bool:
        return link(Path(self.folder or ""), copied, target)


def link(folder: Path, copied: Copied, target: Path) -> bool:
    """Share a file of an earlier backup. False where the file system or the file itself does not let it be shared."""
    source = folder / copied.path
    try:
        if source.stat(follow_symlinks=False).st_size != copied.size:
            return False
        os.link(source, target, follow_symlinks=False)
    except OSError:
        return False
    return True


def size_to_copy(earlier: Earlier) -> int:
    return sum(found.size for found in found_files() if not earlier.same(found))


class CopiedFiles:
    """The files of a backup that is being made. Each has a line in files.jsonl."""

    def __init__(self, target: Path, earlier: Earlier, say: Say) -> None:
        self.count = self.size = self._shared = self._brought = 0
        self._target, self._earlier, self._say = target, earlier, say

    def __enter__(self) -> Self:
        self._lines = (self._target / FILES).open("x", encoding="utf-8")
        return self

    def __exit__(self, *error: object) -> None:
        self._lines.close()

    def copy(self, files: Iterable[Found]) -> None:
        """What is not in the backup yet."""
        for found in files:
            place = self._target / found.path
            if place.exists():
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            copied = self._earlier.same(found)
            if copied and self._earlier.link(copied, place):
                self._shared += 1
            elif not (copied := _copied(found, place)):
                continue
            self._note(copied)
            if self.count % OFTEN == 0:
                self._say(f"  {self.count} files, {self._shared} of them unchanged")

    def lacking(self, named: set[str]) -> set[str]:
        """Paths in the backup of the media with these names that are not there."""
        return {path for path in map(path_of_media, named) if not (self._target / path).is_file()}

    def bring(self, wanted: set[str], backups: Iterable[Path], *, whole: bool) -> set[str]:
        """Take what the site has lost from earlier backups, the newest first. Returns what was found."""
        found: set[str] = set()
        for folder in backups:
            if found == wanted:
                break
            try:
                for copied in read_files(folder):
                    if copied.path in wanted and copied.path not in found and self._take(folder, copied, whole):
                        found.add(copied.path)
            except NotABackup as damage:
                self._say(str(damage))
        self._brought += len(found)
        return found

    def _take(self, folder: Path, copied: Copied, whole: bool) -> bool:
        place = self._target / copied.path
        place.parent.mkdir(parents=True, exist_ok=True)
        if whole or not link(folder, copied, place):
            try:
                sealed = copy_file(folder / copied.path, place)
            except FileNotFoundError:
                return False
            if sealed != Sealed(copied.sha256, copied.size):
                place.unlink()
                return False
            os.utime(place, ns=(copied.mtime_ns, copied.mtime_ns))
        self._note(copied)
        return True

    def _note(self, copied: Copied) -> None:
        self._lines.write(json.dumps(vars(copied), ensure_ascii=False) + "\n")
        self.count, self.size = self.count + 1, self.size + copied.size

    def say_how_many(self) -> None:
        copied = self.count - self._shared - self._brought
        self._say(f"Files copied: {copied}, unchanged since the backup before: {self._shared}.")


def _copied(found: Found, place: Path) -> Copied | None:
    """None for what was deleted in the meantime."""
    try:
        sealed = copy_file(found.source, place)
    except FileNotFoundError:
        return None
    os.utime(place, ns=(found.mtime_ns, found.mtime_ns))
    return Copied(sealed.sha256, sealed.size, found.path, found.mtime_ns)


def copy_file(source: Path, place: Path) -> Sealed:
    """The seal is of the very bytes that were written."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as reading, place.open("xb") as writing:
        while block := reading.read(BLOCK):
            writing.write(block)
            digest.update(block)
            size += len(block)
    return Sealed(digest.hexdigest(), size)


def check_file(folder: Path, name: str, expected: Sealed) -> None:
    """Raises NotABackup when it is missing, a link, or not what was written."""
    path = folder / name
    if path.is_symlink() or not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
        raise NotABackup(f"{path} is missing in the backup.")
    if seal(path) != Sealed(expected.sha256, expected.size):
        raise NotABackup(f"{path} is damaged: it is not the file that was written.")


def bring_back_media(folder: Path, *, say: Say) -> int:
    """Put pictures where the site looks for them, before a row names them. Returns how many were put.

    What the site has beyond the backup stays: no row names it, so nobody sees it.
    """
    if store := media_store():
        elsewhere = sum(1 for _copied, tree in _listed(folder) if tree == MEDIA)
        if elsewhere:
            say(f"Not put back: {elsewhere} files of media, which lie in {store} here: copy {folder}/media there.")
        return 0
    return _bring_back(folder, {MEDIA}, say)


def bring_back_traces(folder: Path, *, say: Say) -> int:
    """Put back what was written of mails and of sending, which means something only to the database that was restored.

    Returns how many files were put.
    """
    return _bring_back(folder, {MAIL, SENDERS}, say)


def _bring_back(folder: Path, names: set[str], say: Say) -> int:
    roots, count = trees(), 0
    for copied, tree in _listed(folder):
        place = roots[tree] / copied.path.removeprefix(f"{tree}/") if tree in names else None
        if place is None or _stays(place, copied):
            continue
        _put(folder / copied.path, place, copied)
        count += 1
        if count % OFTEN == 0:
            say(f"  {count} files")
    return count


def _listed(folder: Path) -> Iterator[tuple[Copied, str]]:
    """Each file with the tree that it is of."""
    return ((copied, copied.path.partition("/")[0]) for copied in read_files(folder))


def _stays(place: Path, copied: Copied) -> bool:
    """What is the same; and what a sender notes here, which goes on from what the backup has of the same run.

    A sender that lives would lose its journal, and with its lock the sign that it lives.
    """
    if copied.path == GENERATION or (copied.path.startswith(f"{SENDERS}/") and place.exists()):
        return True
    return place.is_file() and seal(place) == Sealed(copied.sha256, copied.size)


def _put(source: Path, place: Path, copied: Copied) -> None:
    """Whole or not at all. Media with the rights that their storage gives; mails are nobody else's business."""
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_name(f"{place.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        sealed = copy_file(source, unfinished)
        if sealed != Sealed(copied.sha256, copied.size):
            raise NotABackup(f"{source} is damaged: it is not the file that was written.")
        is_media = copied.path.startswith(f"{MEDIA}/")
        unfinished.chmod(settings.FILE_UPLOAD_PERMISSIONS or 0o644 if is_media else 0o600)
        os.utime(unfinished, ns=(copied.mtime_ns, copied.mtime_ns))
        unfinished.replace(place)
    finally:
        unfinished.unlink(missing_ok=True)
