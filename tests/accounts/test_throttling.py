"""How often somebody may try at the door."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from time_machine import Traveller

from accounts.models import FailureCount, User
from accounts.roles import Role
from accounts.throttling import normalise_name
from audit.models import AuditEntry
from tests.accounts.door import LOGIN, PASSWORD, is_inside, sign_in
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

ELSEWHERE = {"REMOTE_ADDR": "198.51.100.7"}


@pytest.fixture
def user() -> User:
    return make_user(Role.EDITOR, username="salma")


def fail(client: Client, name: str = "salma", times: int = 1, **extra: Any) -> Any:
    for _ in range(times):
        response = sign_in(client, name, "wrong", **extra)
    return response


def test_the_fifth_wrong_password_closes_the_door_for_this_name_from_here(client: Client, user: User) -> None:
    assert fail(client, times=4).status_code == 200
    locked = fail(client)
    assert locked.status_code == 429
    assert "15" in locked.context["form"].non_field_errors()[0]
    refused = sign_in(client, user)
    assert refused.status_code == 429
    assert not is_inside(client)
    assert 'name="password"' in refused.content.decode(), "the answer is the page of the sign-in"


def test_other_addresses_and_other_names_are_not_locked(client: Client, user: User) -> None:
    fail(client, times=5)
    colleague = make_user(Role.EDITOR)
    assert sign_in(Client(), colleague).status_code == 302
    assert sign_in(Client(), user, **ELSEWHERE).status_code == 302


def test_the_door_opens_after_a_quarter_of_an_hour(client: Client, user: User, clock: Traveller) -> None:
    fail(client, times=5)
    clock.shift(12 * 60)
    locked = sign_in(client, user)
    assert locked.status_code == 429
    assert "3" in locked.context["form"].non_field_errors()[0]
    clock.shift(3 * 60 + 1)
    assert sign_in(client, user).status_code == 302


def test_trying_while_it_is_closed_does_not_keep_it_closed(client: Client, user: User, clock: Traveller) -> None:
    fail(client, times=5)
    for _ in range(3):
        clock.shift(5 * 60)
        fail(client)
    clock.shift(1)
    assert sign_in(client, user).status_code == 302


def test_a_success_begins_the_count_again(client: Client, user: User) -> None:
    fail(client, times=4)
    assert sign_in(client, user).status_code == 302
    assert fail(Client(), times=4).status_code == 200
    assert sign_in(client, user).status_code == 302


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_CLIENT_IP", "HTTP_FORWARDED"])
def test_a_header_cannot_claim_another_address(client: Client, user: User, header: str) -> None:
    for number in range(5):
        fail(client, **{header: f"203.0.113.{number}"})
    assert sign_in(client, user, **{header: "203.0.113.99"}).status_code == 429


def test_behind_a_proxy_its_own_word_counts(client: Client, user: User, settings: Settings) -> None:
    settings.BEHIND_PROXY = True
    for number in range(5):
        fail(client, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}, 198.51.100.7")
    assert sign_in(client, user, HTTP_X_FORWARDED_FOR="203.0.113.99, 198.51.100.7").status_code == 429
    assert sign_in(client, user, HTTP_X_FORWARDED_FOR="198.51.100.8").status_code == 302


def test_one_household_of_ipv6_is_one_address(client: Client, user: User) -> None:
    for number in range(5):
        fail(client, REMOTE_ADDR=f"2001:db8:1:2::{number}")
    assert sign_in(client, user, REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 429
    assert sign_in(client, user, REMOTE_ADDR="2001:db8:1:3::1").status_code == 302


def test_without_an_address_the_door_still_counts(client: Client, user: User) -> None:
    assert fail(client, times=5, REMOTE_ADDR="").status_code == 429
    assert AccessAttempt.objects.get().failures_since_start == 5


@pytest.mark.parametrize("name", ["Salma", " salma ", "ｓａｌｍａ", "SALMA"])
def test_a_name_is_counted_however_it_is_written(client: Client, user: User, name: str) -> None:
    fail(client, name, times=5)
    assert sign_in(client, user).status_code == 429


def test_a_name_with_invisible_letters_is_counted_as_the_name_that_it_opens(client: Client, user: User) -> None:
    for count in range(5):
        fail(client, "sal" + "\u200b" * count + "ma")
    assert sign_in(client, user).status_code == 429
    assert normalise_name(None, {"username": "علیرضا"}) == normalise_name(None, {"username": "عليرضا\u200f"})


def test_names_that_differ_are_counted_apart() -> None:
    names = ("salma", "sálma", "salma2", "سلمى", "سلمي")
    assert len({normalise_name(None, {"username": name}) for name in names}) == len(names)


def test_fifty_failures_over_all_names_close_an_address(client: Client, user: User, clock: Traveller) -> None:
    for number in range(50):
        assert fail(client, f"name{number}").status_code == 200
    assert sign_in(client, user).status_code == 429
    assert fail(client, "another").status_code == 429
    assert sign_in(Client(), user, **ELSEWHERE).status_code == 302
    clock.shift(60 * 60 + 1)
    assert sign_in(client, user).status_code == 302


def test_a_newsroom_behind_one_address_is_not_closed_by_one_colleague(client: Client, user: User) -> None:
    fail(client, "samer", times=20)
    assert sign_in(client, user).status_code == 302
    assert FailureCount.objects.get().count == 5, "what is refused unseen is not counted"


def test_the_answer_is_the_same_for_every_name(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time is not measured: the slow part, hashing, must happen as often."""
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *a: hashed.append("") or encode(*a))
    make_user(Role.EDITOR, username="known")
    make_user(Role.EDITOR, username="inactive", is_active=False)
    make_user(username="stranger")
    answers = set()
    for name, password in (
        ("known", "wrong"),
        ("unknown", "wrong"),
        ("inactive", "wrong"),
        ("inactive", PASSWORD),
        ("stranger", PASSWORD),
    ):
        hashed.clear()
        response = sign_in(Client(), name, password)
        answers.add((response.status_code, str(response.context["form"].errors), len(hashed)))
    assert len(answers) == 1
    assert AuditEntry.objects.filter(action="sign_in_refused").count() == 5


def test_right_passwords_of_accounts_that_may_not_enter_count_as_failures(client: Client) -> None:
    make_user(username="stranger")
    for _ in range(4):
        assert sign_in(client, "stranger").status_code == 200
    assert sign_in(client, "stranger").status_code == 429


def test_the_log_has_the_name_and_never_the_password(client: Client, user: User) -> None:
    fail(client, "sal\nma", times=1)
    fail(client, times=8)
    lines = list(AuditEntry.objects.order_by("pk").values_list("action", "note", "address"))
    refused = ("sign_in_refused", "salma", "127.0.0.1")
    assert lines[1:] == [refused] * 5 + [("locked_out", "salma", "127.0.0.1")]
    assert "\n" not in lines[0][1]
    everything = str(list(AuditEntry.objects.values())) + str(list(AccessAttempt.objects.values()))
    assert "wrong" not in everything


@pytest.mark.parametrize("name", ["", "x" * 5000, "a\0b", "\ud800", "سلمى'; --", "%s%n"])
def test_strange_names_come_back_with_a_sentence(client: Client, name: str) -> None:
    body = urlencode({"username": name.encode("utf-8", "surrogatepass"), "password": "wrong"})
    response = client.post(LOGIN, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 200
    assert response.context["form"].errors


def test_the_old_password_cannot_be_guessed_from_a_session(client: Client, user: User) -> None:
    client.force_login(user)
    address = reverse("admin:password_change")
    new = {"new_password1": "another long password", "new_password2": "another long password"}
    for _ in range(5):
        assert client.post(address, {"old_password": "wrong", **new}).status_code == 200
    locked = client.post(address, {"old_password": PASSWORD, **new})
    assert "15" in locked.context["form"].errors["old_password"][0]
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_failures_at_once_are_all_counted() -> None:
    def attempt(number: int) -> int:
        try:
            return fail(Client(), f"name{number % 2}").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(attempt, range(8))) == {200}
    assert FailureCount.objects.get().count == 8
    assert sorted(AccessAttempt.objects.values_list("failures_since_start", flat=True)) == [4, 4]
