from django.db import migrations

import newsroom.lib.fields
import newsroom.lib.names
from newsroom.lib.key_columns import refill
from newsroom.lib.word_index import word_index


class Migration(migrations.Migration):
    dependencies = [
        ("images", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="image",
            name="words_key",
            field=newsroom.lib.fields.KeyField(
                default="",
                key=newsroom.lib.names.words,
                max_length=1000,
                source=("alt_text", "caption", "credit"),
            ),
            preserve_default=False,
        ),
        refill("images", "Image", "words_key"),
        word_index("images", "Image", "words_key"),
    ]
