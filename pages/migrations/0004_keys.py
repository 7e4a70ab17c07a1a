from django.db import migrations

import newsroom.lib.arabic
from newsroom.lib.fields import KeyField
from newsroom.lib.key_columns import refill


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0003_arabic"),
    ]

    operations = [
        migrations.AddField(
            model_name="page",
            name="sort_key",
            field=KeyField(default="", key=newsroom.lib.arabic.sort_key, max_length=200, source="title"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="redirect",
            name="words_key",
            field=KeyField(default="", key=newsroom.lib.arabic.fold, max_length=1000, source=("old_path", "new_path")),
            preserve_default=False,
        ),
        refill("pages", "Page", "sort_key"),
        refill("pages", "Redirect", "words_key"),
        migrations.AlterModelOptions(
            name="page",
            options={"ordering": ["sort_key", "id"], "verbose_name": "page", "verbose_name_plural": "pages"},
        ),
        migrations.AlterModelOptions(
            name="redirect",
            options={
                "ordering": ["words_key", "id"],
                "verbose_name": "redirect",
                "verbose_name_plural": "redirects",
            },
        ),
    ]
