"""Records of consent hold no address any more, and the database itself refuses to change or delete them.

One change is let through: a record may lose its subscriber and the network, when the subscriber is erased
(newsletter.erasing). None is ever deleted.

SQLite drops the triggers of a table together with it, and there Django alters a table by making a new one: a later
migration that alters ConsentRecord must call `guard` again (tests/newsletter/test_consenting.py notices).
"""

import re
from typing import Any

from django.db import migrations

# What stood in a record until now: an address of which only the first letter and the domain could be read.
MASKED = re.compile("\u2066[^\u2069]*@[^\u2069]*\u2069")
PLACEHOLDER = "{email}"

KEPT = ("id", "address_hash", "action", "mailing_list_name", "wording", "place", "at")
UNCHANGED = " AND ".join(f"NEW.{column} = OLD.{column}" for column in KEPT)
ANONYMISED = f"NEW.subscriber_id IS NULL AND (NEW.network = OLD.network OR NEW.network = '') AND {UNCHANGED}"

SQLITE = {
    "update": f"""
CREATE TRIGGER consent_record_no_update BEFORE UPDATE ON newsletter_consentrecord WHEN NOT ({ANONYMISED})
BEGIN SELECT RAISE(ABORT, 'records of consent are append-only'); END
""",
    "delete": """
CREATE TRIGGER consent_record_no_delete BEFORE DELETE ON newsletter_consentrecord
BEGIN SELECT RAISE(ABORT, 'records of consent are append-only'); END
""",
}
POSTGRESQL_FUNCTION = """
CREATE FUNCTION consent_record_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    RAISE EXCEPTION 'records of consent are append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
POSTGRESQL = {
    "update": f"""
CREATE TRIGGER consent_record_no_update BEFORE UPDATE ON newsletter_consentrecord
FOR EACH ROW WHEN (NOT ({ANONYMISED})) EXECUTE FUNCTION consent_record_refuse()
""",
    "delete": """
CREATE TRIGGER consent_record_no_delete BEFORE DELETE ON newsletter_consentrecord
FOR EACH ROW EXECUTE FUNCTION consent_record_refuse()
""",
}


def take_addresses_out(apps: Any, schema_editor: Any) -> None:
    ConsentRecord = apps.get_model("newsletter", "ConsentRecord")
    with_address = ConsentRecord.objects.filter(wording__contains="\u2066")
    for pk, wording in with_address.values_list("pk", "wording").iterator():
        ConsentRecord.objects.filter(pk=pk).update(wording=MASKED.sub(PLACEHOLDER, wording))


def guard(apps: Any, schema_editor: Any) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    if is_postgresql:
        schema_editor.execute(POSTGRESQL_FUNCTION)
    for statement in (POSTGRESQL if is_postgresql else SQLITE).values():
        # No parameters: a per cent sign is none.
        schema_editor.execute(statement, params=None)


def let_go(apps: Any, schema_editor: Any) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for deed in SQLITE:
        schema_editor.execute(f"DROP TRIGGER consent_record_no_{deed}" + " ON newsletter_consentrecord" * is_postgresql)
    if is_postgresql:
        schema_editor.execute("DROP FUNCTION consent_record_refuse()")


class Migration(migrations.Migration):
    dependencies = [("newsletter", "0002_engine")]

    operations = [
        migrations.RunPython(take_addresses_out, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(guard, let_go, elidable=False),
    ]
