"""Migrations tell the whole truth about the models."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests.house.files import APPS, tracked


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    said = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=said)
    assert "No changes detected" in said.getvalue()


def test_every_app_with_models_has_migrations() -> None:
    with_models = {app for app in APPS if any(name.startswith(f"{app}/models") for name in tracked())}
    with_migrations = {app for app in APPS if any(name.startswith(f"{app}/migrations/0001_") for name in tracked())}
    assert with_models == with_migrations
