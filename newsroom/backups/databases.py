"""What a backup asks of a database, whichever it is."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from newsroom.backups.named import named_files

# Where the newsletter looks whether it may send (newsletter.sending.identity).
IDENTITY = "newsletter_sendingidentity"


@dataclass(frozen=True)
class Counted:
    """Rows of each table, the migrations applied and the files of media that rows name, of one moment."""

    rows: dict[str, int]
    migrations: list[str]
    named: set[str] = field(default_factory=set)


class Database(Protocol):
    engine: str
    name: str  # for sentences
    file_name: str  # of the copy, in the backup

    def server(self) -> str:
        """Its version."""

    def size(self) -> int:
        """Bytes that a copy takes at most."""

    def dump(self, target: Path) -> Counted:
        """Copy one moment of it into `target` while others write. Raises BackupRefused, NoWholeDatabase."""

    def is_empty(self) -> bool:
        """No table at all."""

    def restored_beside(self, source: Path) -> AbstractContextManager[Counted]:
        """Context of a database of its own made from the copy and checked; gives Counted, and is removed."""

    def refuse_others(self) -> None:
        """Raises BackupRefused while others have it open; names them where the database knows them."""

    def held(self) -> AbstractContextManager[None]:
        """While it lasts nobody else can write to it, and `dump` can copy it. Raises BackupRefused as above.

        A copy that is made meanwhile has every word that anybody was told is saved.
        """

    def replace(self, source: Path, *, mark: str, keeps_old: bool = False) -> Path | None:
        """Become what the copy says, wholly or not at all, while it is `held`; that ends here.

        `mark` is a statement of SQL that belongs to it.

        With `keeps_old` the old one, of which there is no copy, is moved aside as it is. Returns where to.
        """


def count_rows(cursor: Any, tables: dict[str, str], migrations: str) -> Counted:
    """`tables`: what to call it in the manifest, to its name in SQL. `migrations`: that of django_migrations."""
    rows = {}
    for label, table in sorted(tables.items()):
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - quoted by who lists the tables
        rows[label] = cursor.fetchone()[0]
    applied: list[str] = []
    if "django_migrations" in tables:
        cursor.execute(f"SELECT app, name FROM {migrations} ORDER BY id")  # noqa: S608
        applied = [f"{app}.{name}" for app, name in cursor.fetchall()]
    return Counted(rows, applied, named_files(cursor, tables))


def read_some(cursor: Any, tables: dict[str, str]) -> int:
    """Read the first rows of each table with all their columns. Returns how many were read."""
    count = 0
    for table in tables.values():
        cursor.execute(f"SELECT * FROM {table} LIMIT 20")  # noqa: S608
        count += len(cursor.fetchall())
    return count


def mark_of_copy(site_url: str, made_at: datetime) -> str:
    """The statement after which a restored database sends no newsletter until somebody accepts it.

    It says so in the database itself: what machines noted beside it may be lost, or be of before the backup.
    """
    copy = f"{site_url[:150]} ({made_at:%Y-%m-%d %H:%M} UTC)".replace("'", "")
    return (
        f"INSERT INTO {IDENTITY} (id, site_url, generation, accepted_at) "  # noqa: S608 - a time and our own address
        f"VALUES (1, '{copy}', 0, '{made_at:%Y-%m-%d %H:%M:%S}') ON CONFLICT (id) DO UPDATE SET site_url = '{copy}'"
    )
