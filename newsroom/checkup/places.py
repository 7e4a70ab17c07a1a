"""Where the site keeps what, as several checks ask."""

from pathlib import Path

from django.conf import settings


def backup_folder() -> Path:
    return Path(settings.BACKUP_FOLDER)


def existing(folder: Path) -> Path:
    """Itself, or the folder in which it would be made."""
    folder = folder.absolute()
    return folder if folder.exists() else existing(folder.parent)
