import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from accounts.admin import role_name
from accounts.models import User
from accounts.roles import Role
from audit.models import AuditEntry
from tests.articles.desk import form_data
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def user_url(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def group(role: Role) -> int:
    return Group.objects.get(name=role).pk


@pytest.fixture
def administrator(client: Client) -> User:
    user = make_user(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def test_an_administrator_cannot_make_himself_superuser(client: Client, administrator: User) -> None:
    everything = list(Permission.objects.values_list("pk", flat=True))
    data = form_data(client, user_url(administrator))
    forged = {"is_superuser": "on", "user_permissions": everything, "groups": [group(role) for role in Role]}
    assert client.post(user_url(administrator), data | forged).status_code == 302
    administrator = User.objects.get(pk=administrator.pk)
    assert not administrator.is_superuser
    assert not administrator.user_permissions.exists()
    assert [found.name for found in administrator.groups.all()] == [Role.ADMINISTRATOR]


def test_an_administrator_cannot_make_anybody_superuser(client: Client, administrator: User) -> None:
    colleague = make_user(Role.REPORTER)
    data = form_data(client, user_url(colleague)) | {"is_superuser": "on", "user_permissions": ["1", "2"]}
    client.post(user_url(colleague), data)
    colleague.refresh_from_db()
    assert not colleague.is_superuser
    assert not colleague.user_permissions.exists()


def test_an_administrator_cannot_add_a_superuser(client: Client, administrator: User) -> None:
    address = reverse("admin:accounts_user_add")
    password = "long enough for a newsroom"
    data = form_data(client, address) | {
        "username": "salma",
        "password1": password,
        "password2": password,
        "is_superuser": "on",
        "groups": [group(Role.REPORTER)],
    }
    assert client.post(address, data).status_code == 302
    salma = User.objects.get(username="salma")
    assert salma.is_staff
    assert not salma.is_superuser
    assert [found.name for found in salma.groups.all()] == [Role.REPORTER]


@pytest.mark.parametrize("view", ["change", "password", "delete"])
def test_an_administrator_cannot_touch_a_superuser(client: Client, administrator: User, view: str) -> None:
    boss = make_user(is_staff=True, is_superuser=True)
    address = {
        "change": user_url(boss),
        "password": reverse("admin:auth_user_password_change", args=[boss.pk]),
        "delete": reverse("admin:accounts_user_delete", args=[boss.pk]),
    }[view]
    data = {"username": "taken", "password1": "x" * 20, "password2": "x" * 20, "post": "yes"}
    assert client.post(address, data).status_code == 403
    assert User.objects.get(pk=boss.pk).username == boss.username
    assert User.objects.get(pk=boss.pk).password == boss.password


def test_an_administrator_cannot_take_over_somebody_with_more_rights(client: Client, administrator: User) -> None:
    deputy = make_user(Role.REPORTER, is_active=False)
    deputy.user_permissions.add(Permission.objects.get(codename="change_group"))
    address = reverse("admin:auth_user_password_change", args=[deputy.pk])
    assert client.get(address).status_code == 403
    assert client.post(user_url(deputy), {"is_active": "on"}).status_code == 403


def test_an_administrator_grants_the_roles_of_the_newsroom_only(client: Client, administrator: User) -> None:
    powerful = Group.objects.create(name="owners")
    powerful.permissions.add(Permission.objects.get(codename="change_group"))
    colleague = make_user(Role.REPORTER)
    data = form_data(client, user_url(colleague))
    answer = client.post(user_url(colleague), data | {"groups": [powerful.pk]})
    assert answer.status_code == 200
    assert "groups" in answer.context["adminform"].form.errors
    client.post(user_url(colleague), data | {"groups": [group(Role.EDITOR), group(Role.NEWSLETTER_EDITOR)]})
    assert {found.name for found in colleague.groups.all()} == {Role.EDITOR, Role.NEWSLETTER_EDITOR}


def test_groups_that_are_not_offered_stay(client: Client, administrator: User) -> None:
    choir = Group.objects.create(name="choir")
    colleague = make_user(Role.REPORTER)
    colleague.groups.add(choir)
    client.post(user_url(colleague), form_data(client, user_url(colleague)) | {"groups": [group(Role.EDITOR)]})
    assert {found.name for found in colleague.groups.all()} == {"choir", Role.EDITOR}


def test_a_superuser_changes_powers(client: Client) -> None:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    colleague = make_user(Role.REPORTER)
    client.post(user_url(colleague), form_data(client, user_url(colleague)) | {"is_superuser": "on"})
    assert User.objects.get(pk=colleague.pk).is_superuser


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_other_roles_do_not_see_staff(client: Client, role: Role) -> None:
    client.force_login(make_user(role))
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 403
    assert client.get(user_url(make_user())).status_code == 403


def test_passwords_cannot_be_guessed_through_filters(client: Client, administrator: User) -> None:
    address = reverse("admin:accounts_user_changelist")
    for query in (
        "password__startswith=m",
        "email__regex=(a%2B)%2B%24",
        "id__range=1",
        "groups__name__startswith=r",
    ):
        assert client.get(f"{address}?{query}").status_code == 400
    assert client.get(f"{address}?is_active__exact=1").status_code == 200


@pytest.mark.parametrize("pk", ["{pk}", "0{pk}"])
def test_the_own_password_is_changed_where_the_old_one_is_asked_for(
    client: Client, administrator: User, pk: str
) -> None:
    address = user_url(administrator).replace("change/", "password/").replace(f"{administrator.pk}", pk)
    new = {"password1": "another long password", "password2": "another long password", "usable_password": "true"}
    for data in (new, {"usable_password": "false", "unset-password": "1"}):
        response = client.post(address.format(pk=administrator.pk), data)
        assert response.headers["Location"] == reverse("admin:password_change")
    administrator.refresh_from_db()
    assert administrator.check_password("correct horse battery")


def test_the_log_says_who_was_made_what(client: Client, administrator: User) -> None:
    colleague = make_user(Role.REPORTER)
    data = form_data(client, user_url(colleague))
    client.post(user_url(colleague), data | {"groups": [group(Role.REPORTER), group(Role.CHIEF_EDITOR)]})
    client.post(user_url(colleague), data | {"groups": [group(Role.REPORTER), group(Role.CHIEF_EDITOR)]})
    (line,) = AuditEntry.objects.about(colleague).exclude(before="", after="")
    names = [role_name(Group.objects.get(name=role)) for role in (Role.REPORTER, Role.CHIEF_EDITOR)]
    assert (line.actor_id, line.before, set(line.after.split("، "))) == (administrator.pk, names[0], set(names))


@pytest.mark.parametrize("typed", ["احمد العلي", "علي أحمد", "ahmad.ali", "AHMAD@example", "ahmad@example.com"])
def test_staff_are_found_by_name_and_address(client: Client, typed: str) -> None:
    client.force_login(make_user(Role.ADMINISTRATOR))
    user = make_user(username="ahmad.ali", first_name="أحمد", last_name="العلي", email="ahmad@example.com")
    make_user(username="rana", first_name="رنا", last_name="سعيد", email="rana@example.com")
    found = client.get(reverse("admin:accounts_user_changelist"), {"q": typed}).context["cl"].result_list
    assert list(found) == [user]


def test_staff_stand_in_the_order_of_their_names(client: Client) -> None:
    client.force_login(make_user(Role.ADMINISTRATOR, username="zz"))
    names = ["بلال", "أحمد", "إبراهيم", "آمنة"]
    for number, name in enumerate(names):
        make_user(username=f"u{number}", first_name=name)
    shown = client.get(reverse("admin:accounts_user_changelist")).context["cl"].result_list
    assert [str(user) for user in shown] == ["zz", "إبراهيم", "أحمد", "آمنة", "بلال"]
