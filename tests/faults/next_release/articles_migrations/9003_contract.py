from django.db import migrations

CONTRACTS = "the release that used next_line was taken back"


class Migration(migrations.Migration):
    dependencies = [("articles", "9002_index")]

    operations = [
        migrations.RemoveIndex("article", "article_next_line"),
        migrations.RemoveField("article", "next_line"),
    ]
