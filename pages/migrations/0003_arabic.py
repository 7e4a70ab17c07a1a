from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0002_desk"),
    ]

    operations = [
        migrations.AddField(
            model_name="sitesettings",
            name="shows_hijri",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "At the head of each page and under the date of an article, by the calendar of Umm al-Qura."
                ),
                verbose_name="Hijri date too",
            ),
        ),
        migrations.RemoveConstraint(model_name="sitesettings", name="site_settings_months_known"),
        migrations.AlterField(
            model_name="sitesettings",
            name="months",
            field=models.CharField(
                choices=[
                    ("both", "both names"),
                    ("levant", "Levant and Iraq"),
                    ("gregorian", "Egypt, Gulf, Sudan and Libya"),
                    ("maghreb", "Algeria and Tunisia"),
                    ("morocco", "Morocco"),
                ],
                default="both",
                max_length=16,
                verbose_name="month names",
            ),
        ),
        migrations.AddConstraint(
            model_name="sitesettings",
            constraint=models.CheckConstraint(
                condition=models.Q(("months__in", ["both", "levant", "gregorian", "maghreb", "morocco"])),
                name="site_settings_months_known",
            ),
        ),
    ]
