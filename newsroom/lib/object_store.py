"""Pictures in a bucket instead of a folder: what speaks S3 (settings.STORAGES; docs/decisions/0037).

Imported only where S3_BUCKET is set: django-storages and boto3 come with the extra "s3".
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

_R = TypeVar("_R")

# A page that draws a picture waits for it; a store that is gone must not hold a thread for minutes.
CONNECT_SECONDS, READ_SECONDS, TRIES = 2, 10, 2
# No picture is larger: each is one request, and whole or not at all.
ONE_REQUEST = 64 * 1024 * 1024  # bytes
# As images.views.media says it: no name is used for two contents.
KEEPING = "public, max-age=31536000, immutable"


def _told_as_oserror(call: Callable[..., _R]) -> Callable[..., _R]:
    """The errors of boto3 are none of Python's; who stores files expects those of a disk."""

    @wraps(call)
    def told(*args: Any, **kwargs: Any) -> _R:
        try:
            return call(*args, **kwargs)
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
            if status == 404:
                raise FileNotFoundError(str(error)) from error
            # Keys that are wrong are as good as a store that is gone: nobody who reads can mend it.
            raise ConnectionError(str(error)) from error
        except BotoCoreError as error:
            raise ConnectionError(str(error)) from error

    return told


class ObjectStore(S3Storage):
    """`public_url` is where readers get the files, without the last slash; '' when the site itself hands them out."""

    def get_default_settings(self) -> dict[str, Any]:
        own = {
            "public_url": "",
            "object_parameters": {"CacheControl": KEEPING},
            "transfer_config": TransferConfig(multipart_threshold=ONE_REQUEST, use_threads=False),
            "client_config": Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"total_max_attempts": TRIES, "mode": "standard"},
                # Stores of others than Amazon know no checksum behind the body.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        }
        return {**super().get_default_settings(), **own}

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        return f"{self.public_url or settings.MEDIA_URL.rstrip('/')}/{filepath_to_uri(name)}"

    @_told_as_oserror
    def _open(self, name: str, mode: str = "rb") -> File:
        """One question instead of two, and every error here instead of at the first read."""
        if mode != "rb":
            raise ValueError("Files of the store are only read.")
        key = self._normalize_name(clean_name(name))
        answer = self.connection.meta.client.get_object(Bucket=self.bucket_name, Key=key)
        return ContentFile(answer["Body"].read(), name)

    @_told_as_oserror
    def _save(self, name: str, content: File) -> str:
        saved: str = super()._save(name, content)
        return saved

    @_told_as_oserror
    def delete(self, name: str) -> None:
        super().delete(name)

    @_told_as_oserror
    def exists(self, name: str) -> bool:
        is_there: bool = super().exists(name)
        return is_there

    @_told_as_oserror
    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        found: tuple[list[str], list[str]] = super().listdir(path)
        return found

    @_told_as_oserror
    def size(self, name: str) -> int:
        size: int = super().size(name)
        return size
