"""What holds for every page of the admin, whoever wrote it."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client
from django.urls import NoReverseMatch, reverse

from articles.models import CheckLevel, FrontSlot
from newsletter.models import Delivery
from newsroom.lib.admin import DeskAdmin
from tests.factories import make_user

pytestmark = pytest.mark.django_db

# Group is Django's own page, for superusers alone.
OURS = [model for model in admin.site._registry if model is not Group]
# These have no list: the page in its place reads nothing of its address.
LISTLESS = {Delivery, FrontSlot, CheckLevel}
GUARDED = [
    model for model, pages in admin.site._registry.items() if isinstance(pages, DeskAdmin) and model not in LISTLESS
]


def page(model: type[Model], name: str) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}")


@pytest.fixture
def superuser(client: Client) -> Client:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("model", GUARDED, ids=lambda model: model.__name__)
def test_lookups_that_stop_a_database_are_refused(superuser: Client, model: type[Model]) -> None:
    for query in ("id__regex=(a%2B)%2B%24", "id__iregex=(", "id__range=1"):
        assert superuser.get(f"{page(model, 'changelist')}?{query}").status_code in {302, 400}, query


@pytest.mark.parametrize("model", GUARDED, ids=lambda model: model.__name__)
def test_a_search_for_a_thousand_words_answers(superuser: Client, model: type[Model]) -> None:
    response = superuser.get(page(model, "changelist"), {"q": "كلمة " * 1200}, follow=True)
    assert response.status_code == 200


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_list_is_in_arabic_and_answers(superuser: Client, model: type[Model]) -> None:
    response = superuser.get(page(model, "changelist"), follow=True)
    assert response.status_code == 200
    assert 'dir="rtl"' in response.content.decode()


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_staff_without_a_role_see_nothing(client: Client, model: type[Model]) -> None:
    client.force_login(make_user(is_staff=True))
    for name in ("changelist", "add"):
        try:
            address = page(model, name)
        except NoReverseMatch:
            continue
        assert client.get(address).status_code == 403


@pytest.mark.parametrize(
    ("query", "is_allowed"),
    [
        ("at__year=2026", True),
        ("at__month=12", True),
        ("at__year=0", False),
        ("at__year=10000", False),
        ("at__year=9999", False),
        ("at__year=-1", False),
        ("at__year=abc", False),
        ("at__month=13", False),
        ("at__year__gt=1", False),
        ("at__regex=2", False),
        ("None__year=2026", False),
    ],
)
def test_a_date_hierarchy_takes_days_alone(query: str, is_allowed: bool) -> None:
    class Diary(DeskAdmin):
        date_hierarchy = "at"

    assert Diary(Group, admin.site).lookup_allowed(*query.split("=")) is is_allowed


def test_without_a_date_hierarchy_no_day_is_taken() -> None:
    assert not DeskAdmin(Group, admin.site).lookup_allowed("None__year", "2026")


def test_the_machinery_of_tasks_has_no_pages() -> None:
    """Its rows hold arguments and tracebacks."""
    labels = {model._meta.app_label for model in admin.site._registry}
    assert not labels & {"django_tasks_database", "procrastinate", "tasks"}
