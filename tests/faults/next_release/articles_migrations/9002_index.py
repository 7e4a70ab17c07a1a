from django.db import migrations, models

from newsroom.lib.postgresql.indexes import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("articles", "9001_expand")]

    operations = [AddIndexBeside("article", models.Index(fields=["next_line", "id"], name="article_next_line"))]
