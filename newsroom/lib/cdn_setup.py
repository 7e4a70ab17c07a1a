"""What settings make of CDN_PURGE_URL and CDN_PURGE_TOKEN."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]*: ?[!-~]([ -~]*[!-~])?")


def check_cdn(url: str, header: str) -> None:
    """Raises ImproperlyConfigured for an address that cannot be called, or a header that is none; names no secret."""
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname or not url.isprintable() or " " in url):
        raise ImproperlyConfigured("CDN_PURGE_URL must look like https://api.cdn.example/purge.")
    if url and not _HEADER.fullmatch(header):
        raise ImproperlyConfigured(
            "CDN_PURGE_URL needs CDN_PURGE_TOKEN (or CDN_PURGE_TOKEN_FILE), a header such as Authorization: Bearer KEY."
        )
