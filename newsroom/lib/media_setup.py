"""Where pictures are kept: a folder of this machine, or a bucket that all machines reach."""

from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ImproperlyConfigured

FOLDER = "django.core.files.storage.FileSystemStorage"
OBJECT_STORE = "newsroom.lib.object_store.ObjectStore"


@dataclass(frozen=True)
class Bucket:
    """`endpoint` and `public_url` are origins, '' for Amazon's own and for a bucket that readers do not reach."""

    name: str
    endpoint: str = ""
    region: str = ""
    access_key: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    public_url: str = ""


def media_storage(bucket: Bucket) -> dict[str, Any]:
    """What settings.STORAGES needs. Raises ImproperlyConfigured for half of an account or without the extra."""
    if not bucket.name:
        return {"BACKEND": FOLDER}
    if bool(bucket.access_key) != bool(bucket.secret_key):
        raise ImproperlyConfigured("S3_ACCESS_KEY and S3_SECRET_KEY belong together: give both or none.")
    if not (find_spec("storages") and find_spec("boto3")):
        raise ImproperlyConfigured(
            "S3_BUCKET needs django-storages: pip install --require-hashes -r requirements-s3.lock."
        )
    options = {
        "bucket_name": bucket.name,
        "endpoint_url": bucket.endpoint or None,
        "region_name": bucket.region or "us-east-1",
        "public_url": bucket.public_url,
    }
    # Without keys boto3 asks the machine itself who it is (its role).
    keys = {"access_key": bucket.access_key, "secret_key": bucket.secret_key} if bucket.access_key else {}
    return {"BACKEND": OBJECT_STORE, "OPTIONS": options | keys}
