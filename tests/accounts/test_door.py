"""Until a session that needs the second factor has given it, it is nobody's: at every address of the site."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from asgiref.sync import async_to_sync
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.middleware import second_factor
from accounts.models import RequiredFactor, User
from accounts.roles import Role
from tests.accounts.door import LOGIN, SET_UP, VERIFY, is_inside, make_device, sign_in
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

# Where the half signed-in member is expected, and nobody else.
DOOR = {
    "/admin/login/",
    "/admin/security/code/",
    "/admin/security/recovery-code/",
    "/admin/security/set-up/",
    "/admin/security/leave/",
}
EXAMPLES = {"int": "1", "uuid": "7d444840-9dc0-11d1-b245-5ffdce74fad2", "app_label": "articles"}
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')


def addresses(patterns: Any = None, before: str = "") -> Iterator[str]:
    """One address of each pattern; what a pattern leaves open is filled with an example."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, before + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield "/" + example(before + str(pattern.pattern))


def example(route: str) -> str:
    """`<int:pk>` and `(?P<url>.*)$` with something in the place of what is open."""
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: EXAMPLES.get(found[1], "x"), route)
    route = re.sub(r"<(?:(\w+):)?(\w+)>", lambda found: EXAMPLES.get(found[1], "1"), route)
    return route.replace("^", "").replace("$", "").replace("\\", "")


ALL = sorted(set(addresses()))


def answer(client: Client, method: str, address: str) -> tuple[Any, ...]:
    response = client.generic(method, address, secure=False)
    content = b"" if response.streaming else TOKEN.sub(b"", response.content)
    return response.status_code, response.get("Location"), content


@pytest.fixture
def member() -> User:
    """With all rights, so that any page that lets him in would show it."""
    return make_user(Role.ADMINISTRATOR, is_superuser=True)


def test_the_list_of_addresses_is_whole() -> None:
    assert len([address for address in ALL if address.startswith("/admin/")]) > 60
    for name in ("images:upload", "admin:articles_article_changelist", "admin:autocomplete", "accounts:security"):
        assert reverse(name) in ALL
    assert set(ALL) >= DOOR


def test_a_whole_sign_in_is_told_from_a_stranger(client: Client, member: User, clock: Any) -> None:
    """Or the rule below could not fail."""
    sign_in(client, member)
    inside = [a for a in ALL if a.startswith("/admin/") and a not in DOOR]
    different = [a for a in inside if answer(client, "HEAD", a) != answer(Client(), "HEAD", a)]
    assert len(different) > len(inside) * 0.8


@pytest.mark.parametrize("has_device", [True, False], ids=["owes a code", "must set up"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_session_without_its_factor_is_a_stranger_everywhere(
    member: User, method: str, has_device: bool, clock: Any
) -> None:
    article = make_article(published=False)
    if has_device:
        make_device(member)
    else:
        RequiredFactor.objects.create(group=member.groups.get())
    half, stranger = Client(), Client()
    assert urlsplit(sign_in(half, member).url).path == VERIFY
    own = [reverse("admin:articles_article_change", args=[article.pk]), article.get_absolute_url()]
    different = [
        address
        for address in [*ALL, *own]
        if address not in DOOR and answer(half, method, address) != answer(stranger, method, address)
    ]
    assert different == []


@pytest.mark.parametrize("address", sorted(DOOR))
def test_the_door_shows_nothing_but_itself(client: Client, member: User, address: str) -> None:
    make_device(member)
    sign_in(client, member)
    response = client.get(address)
    if response.status_code == 200:
        assert "user-tools" not in response.content.decode()
        assert 'id="nav-sidebar"' not in response.content.decode()
    else:
        assert response.status_code == 405 or urlsplit(response.url).path == VERIFY


@pytest.mark.parametrize("address", [VERIFY, "/admin/security/recovery-code/", SET_UP])
def test_strangers_are_sent_to_the_sign_in(client: Client, address: str) -> None:
    assert client.get(address).url.startswith(f"{LOGIN}?next=")


@pytest.mark.parametrize("address", [VERIFY, "/admin/security/recovery-code/", "/admin/security/leave/"])
def test_every_step_is_protected_against_forgery(member: User, address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(address).status_code == 403


def test_leaving_the_door_forgets_the_session(client: Client, member: User) -> None:
    make_device(member)
    sign_in(client, member)
    assert client.get("/admin/security/leave/").status_code == 405
    client.post("/admin/security/leave/")
    assert client.get(LOGIN).status_code == 200
    assert not member.sessions.exists()


def test_whoever_is_signed_in_needs_no_door(client: Client, member: User) -> None:
    sign_in(client, member)
    assert client.get(VERIFY).url == "/admin/"
    assert client.get(LOGIN).url == "/admin/"


def test_a_session_made_by_a_program_is_judged_by_the_same_rule(client: Client, member: User) -> None:
    client.force_login(member)
    assert is_inside(client)
    make_device(member)
    assert not is_inside(client)


def test_a_requirement_closes_live_sessions_at_once(client: Client, member: User) -> None:
    sign_in(client, member)
    RequiredFactor.objects.create(group=member.groups.get())
    assert not is_inside(client)


def test_no_other_way_leads_to_the_user(client: Client, member: User) -> None:
    make_device(member)
    sign_in(client, member)
    request = RequestFactory().get("/admin/")
    request.session = client.session
    second_factor(lambda _: HttpResponse())(request)
    assert not request.user.is_authenticated
    assert not async_to_sync(request.auser)().is_authenticated
