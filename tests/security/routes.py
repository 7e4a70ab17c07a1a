"""Every address of the site with the view that answers it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLResolver, get_resolver

from tests.house.matrix_requests import _short


def views(resolver: Any = None, before: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """Routes as tests.house.matrix_requests shortens them: `admin/articles/article/<object_id>/change/`."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + _short(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from views(pattern, route)
        else:
            yield route, pattern.callback


def path_of(route: str, key: object = 1) -> str:
    return "/" + re.sub(r"<\w+>", str(key), route)
