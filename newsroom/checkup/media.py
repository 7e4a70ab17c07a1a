"""Where pictures lie, when it is not a folder of this machine."""

import secrets
from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from newsroom.backups.trees import media_store
from newsroom.checkup.findings import Finding, fault, ok


def check_media() -> Iterator[Finding]:
    """Asks for a file that is not there: the answer needs the address, the bucket and the keys to be right."""
    if not media_store():
        return
    try:
        default_storage.exists(f"images/doctor-{secrets.token_hex(8)}")
    except OSError as error:
        yield fault(
            "media",
            _("The object store of the pictures does not answer (%(error)s)."),
            _("Compare S3_ENDPOINT_URL, S3_BUCKET and the keys with what the store says."),
            error=type(error).__name__,
        )
    else:
        yield ok("media", _("The object store of the pictures answers."))
