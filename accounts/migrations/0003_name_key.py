from typing import Any

from django.db import migrations, models

import accounts.name_keys
import newsroom.lib.arabic
import newsroom.lib.fields
from newsroom.lib.key_columns import refill


def fill_keys(apps: Any, schema_editor: Any) -> None:
    """Of two names that are alike the older account has the key, a later one its id behind it; both sign in as before."""
    users = apps.get_model("accounts", "User")._base_manager.using(schema_editor.connection.alias)
    taken: set[str] = set()
    for pk, name in users.order_by("pk").values_list("pk", "username"):
        key = accounts.name_keys.user_key(name)[:200].rstrip()
        if key in taken:
            key = accounts.name_keys.parted(key, pk)
        taken.add(key)
        users.filter(pk=pk).update(name_key=key)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_second_factor_and_sessions"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="name_key",
            field=accounts.name_keys.UserNameKey(
                default="", key=accounts.name_keys.user_key, max_length=200, source="username"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="user",
            name="sort_key",
            field=newsroom.lib.fields.KeyField(
                default="",
                key=newsroom.lib.arabic.sort_key,
                max_length=500,
                source=("first_name", "last_name", "username"),
            ),
            preserve_default=False,
        ),
        migrations.RunPython(fill_keys, migrations.RunPython.noop, elidable=True),
        refill("accounts", "User", "sort_key"),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                fields=("name_key",),
                name="accounts_user_name_unique",
                violation_error_message="A name like this exists, perhaps spelled a little differently.",
            ),
        ),
    ]
