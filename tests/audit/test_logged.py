"""What is done in the admin stands in our log, and in Django's no more."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from articles.models import Section, Tag
from audit.admin import AuditEntryAdmin, LoggedAdmin
from audit.enums import Action
from audit.models import AuditEntry
from audit.recording import log
from tests.articles.desk import form_data
from tests.factories import make_section, make_tag, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client: Client) -> User:
    user = make_user(Role.CHIEF_EDITOR, first_name="سامر")
    client.force_login(user)
    return user


def page(row: object, name: str) -> str:
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_{name}", args=[row.pk])  # type: ignore[attr-defined]


def test_every_page_of_the_admin_is_logged() -> None:
    silent = [model for model, pages in admin.site._registry.items() if not isinstance(pages, LoggedAdmin)]
    assert [type(admin.site._registry[model]) for model in silent] == [AuditEntryAdmin]


def test_adding_is_logged(client: Client, chief: User) -> None:
    address = reverse("admin:articles_section_add")
    client.post(address, form_data(client, address) | {"name": "اقتصاد"})
    line = AuditEntry.objects.get()
    assert (line.action, line.actor, line.subject_title) == (Action.ADDED, chief, "اقتصاد")
    assert line.subject_id == str(Section.objects.get(name="اقتصاد").pk)
    assert line.address == "127.0.0.1"


def test_changing_is_logged_with_the_names_of_the_fields(client: Client, chief: User) -> None:
    section = make_section("اقتصاد")
    address = page(section, "change")
    client.post(address, form_data(client, address) | {"name": "مال", "position": "7"})
    line = AuditEntry.objects.get()
    assert (line.action, line.subject_title) == (Action.CHANGED, "مال")
    labels = [admin.site._registry[Section].get_form(None)().fields[name].label for name in ("name", "position")]  # type: ignore[arg-type]
    assert line.note == "، ".join(str(label) for label in labels)
    assert "اقتصاد" not in line.note


def test_changed_rows_of_an_inline_are_named_once(client: Client, chief: User) -> None:
    tag = make_tag("اقتصاد")
    address = page(tag, "change")
    row = {"aliases-TOTAL_FORMS": "2", "aliases-0-name": "مال", "aliases-1-name": "أعمال"}
    client.post(address, form_data(client, address) | row)
    assert Tag.objects.get().aliases.count() == 2
    assert AuditEntry.objects.get().note == str(Tag.aliases.rel.related_model._meta.verbose_name_plural)


def test_a_form_that_is_saved_as_it_was_is_no_deed(client: Client, chief: User) -> None:
    address = page(make_section(), "change")
    assert client.post(address, form_data(client, address)).status_code == 302
    assert not AuditEntry.objects.exists()


def test_deleting_is_logged_with_what_is_gone(client: Client, chief: User) -> None:
    tag = make_tag("اقتصاد")
    pk = tag.pk
    client.post(page(tag, "delete"), {"post": "yes"})
    line = AuditEntry.objects.get()
    assert (line.action, line.subject_title, line.subject_id) == (Action.DELETED, "اقتصاد", str(pk))


def test_a_new_password_is_named_and_not_told(client: Client) -> None:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    address = reverse("admin:auth_user_password_change", args=[make_user().pk])
    client.post(address, {"password1": "خيل وليل وبيداء", "password2": "خيل وليل وبيداء", "usable_password": "true"})
    line = AuditEntry.objects.get(action=Action.CHANGED)
    assert line.note == str(User._meta.get_field("password").verbose_name)


def test_the_log_of_django_stays_empty(client: Client, chief: User) -> None:
    tag = make_tag("اقتصاد")
    address = page(tag, "change")
    client.post(address, form_data(client, address) | {"name": "مال"})
    client.post(page(tag, "delete"), {"post": "yes"})
    assert AuditEntry.objects.count() == 2
    assert not LogEntry.objects.exists()


def test_the_history_of_a_row_is_its_lines_without_addresses(client: Client, chief: User) -> None:
    section, other = make_section(), make_section()
    log(Action.CHANGED, by=chief, subject=section, before="draft", after="in_review", note="الاسم")
    log(Action.CHANGED, by=make_user(first_name="ريم"), subject=other)
    text = client.get(page(section, "history")).content.decode()
    for words in ("سامر", "مسودة ← قيد المراجعة", "الاسم"):
        assert words in text
    assert "ريم" not in text
    assert "192.0.2.1" not in text


def test_the_history_is_for_those_who_may_see_the_row(client: Client) -> None:
    section = make_section()
    client.force_login(make_user(is_staff=True))
    assert client.get(page(section, "history")).status_code == 403
    client.force_login(make_user(Role.REPORTER))
    assert client.get(page(section, "history")).status_code == 200


def test_a_long_history_has_pages(client: Client, chief: User) -> None:
    section = make_section()
    for number in range(101):
        log(Action.CHANGED, by=chief, subject=section, note=f"({number})")
    first, second = (client.get(page(section, "history"), {"p": p}).content.decode() for p in "12")
    assert "(100)" in first
    assert "(0)" not in first
    assert "(0)" in second
