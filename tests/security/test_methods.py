"""An address is read, or posted to where it has a form; nothing else that somebody sends gets an answer of it (I6)."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from newsroom.middleware import METHODS as TAKEN
from tests.factories import make_article, make_site, make_user
from tests.house.matrix_requests import _routes, staff_addresses

pytestmark = pytest.mark.django_db

# Others through the whole machine: tests/proxy/test_requests.py.
METHODS = ("TRACE", "TRACK", "PUT", "PATCH", "DELETE", "PROPFIND", "FOO")
EVERY = sorted(set(_routes(get_resolver())))


@pytest.fixture
def superuser() -> Client:
    """Everything is open to it, and Django's client brings the token along: what refuses it, is the method."""
    make_site()
    client = Client()
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("method", METHODS)
def test_no_address_takes_another_method(superuser: Client, method: str) -> None:
    key = str(make_article(published=False).pk)
    paths = {route: "/" + re.sub(r"<\w+>", key, route) for route in EVERY}
    assert len(paths) > 300
    assert staff_addresses() < set(paths)
    answers = {route: superuser.generic(method, path) for route, path in paths.items()}
    assert {route: answer.status_code for route, answer in answers.items() if answer.status_code != 405} == {}
    assert {answer["Allow"] for answer in answers.values()} == {"GET, HEAD, POST, OPTIONS"}
    assert {answer.content for answer in answers.values()} == {b""}


@pytest.mark.parametrize("method", METHODS)
def test_readers_are_refused_too(client: Client, method: str) -> None:
    article = make_article()
    for path in ("/", article.get_absolute_url(), "/newsletter/", "/search/", "/nowhere/", "/admin/login/", "/livez"):
        assert client.generic(method, path).status_code == 405, path


def test_what_is_taken_is_what_forms_and_browsers_send(superuser: Client) -> None:
    assert set(TAKEN) == {"GET", "HEAD", "POST", "OPTIONS"}
    for method in ("GET", "HEAD"):
        assert superuser.generic(method, "/admin/").status_code == 200
