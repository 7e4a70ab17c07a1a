"""The list of devices and what ends a session."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings
from time_machine import Traveller

from accounts.browsers import browser_and_system
from accounts.models import StaffSession, User
from accounts.roles import Role
from audit.models import AuditEntry
from tests.accounts.door import PASSWORD, is_inside, make_device, sign_in
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
PAGE = "/admin/security/"
ENGINES = ["db", "cache", "cached_db", "file", "signed_cookies"]


@pytest.fixture
def user() -> User:
    return make_user(Role.EDITOR)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, settings: Settings, tmp_path: Any) -> None:
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{request.param}"
    settings.SESSION_FILE_PATH = str(tmp_path)


def listed(client: Client) -> list[StaffSession]:
    return list(client.get(PAGE).context["sessions"])


def test_a_sign_in_is_listed_with_device_and_address(client: Client, user: User) -> None:
    sign_in(client, user, HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="203.0.113.9")
    (session,) = listed(client)
    assert (session.browser, session.system, session.address) == ("Firefox", "Linux", "203.0.113.9")
    assert client.get(PAGE).context["current"] == str(session.pk)


def test_a_session_that_was_planted_is_not_the_one_that_signs_in(client: Client, user: User) -> None:
    """Somebody gives a browser a session of his own, and waits until its owner signs in with it."""
    planted = client.session
    planted["mark"] = "x"
    planted.save()
    for key in (planted.session_key, "a" * 32):
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        sign_in(client, user)
        mine = client.cookies[settings.SESSION_COOKIE_NAME]
        assert mine.value != key
        assert (mine["httponly"], mine["samesite"], mine["path"]) == (True, "Lax", "/")
        other = Client()
        other.cookies[settings.SESSION_COOKIE_NAME] = key
        assert other.get("/admin/").status_code == 302
        client.logout()


def test_nothing_in_the_row_opens_a_session(client: Client, user: User) -> None:
    sign_in(client, user)
    row = StaffSession.objects.values().get()
    assert client.session.session_key not in str(row)


@pytest.mark.usefixtures("engine")
def test_one_session_is_ended_from_another(user: User) -> None:
    here, there = Client(), Client()
    sign_in(here, user)
    sign_in(there, user)
    other = StaffSession.objects.exclude(pk=here.get(PAGE).context["current"]).get()
    assert here.get(reverse("accounts:end_session", args=[other.pk])).status_code == 405
    here.post(reverse("accounts:end_session", args=[other.pk]))
    assert is_inside(here)
    assert not is_inside(there)


@pytest.mark.usefixtures("engine")
def test_all_devices_are_signed_out(user: User) -> None:
    here, there = Client(), Client()
    sign_in(here, user)
    sign_in(there, user)
    address = reverse("accounts:end_all")
    assert here.get(address).status_code == 200
    assert is_inside(there), "asking ends nothing"
    here.post(address)
    assert not is_inside(here)
    assert not is_inside(there)
    assert AuditEntry.objects.filter(action="signed_out_everywhere").count() == 1


def test_signing_out_takes_the_device_off_the_list(client: Client, user: User) -> None:
    sign_in(client, user)
    assert client.post(reverse("admin:logout")).status_code == 200
    assert not StaffSession.objects.exists()
    assert not is_inside(client)
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == ["signed_in", "signed_out"]


def test_a_session_of_somebody_else_is_not_ended(client: Client, user: User) -> None:
    boss = Client()
    sign_in(boss, make_user(is_staff=True, is_superuser=True))
    session = StaffSession.objects.get()
    for role in (Role.EDITOR, Role.ADMINISTRATOR):
        client.force_login(make_user(role))
        assert client.post(reverse("accounts:end_session", args=[session.pk])).status_code == 403
    assert is_inside(boss)


def test_an_administrator_ends_the_sessions_of_a_member_below(client: Client, user: User) -> None:
    member = Client()
    sign_in(member, user)
    client.force_login(make_user(Role.ADMINISTRATOR))
    page = client.get(reverse("accounts:member", args=[user.pk]))
    (session,) = page.context["sessions"]
    assert reverse("accounts:end_session", args=[session.pk]) in page.content.decode()
    client.post(reverse("accounts:end_session", args=[session.pk]))
    assert not is_inside(member)
    sign_in(member, user)
    client.post(reverse("accounts:end_all_of_member", args=[user.pk]))
    assert not is_inside(member)


def test_the_page_of_a_member_is_linked_for_who_may_use_it(client: Client, user: User) -> None:
    boss = make_user(is_staff=True, is_superuser=True)
    client.force_login(make_user(Role.ADMINISTRATOR))
    for member, is_linked in ((user, True), (boss, False)):
        page = client.get(reverse("admin:accounts_user_change", args=[member.pk])).content.decode()
        assert (reverse("accounts:member", args=[member.pk]) in page) is is_linked


def test_a_new_password_ends_the_other_sessions_and_the_list_agrees(user: User) -> None:
    here, there = Client(), Client()
    sign_in(here, user)
    sign_in(there, user)
    passwords = {"old_password": PASSWORD, "new_password1": "a new long one 7", "new_password2": "a new long one 7"}
    assert here.post(reverse("admin:password_change"), passwords).status_code == 302
    assert not is_inside(there)
    assert is_inside(here)
    assert [str(session.pk) for session in listed(here)] == [here.get(PAGE).context["current"]]
    assert AuditEntry.objects.filter(action="password_changed", actor_id=user.pk).count() == 1


def test_a_password_set_by_an_administrator_ends_all_sessions_and_the_list_agrees(client: Client, user: User) -> None:
    member = Client()
    sign_in(member, user)
    administrator = make_user(Role.ADMINISTRATOR)
    client.force_login(administrator)
    address = reverse("admin:auth_user_password_change", args=[user.pk])
    client.post(address, {"password1": "short", "password2": "short"})
    assert not AuditEntry.objects.filter(action="password_changed").exists()
    assert is_inside(member)
    client.post(address, {"password1": "a new long one 7", "password2": "a new long one 7"})
    assert not is_inside(member)
    user.refresh_from_db()
    assert not StaffSession.objects.live(user).exists()
    assert AuditEntry.objects.filter(action="password_changed", actor_id=administrator.pk).count() == 1


def test_a_new_secret_key_ends_nothing_while_the_old_one_is_a_fallback(
    client: Client, user: User, settings: Settings
) -> None:
    sign_in(client, user)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" + "y" * 50
    assert len(listed(client)) == 1


def test_a_session_runs_out_and_vanishes(client: Client, user: User, clock: Traveller) -> None:
    sign_in(client, user)
    clock.shift(timedelta(hours=12, seconds=1))
    assert not is_inside(client)
    assert not StaffSession.objects.live(user).exists()
    sign_in(client, user)
    assert StaffSession.objects.count() == 1


@pytest.mark.parametrize("lost", ["is_staff", "is_active"])
def test_whoever_leaves_the_staff_is_nobody_at_once(client: Client, user: User, lost: str) -> None:
    sign_in(client, user)
    upload = reverse("images:upload")
    assert client.post(upload).status_code == 400, "no file, but somebody who may send one"
    User.objects.filter(pk=user.pk).update(**{lost: False})
    assert not is_inside(client)
    assert client.post(upload).status_code == 403


def test_a_visit_is_noted_once_in_five_minutes(client: Client, user: User, clock: Traveller) -> None:
    sign_in(client, user)
    began = timezone.now()
    clock.shift(4 * 60)
    client.get("/admin/")
    assert StaffSession.objects.get().last_seen_at == began
    clock.shift(60)
    client.get("/admin/")
    assert StaffSession.objects.get().last_seen_at == timezone.now()


def test_a_device_that_knows_the_password_alone_is_pointed_out(client: Client, user: User) -> None:
    sign_in(client, user)
    make_device(user)
    thief = Client()
    sign_in(thief, user)
    page = StaffSession.objects.order_by("created_at")
    assert page.count() == 2
    administrator = Client()
    administrator.force_login(make_user(Role.ADMINISTRATOR))
    assert len(administrator.get(reverse("accounts:member", args=[user.pk])).context["owing"]) == 2


def test_public_pages_ask_nobody_who_is_signed_in(
    client: Client, user: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sign_in(client, user)
    with django_assert_num_queries(0):
        client.get("/livez")


@pytest.mark.parametrize("is_listed", [True, False])
def test_the_question_whose_a_session_is_takes_one_query(
    client: Client, user: User, is_listed: bool, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    if is_listed:
        sign_in(client, user)
    else:
        client.force_login(user)
    user.user_permissions.add(Permission.objects.get(codename="add_image"))
    # The session, the user, the standing; the settings of the site, and the permission in two.
    with django_assert_num_queries(6):
        client.post("/admin/images/upload/")


@pytest.mark.parametrize(
    ("user_agent", "names"),
    [
        (FIREFOX, ("Firefox", "Linux")),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36", ("Chrome", "Windows")),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537.36 Edg/142.0", ("Edge", "Windows")),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19 Safari/604",
            ("Safari", "iPhone"),
        ),
        (
            "Mozilla/5.0 (Linux; Android 16) SamsungBrowser/29.0 Chrome/136.0 Mobile Safari/537.36",
            ("Samsung Internet", "Android"),
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/605 Version/19 Safari/605", ("Safari", "macOS")),
        ("curl/8.5", ("", "")),
        ("", ("", "")),
    ],
)
def test_browsers_are_named_as_people_know_them(user_agent: str, names: tuple[str, str]) -> None:
    assert browser_and_system(user_agent) == names
