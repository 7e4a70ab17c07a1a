"""Sections from before they had a key (migration 0005)."""

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from articles.models import Section
from newsroom.lib.key_columns import refill
from tests.factories import make_section

pytestmark = pytest.mark.django_db


def test_names_that_say_the_same_or_nothing_get_a_number() -> None:
    sections = [make_section() for _name in range(4)]
    for section, name in zip(sections, ("أخبار", "★", "اخبار", "—"), strict=True):
        Section.objects.filter(pk=section.pk).update(name=name)
    operation = refill("articles", "Section", "name_key", "sort_key", apart="name_key")
    operation.code(apps, SimpleNamespace(connection=connection, quote_name=str, execute=lambda _sql: None))  # type: ignore[arg-type]
    assert list(Section.objects.order_by("pk").values_list("name", "name_key")) == [
        ("أخبار", "اخبار"), ("★ (2)", "2"), ("اخبار (2)", "اخبار 2"), ("— (3)", "3"),
    ]  # fmt: skip
