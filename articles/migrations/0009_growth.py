from zoneinfo import ZoneInfo

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Count, Max, Q
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

_AT_ONCE = 1000
_CARRY = "UPDATE %s SET published_at = (SELECT a.published_at FROM articles_article a WHERE a.id = %s.%s)"


def count_days(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """As articles.day_counts.recount does."""
    article, day_count = apps.get_model("articles", "Article"), apps.get_model("articles", "DayCount")
    settings, now = apps.get_model("pages", "SiteSettings").objects.first(), timezone.now()
    zone = ZoneInfo(settings.time_zone if settings else "UTC")
    timed = article.objects.filter(status="approved", working_copy_of=None, publish_at__isnull=False).order_by()
    days = timed.filter(publish_at__lte=now).values(day=TruncDate("published_at", tzinfo=zone))
    own = Count("pk", filter=Q(canonical_url=""))
    counts = days.annotate(count=Count("pk"), own_count=own, at=Max(Coalesce("updated_at", "published_at")))
    day_count.objects.bulk_create((day_count(**row) for row in counts), batch_size=_AT_ONCE)
    for publish_at, published_at, address in timed.filter(publish_at__gt=now).values_list(
        "publish_at", "published_at", "canonical_url"
    ):
        if publish_at is None or published_at is None:  # a constraint of the table forbids it
            continue
        day = published_at.astimezone(zone).date()
        day_count.objects.create(day=day, count=1, own_count=int(not address), at=publish_at)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0008_older_texts"),
        ("pages", "0006_postal_address"),
    ]

    operations = [
        migrations.CreateModel(
            name="DayCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("count", models.IntegerField()),
                ("own_count", models.IntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "number of articles of a day",
                "verbose_name_plural": "numbers of articles of days",
                "default_permissions": (),
            },
        ),
        migrations.RemoveIndex(
            model_name="article",
            name="article_months",
        ),
        migrations.AddField(
            model_name="attribution",
            name="published_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="byline",
            name="published_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="taggedarticle",
            name="published_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        *(
            migrations.RunSQL(_CARRY % (table, table, column), migrations.RunSQL.noop)
            for table, column in (
                ("articles_attribution", "article_id"),
                ("articles_byline", "article_id"),
                ("articles_taggedarticle", "content_object_id"),
            )
        ),
        migrations.AddIndex(
            model_name="attribution",
            index=models.Index(
                models.F("source"),
                models.OrderBy(models.F("published_at"), descending=True),
                models.OrderBy(models.F("article"), descending=True),
                condition=models.Q(("published_at__isnull", False)),
                name="attribution_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="byline",
            index=models.Index(
                models.F("author"),
                models.OrderBy(models.F("published_at"), descending=True),
                models.OrderBy(models.F("article"), descending=True),
                condition=models.Q(("published_at__isnull", False)),
                name="byline_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="correction",
            index=models.Index(
                models.F("kind"),
                models.OrderBy(models.F("at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="correction_kind_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="taggedarticle",
            index=models.Index(
                models.F("tag"),
                models.OrderBy(models.F("published_at"), descending=True),
                models.OrderBy(models.F("content_object"), descending=True),
                condition=models.Q(("published_at__isnull", False)),
                name="tagged_article_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="daycount",
            index=models.Index(fields=["day", "at", "count", "own_count"], name="day_count_by_day"),
        ),
        migrations.RunPython(count_days, migrations.RunPython.noop),
    ]
