"""Where the site keeps what, as several checks ask."""

from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages


def media_is_local() -> bool:
    return isinstance(storages["default"], FileSystemStorage)


def backup_folder() -> Path:
    return Path(settings.BACKUP_FOLDER)
