"""Pages for when nothing else works: the style is in the page; no database, session, fonts or static files."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string

STYLE = "plain/style.css"


def plain_page(template: str, context: Mapping[str, Any] | None = None, *, status: int) -> HttpResponse:
    """A page of templates/plain/. Its style stands in the page, so its policy names the hash of just that style."""
    return as_response(render_to_string(template, dict(context or {})), status=status)


def as_response(page: str, *, status: int) -> HttpResponse:
    response = HttpResponse(page, status=status)
    response["Content-Security-Policy"] = _policy()
    return response


@cache
def _policy() -> str:
    """The hash is that of the element's content, to the letter (CSP Level 3, 8.4)."""
    digest = base64.b64encode(hashlib.sha256(render_to_string(STYLE).encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
