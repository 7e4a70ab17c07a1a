"""The database itself refuses to change or delete a line of the log, also for a statement that is typed by hand.

SQLite drops the triggers of a table together with it, and there Django alters a table by making a new one: a later
migration that alters AuditEntry must call `guard` again (tests/audit/test_append_only.py notices).
"""

from typing import Any

from django.db import migrations

SQLITE = """
CREATE TRIGGER audit_entry_no_{deed} BEFORE {deed} ON audit_auditentry
BEGIN SELECT RAISE(ABORT, 'the log of deeds is append-only'); END
"""
POSTGRESQL_FUNCTION = """
CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the log of deeds is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
POSTGRESQL = """
CREATE TRIGGER audit_entry_no_{deed} BEFORE {deed} ON audit_auditentry
FOR EACH ROW EXECUTE FUNCTION audit_entry_refuse()
"""
DEEDS = ("update", "delete")


def guard(apps: Any, schema_editor: Any) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    if is_postgresql:
        schema_editor.execute(POSTGRESQL_FUNCTION)
    for deed in DEEDS:
        schema_editor.execute((POSTGRESQL if is_postgresql else SQLITE).format(deed=deed))


def let_go(apps: Any, schema_editor: Any) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for deed in DEEDS:
        schema_editor.execute(f"DROP TRIGGER audit_entry_no_{deed}" + " ON audit_auditentry" * is_postgresql)
    if is_postgresql:
        schema_editor.execute("DROP FUNCTION audit_entry_refuse()")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(guard, let_go, elidable=False)]
