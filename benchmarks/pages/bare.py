"""The least that a page can cost: a function that sends 40 KiB of HTML, in the same gunicorn.

The site is loaded beside it, because gunicorn.conf.py makes ready for it; no request reaches it.
"""

from collections.abc import Callable, Iterable
from typing import Any

import newsroom.wsgi  # noqa: F401

_HEAD, _TAIL = b"<!DOCTYPE html><html><body><p>", b"</p></body></html>"
BODY = _HEAD + b"x" * (40 * 1024 - len(_HEAD) - len(_TAIL)) + _TAIL
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(BODY)))]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", HEADERS)
    return [BODY]
