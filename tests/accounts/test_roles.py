from itertools import chain

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission

from accounts.roles import PERMISSIONS, Role, grant_permissions
from tests.factories import make_user

pytestmark = pytest.mark.django_db

# Rows: what somebody may do. Columns: reporter, editor, chief editor, newsletter editor, administrator.
MATRIX = {
    "articles.view_article": "yes yes yes yes yes",
    "articles.add_article": "yes yes yes no yes",
    "articles.change_article": "yes yes yes no yes",
    "articles.import_article": "yes yes yes no yes",
    "articles.add_tag": "yes yes yes no yes",
    "articles.change_any_article": "no yes yes no yes",
    "articles.publish_article": "no yes yes no yes",
    "articles.delete_article": "no yes yes no yes",
    "articles.change_tag": "no yes yes no yes",
    "articles.change_section": "no yes yes no yes",
    "articles.add_section": "no no yes no yes",
    "articles.delete_section": "no no no no no",
    "articles.delete_author": "no no yes no yes",
    "articles.delete_revision": "no no no no no",
    "images.add_image": "yes yes yes no yes",
    "images.change_image": "no yes yes no yes",
    "images.delete_image": "no no yes no yes",
    "pages.change_page": "no no yes no yes",
    "pages.change_sitesettings": "no no yes no yes",
    "pages.delete_sitesettings": "no no no no no",
    "newsletter.view_subscriber": "no no no yes yes",
    "newsletter.delete_subscriber": "no no no no no",
    "audit.view_auditentry": "no no yes no yes",
    "audit.export_auditentry": "no no no no yes",
    "accounts.change_user": "no no no no yes",
    "accounts.delete_user": "no no no no no",
    "accounts.add_requiredfactor": "no no no no yes",
    "accounts.delete_requiredfactor": "no no no no yes",
    "auth.change_group": "no no no no no",
}


@pytest.mark.parametrize("permission", MATRIX)
def test_each_role_may_do_what_the_matrix_says(permission: str) -> None:
    may = {role: make_user(role).has_perm(permission) for role in Role}
    assert may == dict(zip(Role, (word == "yes" for word in MATRIX[permission].split()), strict=True))


def test_roles_are_filled_on_a_new_database() -> None:
    granted = {
        role: set(Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename"))
        for role in Role
    }
    wanted = {role: {(app, name) for app, names in PERMISSIONS[role].items() for name in names} for role in Role}
    assert granted == wanted


def test_every_permission_that_a_role_names_exists() -> None:
    named = {
        (app, name)
        for app, names in chain.from_iterable(granted.items() for granted in PERMISSIONS.values())
        for name in names
    }
    assert named <= set(Permission.objects.values_list("content_type__app_label", "codename"))


def test_a_permission_given_by_hand_survives_the_next_migration() -> None:
    reporters = Group.objects.get(name=Role.REPORTER)
    extra = Permission.objects.get(codename="change_image")
    reporters.permissions.add(extra)
    reporters.permissions.remove(Permission.objects.get(codename="add_article"))
    grant_permissions(apps.get_app_config("articles"), using="default")
    assert set(reporters.permissions.values_list("codename", flat=True)) >= {"change_image", "add_article"}
