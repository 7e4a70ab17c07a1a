"""Nothing that was written is changed or deleted: the models refuse, and so does the database."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from audit.enums import Action
from audit.models import AuditEntry
from audit.querysets import AppendOnly
from audit.recording import log
from tests.factories import make_user

CHANGE = "UPDATE audit_auditentry SET note = 'x'"
DELETE = "DELETE FROM audit_auditentry"


def entry() -> AuditEntry:
    log(Action.PUBLISHED, by=make_user(first_name="سامر"))
    return AuditEntry.objects.get()


@pytest.mark.django_db
def test_a_row_is_saved_once() -> None:
    line = entry()
    line.note = "غير ذلك"
    with pytest.raises(AppendOnly):
        line.save()
    with pytest.raises(AppendOnly):
        line.save(update_fields=["note"])


@pytest.mark.django_db
def test_a_new_row_never_takes_the_place_of_an_old_one() -> None:
    line = entry()
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry(pk=line.pk, action=Action.DELETED).save()
    assert AuditEntry.objects.get().action == Action.PUBLISHED


@pytest.mark.django_db
def test_a_row_is_not_deleted() -> None:
    with pytest.raises(AppendOnly):
        entry().delete()


@pytest.mark.django_db
def test_many_rows_are_neither_changed_nor_deleted() -> None:
    line = entry()
    for manager in (AuditEntry.objects, AuditEntry._default_manager, AuditEntry._base_manager):
        with pytest.raises(AppendOnly):
            manager.update(note="غير ذلك")
        with pytest.raises(AppendOnly):
            manager.all().delete()
        with pytest.raises(AppendOnly):
            manager.bulk_update([line], ["note"])
    with pytest.raises(AppendOnly):
        AuditEntry.objects.update_or_create({"note": "غير ذلك"}, pk=line.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", [CHANGE, DELETE])
def test_the_database_refuses_too(statement: str) -> None:
    entry()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.get().note == ""


@pytest.mark.django_db(transaction=True)
def test_the_guards_can_be_taken_back_and_come_again() -> None:
    call_command("migrate", "audit", "0001", verbosity=0)
    with connection.cursor() as cursor:
        entry()
        cursor.execute(CHANGE)
    call_command("migrate", "audit", verbosity=0)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DELETE)
    assert AuditEntry.objects.get().note == "x"


@pytest.mark.django_db(transaction=True)
def test_the_guards_are_there_after_a_test_that_commits() -> None:
    """Follows one whose tables were emptied by DELETE on SQLite (tests/conftest.py)."""
    assert not AuditEntry.objects.exists()
    entry()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DELETE)


@pytest.mark.django_db
def test_a_person_may_go_and_the_line_stays() -> None:
    line = entry()
    assert line.actor
    line.actor.delete()
    after = AuditEntry.objects.get()
    assert (after.actor_id, after.actor_name) == (line.actor_id, "سامر")
