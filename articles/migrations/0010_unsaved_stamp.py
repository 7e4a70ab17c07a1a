from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0009_growth")]

    operations = [
        migrations.AddField(
            model_name="unsavedtext",
            name="stamp",
            field=models.BigIntegerField(db_default=0, default=0, verbose_name="place among the sendings"),
        ),
    ]
