"""An address is read, or posted to where it has a form; nothing else that somebody sends gets an answer of it (I6)."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.factories import make_site, make_user
from tests.house.matrix_requests import _routes, staff_addresses

pytestmark = pytest.mark.django_db

# Others through the whole machine: tests/proxy/test_requests.py.
METHODS = ("TRACE", "PUT", "FOO")
EVERY = sorted(set(_routes(get_resolver())))
PUBLIC = sorted(set(EVERY) - staff_addresses())
NOTHING = {301, 302, 400, 403, 404, 405}


def path_of(route: str) -> str:
    return "/" + re.sub(r"<\w+>", "1", route)


@pytest.mark.parametrize("method", METHODS)
def test_readers_only_read_and_post(client: Client, method: str) -> None:
    make_site()
    answers = {route: client.generic(method, path_of(route)).status_code for route in PUBLIC}
    assert len(answers) > 60
    assert {route: status for route, status in answers.items() if status not in NOTHING} == {}


@pytest.mark.parametrize("method", ["DELETE", "FOO"])
def test_desk_takes_no_other_method_without_its_token(method: str) -> None:
    make_site()
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(is_staff=True, is_superuser=True))
    answers = {route: client.generic(method, path_of(route)).status_code for route in staff_addresses()}
    assert {route: status for route, status in answers.items() if status not in {403, 405}} == {}
