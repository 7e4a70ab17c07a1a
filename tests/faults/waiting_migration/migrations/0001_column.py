from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            "ALTER TABLE articles_article ADD COLUMN of_a_fault integer",
            "ALTER TABLE articles_article DROP COLUMN of_a_fault",
        )
    ]
