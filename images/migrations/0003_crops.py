from django.db import migrations, models

from newsroom.lib.word_index import word_index

# SQLite makes the table anew for a column and loses the triggers of the index of words, whichever way it goes.
rebuild = word_index("images", "Image", "words_key").code


class Migration(migrations.Migration):
    dependencies = [
        ("images", "0002_words"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, rebuild),
        migrations.AddField(
            model_name="image",
            name="crops",
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.AddIndex(
            model_name="image",
            index=models.Index(fields=["file"], name="image_file"),
        ),
        migrations.RunPython(rebuild, migrations.RunPython.noop),
    ]
