"""Two members of staff whose names are one name to a reader."""

import importlib
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from accounts.name_keys import user_key
from accounts.roles import Role
from tests.articles.desk import form_data
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PASSWORD = "long enough for a newsroom"


def add(client: Client, username: str, **typed: str) -> Any:
    address = reverse("admin:accounts_user_add")
    data = {"username": username, "password1": PASSWORD, "password2": PASSWORD, "is_staff": "on"} | typed
    return client.post(address, form_data(client, address) | data)


@pytest.fixture
def administrator(client: Client) -> User:
    user = make_user(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


@pytest.mark.parametrize("name", ["احمد", "أحْمَـد", "ﺃﺣﻤﺪ", "أحمد\u200b"])
def test_nobody_is_called_like_somebody_else_in_another_spelling(
    client: Client, administrator: User, name: str
) -> None:
    make_user(username="أحمد")
    assert add(client, name).status_code == 200
    assert User.objects.count() == 2


@pytest.mark.parametrize("name", ["аdmin", "Аdmin", "асе"])
def test_nobody_imitates_a_name_with_letters_of_another_alphabet(
    client: Client, administrator: User, name: str
) -> None:
    make_user(username="admin")
    make_user(username="ace")
    assert add(client, name).status_code == 200
    assert User.objects.count() == 3


def test_the_printed_names_are_guarded_too(client: Client, administrator: User) -> None:
    assert add(client, "salma", first_name="Sаlma").status_code == 200
    assert add(client, "salma", first_name="سلمى", last_name="Haddad").status_code == 302


def test_the_database_refuses_a_second_key() -> None:
    make_user(username="Salma")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_user(username="salma")


def test_names_of_signs_alone_differ() -> None:
    assert user_key("+@") != user_key("+.")


def _fill() -> None:
    migration = importlib.import_module("accounts.migrations.0003_name_key")
    migration.fill_keys(apps, SimpleNamespace(connection=connection))


def test_old_names_that_are_alike_stay_and_open_the_door(client: Client) -> None:
    old, later = make_user(Role.REPORTER, username="salma"), make_user(Role.REPORTER, username="other")
    User.objects.filter(pk=later.pk).update(username="Salma")
    _fill()
    keys = dict(User.objects.values_list("pk", "name_key"))
    assert keys == {old.pk: "salma", later.pk: f"salma #{later.pk}"}
    for name, user in (("salma", old), ("Salma", later)):
        response = client.post(reverse("admin:login"), {"username": name, "password": "correct horse battery"})
        assert response.status_code == 302, name
        assert client.session["_auth_user_id"] == str(user.pk)
        client.logout()


def test_an_old_name_can_be_saved_again(client: Client, administrator: User) -> None:
    make_user(Role.REPORTER, username="salma")
    later = make_user(Role.REPORTER, username="other")
    User.objects.filter(pk=later.pk).update(username="Salma")
    _fill()
    address = reverse("admin:accounts_user_change", args=[later.pk])
    assert client.post(address, form_data(client, address) | {"last_name": "حداد"}).status_code == 302
    later = User.objects.get(pk=later.pk)
    assert (later.last_name, later.name_key) == ("حداد", f"salma #{later.pk}")
    later.username = "huda"
    later.save()
    assert later.name_key == "huda"


def test_one_signs_in_by_the_name_as_it_was_typed(client: Client) -> None:
    user = make_user(Role.REPORTER, username="علیرضا")
    assert User.objects.get(pk=user.pk).username == "عليرضا"
    for name in ("علیرضا", "عليرضا", "عليرضا\u200f"):
        data = {"username": name, "password": "correct horse battery"}
        assert client.post(reverse("admin:login"), data).status_code == 302, name
        client.logout()


def test_the_key_of_a_later_name_is_nobody_elses() -> None:
    """ali, ali_<id of the third>, Ali: the third had the key of the second."""
    first, second, third = (make_user(username=name) for name in ("ali", "other", "third"))
    User.objects.filter(pk=second.pk).update(username=f"ali_{third.pk}")
    User.objects.filter(pk=third.pk).update(username="Ali")
    _fill()
    keys = dict(User.objects.values_list("pk", "name_key"))
    assert keys == {first.pk: "ali", second.pk: f"ali {third.pk}", third.pk: f"ali #{third.pk}"}


def test_the_first_account_of_a_site_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    make_user(username="salma")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "correct horse battery")
    with translation.override("en"), pytest.raises(CommandError, match="A name like this exists"):
        call_command("createsuperuser", username="Salma", email="salma@example.com", interactive=False)
    call_command("createsuperuser", username="huda", email="huda@example.com", interactive=False, stdout=StringIO())
    assert User.objects.get(username="huda").is_superuser
