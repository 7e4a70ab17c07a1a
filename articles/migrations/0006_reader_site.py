"""What the reader's site shows besides: live updates, reads, places of the home page, feeds for partners."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import articles.models.partners
import articles.models.revision
import newsroom.lib.arabic
import newsroom.lib.fields
import newsroom.lib.language_names


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0005_folded_names"),
        ("images", "0002_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FrontSlot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "place",
                    models.CharField(
                        choices=[("lead", "lead"), ("second", "beside the lead"), ("pick", "editors' picks")],
                        max_length=16,
                        verbose_name="place",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "ends_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Empty: until somebody changes it. Then it fills itself again.",
                        null=True,
                        verbose_name="until",
                    ),
                ),
                ("set_at", models.DateTimeField(auto_now=True, verbose_name="set at")),
            ],
            options={
                "verbose_name": "place on the home page",
                "verbose_name_plural": "places on the home page",
                "ordering": ["place", "position"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="LiveUpdate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("headline", models.CharField(blank=True, max_length=200, verbose_name="headline")),
                ("body", models.TextField(blank=True, verbose_name="body")),
                (
                    "is_key",
                    models.BooleanField(
                        default=False,
                        help_text="Listed at the head of the coverage, for readers who come late.",
                        verbose_name="key event",
                    ),
                ),
                (
                    "posted_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="posted at"),
                ),
                ("changed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="changed at")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="withdrawn at"),
                ),
                (
                    "former",
                    models.JSONField(
                        blank=True,
                        default=list,
                        editable=False,
                        encoder=articles.models.revision.PlainLetters,
                        verbose_name="former words",
                    ),
                ),
                (
                    "form_key",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="A form that is sent twice posts once.",
                        max_length=60,
                        null=True,
                        verbose_name="key of the form it was made with",
                    ),
                ),
            ],
            options={
                "verbose_name": "live update",
                "verbose_name_plural": "live updates",
                "ordering": ["-posted_at", "-id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="MostRead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.PositiveSmallIntegerField(verbose_name="rank")),
                ("score", models.FloatField(verbose_name="score")),
            ],
            options={
                "verbose_name": "most read story",
                "verbose_name_plural": "most read stories",
                "ordering": ["rank"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PartnerFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="Who reads it.", max_length=120, verbose_name="name")),
                (
                    "key",
                    models.CharField(
                        default=articles.models.partners.new_key,
                        editable=False,
                        max_length=64,
                        verbose_name="secret part of the address",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "hours",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Only stories published within so many hours; 0 means any time.",
                        verbose_name="hours",
                    ),
                ),
                (
                    "most_items",
                    models.PositiveSmallIntegerField(
                        default=50,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="most stories",
                    ),
                ),
                (
                    "is_full_text",
                    models.BooleanField(
                        default=True, help_text="Otherwise the standfirst alone.", verbose_name="full text"
                    ),
                ),
                (
                    "own_only",
                    models.BooleanField(
                        default=True,
                        help_text="Leaves out what came from agencies and other outlets, which is not ours to pass on.",
                        verbose_name="own stories only",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="For the newsroom only: contract, contact.", verbose_name="note"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                (
                    "sort_key",
                    newsroom.lib.fields.KeyField(key=newsroom.lib.arabic.sort_key, max_length=200, source="name"),
                ),
            ],
            options={
                "verbose_name": "partner feed",
                "verbose_name_plural": "partner feeds",
                "ordering": ["sort_key", "id"],
            },
        ),
        migrations.CreateModel(
            name="ReadCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hour", models.DateTimeField(verbose_name="hour")),
                ("count", models.PositiveIntegerField(default=0, verbose_name="reads")),
            ],
            options={
                "verbose_name": "reads of an hour",
                "verbose_name_plural": "reads by the hour",
                "ordering": ["-hour", "article"],
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="article",
            name="coverage_ended_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="live coverage ended"),
        ),
        migrations.AddField(
            model_name="article",
            name="coverage_started_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="live coverage began"),
        ),
        migrations.AddField(
            model_name="article",
            name="key_points",
            field=models.TextField(
                blank=True,
                help_text="One a line, three at best: shown in a box above the text.",
                max_length=600,
                verbose_name="key points",
            ),
        ),
        migrations.AddField(
            model_name="author",
            name="languages",
            field=models.CharField(
                blank=True,
                help_text="Codes with a space between them, for example: ar en fr",
                max_length=120,
                validators=[newsroom.lib.language_names.validate_languages],
                verbose_name="languages",
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="republishing_note",
            field=models.TextField(
                blank=True,
                help_text="By what right and how its texts appear here. Empty means a general sentence.",
                verbose_name="note on republishing",
            ),
        ),
        migrations.AddIndex(
            model_name="correction",
            index=models.Index(
                models.OrderBy(models.F("at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="correction_newest_first",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("status", "approved"), ("working_copy_of__isnull", True), ("canonical_url", "")),
                fields=["publish_at", "published_at", "updated_at", "canonical_url", "status", "working_copy_of"],
                name="article_months",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                models.OrderBy(models.F("published_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(
                    ("status", "approved"), ("working_copy_of__isnull", True), ("lead_image__isnull", False)
                ),
                name="article_public_pictured",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                models.OrderBy(models.F("published_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("status", "approved"), ("working_copy_of__isnull", True), ("origin", "opinion")),
                name="article_public_opinion",
            ),
        ),
        migrations.AddIndex(
            model_name="taggedarticle",
            index=models.Index(fields=["tag", "-content_object"], name="tagged_article_lately"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("breaking_until__isnull", False)),
                fields=["breaking_until"],
                name="article_breaking",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("coverage_ended_at__isnull", True),
                    ("coverage_ended_at__gte", models.F("coverage_started_at")),
                    _connector="OR",
                ),
                name="article_coverage_ends_after_it_began",
            ),
        ),
        migrations.AddField(
            model_name="frontslot",
            name="article",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="front_slot",
                to="articles.article",
                verbose_name="article",
            ),
        ),
        migrations.AddField(
            model_name="frontslot",
            name="set_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="set by",
            ),
        ),
        migrations.AddField(
            model_name="liveupdate",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="live_updates",
                to="articles.article",
                verbose_name="article",
            ),
        ),
        migrations.AddField(
            model_name="liveupdate",
            name="by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="mostread",
            name="article",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="most_read",
                to="articles.article",
                verbose_name="article",
            ),
        ),
        migrations.AddField(
            model_name="partnerfeed",
            name="sections",
            field=models.ManyToManyField(
                blank=True,
                help_text="None means all.",
                related_name="+",
                to="articles.section",
                verbose_name="sections",
            ),
        ),
        migrations.AddField(
            model_name="partnerfeed",
            name="tags",
            field=models.ManyToManyField(
                blank=True,
                help_text="Stories with one of them; none means all.",
                related_name="+",
                to="articles.tag",
                verbose_name="tags",
            ),
        ),
        migrations.AddField(
            model_name="readcount",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="read_counts",
                to="articles.article",
                verbose_name="article",
            ),
        ),
        migrations.AddConstraint(
            model_name="frontslot",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__in", ["lead", "second", "pick"])), name="front_slot_place_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="frontslot",
            constraint=models.UniqueConstraint(fields=("place", "position"), name="front_slot_one_article"),
        ),
        migrations.AddIndex(
            model_name="liveupdate",
            index=models.Index(
                models.F("article"),
                models.OrderBy(models.F("posted_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="live_update_newest_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="liveupdate",
            constraint=models.UniqueConstraint(fields=("form_key",), name="live_update_form_key_unique"),
        ),
        migrations.AddConstraint(
            model_name="liveupdate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("headline", ""), _negated=True), models.Q(("body", ""), _negated=True), _connector="OR"
                ),
                name="live_update_says_something",
                violation_error_message="Write a headline or a text.",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerfeed",
            constraint=models.UniqueConstraint(fields=("key",), name="partner_feed_key_unique"),
        ),
        migrations.AddConstraint(
            model_name="partnerfeed",
            constraint=models.CheckConstraint(
                condition=models.Q(("key", ""), _negated=True), name="partner_feed_key_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerfeed",
            constraint=models.CheckConstraint(
                condition=models.Q(("most_items__gte", 1), ("most_items__lte", 100)),
                name="partner_feed_most_items_in_bounds",
            ),
        ),
        migrations.AddIndex(
            model_name="readcount",
            index=models.Index(fields=["hour", "article", "count"], name="read_count_by_hour"),
        ),
        migrations.AddConstraint(
            model_name="readcount",
            constraint=models.UniqueConstraint(fields=("article", "hour"), name="read_count_once_an_hour"),
        ),
    ]
