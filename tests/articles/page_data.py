"""What machines read in a page."""

import json
import re
from html import unescape
from typing import Any

from django.test import Client

_BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
_TAG = re.compile(r"<(meta|link)\s([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')


def page_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def blocks(page: str) -> list[dict[str, Any]]:
    """The data blocks of a page in their order."""
    return [json.loads(text) for text in _BLOCK.findall(page)]


def block(page: str, kind: str) -> dict[str, Any]:
    """The one block of this @type."""
    (found,) = [each for each in blocks(page) if each["@type"] == kind]
    return found


def kinds(page: str) -> list[str]:
    return [each["@type"] for each in blocks(page)]


def times(page: str) -> set[str]:
    """Every moment that the page shows."""
    return set(re.findall(r'<time[^>]* datetime="([^"]+)"', page))


def metas(page: str) -> list[tuple[str, str]]:
    """(name, content) of each meta element, of a link (rel, href)."""
    head = page.partition("</head>")[0]
    found = []
    for kind, inside in _TAG.findall(head):
        given = {name: unescape(value) for name, value in _ATTRIBUTE.findall(inside)}
        name = given.get("rel") if kind == "link" else given.get("name") or given.get("property")
        if name:
            found.append((name, given.get("href" if kind == "link" else "content", "")))
    return found


def meta(page: str, name: str) -> str:
    """Of the one element with this name."""
    (found,) = [value for each, value in metas(page) if each == name]
    return found


def title(page: str) -> str:
    found = re.search(r"<title>(.*?)</title>", page)
    assert found
    return unescape(found[1])
