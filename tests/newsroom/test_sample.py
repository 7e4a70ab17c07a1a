"""What `make run` shows on a first start, and that a second one changes nothing."""

from collections import Counter
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from articles.enums import Origin, Status
from articles.models import (
    Article,
    Attribution,
    Author,
    Comment,
    Correction,
    FrontSlot,
    ImportRecord,
    RelatedLink,
    Section,
    Source,
    Tag,
)
from images.models import Image

pytestmark = pytest.mark.django_db


def prepare() -> str:
    out = StringIO()
    call_command("prepare_site", stdout=out)
    return out.getvalue()


def rows() -> dict[str, list[Any]]:
    """Everything in the database, as plain values."""
    models = [model for model in apps.get_models() if model._meta.app_label not in {"contenttypes", "auth"}]
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models}


@pytest.fixture
def password_in_tmp(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path


@pytest.mark.usefixtures("password_in_tmp")
def test_first_start_makes_a_newsroom_and_second_changes_nothing(client: Client) -> None:
    said = prepare()
    assert f"{settings.SITE_URL}/admin/" in said
    password = said.split("Password")[1].split()[0]
    signed_in = client.post(reverse("admin:login"), {"username": "admin", "password": password})
    assert signed_in.status_code == 302, "no second factor stands between a newcomer and the desk"
    before = rows()
    assert password in prepare()
    after = rows()
    # Signing in above is the only thing that happened.
    assert {label for label in before if before[label] != after[label]} == set()
    check_contents()
    check_pages(Client())


def check_contents() -> None:
    status = Counter(Article.objects.values_list("status", flat=True))
    assert Article.objects.published().count() >= 30
    assert status[Status.DRAFT] >= 3
    assert status[Status.WITHDRAWN] == 1
    (scheduled,) = [article for article in Article.objects.all() if article.is_scheduled]
    assert scheduled.publish_at == scheduled.publish_at.replace(second=0, microsecond=0)
    withdrawn = Article.objects.get(status=Status.WITHDRAWN)
    assert withdrawn.corrections.get().at == withdrawn.withdrawn_at
    assert (Section.objects.count(), Author.objects.count(), Source.objects.count()) == (6, 6, 4)
    assert Tag.objects.count() == 25
    assert ImportRecord.objects.count() >= 8
    origins = Counter(Article.objects.published().values_list("origin", flat=True))
    assert min(origins[Origin.OPINION], origins[Origin.TRANSLATED], origins[Origin.AGENCY]) >= 1
    # Three notes, and the reason of the withdrawal.
    assert Correction.objects.count() == 4
    assert FrontSlot.objects.count() == 4
    coverage = Article.objects.published().get(coverage_started_at__isnull=False)
    assert (coverage.is_live, coverage.live_updates.count(), coverage.live_updates.filter(is_key=True).count()) == (
        True,
        7,
        3,
    )
    assert Article.objects.working_copies().count() == 1
    assert Article.objects.published().most_read().count() >= 20
    assert Comment.objects.filter(resolved_at=None).count() == 2
    assert Article.objects.filter(assigned_to__isnull=False, deadline__isnull=False).count() == 2
    assert Article.objects.published().breaking().count() == 1
    assert all(image.alt_text and image.caption and image.credit for image in Image.objects.all())
    assert RelatedLink.objects.filter(target__isnull=False).count() >= 10
    assert not RelatedLink.objects.filter(target=None, url="").exists(), "a read-also that leads nowhere"
    assert Attribution.objects.filter(article__import_record__isnull=False).exists()


def check_pages(reader: Client) -> None:
    addresses = [
        "/",
        "/archive/",
        *(section.get_absolute_url() for section in Section.objects.all()),
        *(article.get_absolute_url() for article in Article.objects.published()),
    ]
    assert {address: reader.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)


@pytest.mark.usefixtures("password_in_tmp")
def test_password_that_was_changed_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsroom.sample.is_empty", lambda: False)
    first = prepare().split("Password")[1].split()[0]
    administrator = User.objects.get(username="admin")
    administrator.set_password("another one altogether")
    administrator.save()
    assert first not in prepare()


@pytest.mark.usefixtures("password_in_tmp")
def test_database_in_use_gets_no_sample() -> None:
    Section.objects.create(name="أخبار")
    prepare()
    assert Article.objects.count() == 0
