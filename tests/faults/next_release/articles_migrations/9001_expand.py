from django.db import migrations, models

from tests.faults.next_release.articles_migrations import LAST


class Migration(migrations.Migration):
    dependencies = [("articles", LAST)]

    operations = [
        migrations.AddField(
            model_name="article",
            name="next_line",
            field=models.CharField(max_length=40, default="", db_default="", editable=False),
        ),
    ]
