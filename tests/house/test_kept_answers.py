"""No page that is kept for all carries anything of one: no cookie, no token, nothing that is not public."""

import re
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from pytest_django import Settings

from accounts.roles import Role
from newsroom import page_cache
from newsroom.kept_answer import PUBLIC
from newsroom.lib.keeping import parts, stories
from newsroom.page_cache import PageCache
from tests.factories import make_user
from tests.house.test_public_answers import SECRET, paths_of, world  # noqa: F401 - world is a fixture
from tests.newsroom.test_page_cache import ask

# Django closes what it finds in a transaction at the end of a request.
pytestmark = pytest.mark.django_db(transaction=True)

# Kept by nobody: what is asked about one reader, one partner, one guest, one member of staff.
NEVER = ("/preview/", "/calendar/", "/partners/", "/search/", "/newsletter/", "/admin/", "/cards/", "/media/")


def test_no_kept_page_tells_of_who_asked_first(
    client: Client,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    world: dict[str, Any],  # noqa: F811
) -> None:
    """Members of staff look at everything first, with whatever a request can carry; then comes a reader."""
    settings.PAGE_CACHE = "on"
    parts.clear()
    stories.clear()
    monkeypatch.setattr(page_cache.clock, "look", lambda: None)
    site = PageCache(WSGIHandler(), 100_000_000)
    chief = make_user(Role.CHIEF_EDITOR, username=f"{SECRET}-chief", is_superuser=True)
    client.force_login(chief)
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    odd = {"HTTP_X_FORWARDED_HOST": SECRET, "HTTP_USER_AGENT": SECRET, "HTTP_REFERER": f"http://{SECRET}/"}
    kept = set()
    for address in sorted(set(paths_of(world))):
        path, _mark, query = address.partition("?")
        path = unquote(path)
        for first in ({"HTTP_COOKIE": cookies}, {"HTTP_COOKIE": f"csrftoken={'s' * 32}"}, {"HTTP_AUTHORIZATION": "x"}):
            ask(site, path, f"{query}&{SECRET}={SECRET}", **first, **odd)
        answer = ask(site, path, query)
        told = re.sub(rb"[?&]q=[^\"]*|value=\"[^\"]*\"", b"", answer.body)
        assert SECRET.encode() not in told + repr(answer.headers).encode(), address
        assert "Set-Cookie" not in answer.headers, address
        assert b"csrfmiddlewaretoken" not in answer.body, address
        if answer["Cache-Control"] == PUBLIC:
            kept.add(path)
    assert not [path for path in kept if path.startswith(NEVER)]
    assert len(kept) > 40
