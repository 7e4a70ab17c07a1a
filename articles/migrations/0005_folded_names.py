"""Sections and aliases get keys; names stand in one order on both databases."""

from django.db import migrations, models
from django.db.models import Q

import newsroom.lib.arabic
import newsroom.lib.fields
from newsroom.lib.key_columns import recollate, refill


def key(name: str) -> newsroom.lib.fields.KeyField:
    return newsroom.lib.fields.KeyField(
        default="", key=getattr(newsroom.lib.arabic, name), max_length=200, source="name"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0004_search"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="section", name="section_name_unique"),
        migrations.AddField(model_name="section", name="name_key", field=key("fold"), preserve_default=False),
        migrations.AddField(model_name="section", name="sort_key", field=key("sort_key"), preserve_default=False),
        migrations.AddField(model_name="tagalias", name="sort_key", field=key("sort_key"), preserve_default=False),
        refill("articles", "Section", "name_key", "sort_key", apart="name_key"),
        refill("articles", "TagAlias", "name_key", "sort_key"),
        # «ألمانيا» had lost an article that it never had.
        refill("articles", "Author", "name_key", "sort_key"),
        refill("articles", "Source", "name_key", "sort_key"),
        refill("articles", "Tag", "name_key", "sort_key"),
        recollate("articles", "Article", "headline_key"),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.UniqueConstraint(
                fields=("name_key",),
                name="section_name_unique",
                violation_error_message="A section of this name exists, perhaps spelled a little differently.",
            ),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.CheckConstraint(name="section_name_not_empty", condition=~Q(name_key="")),
        ),
        migrations.AlterConstraint(
            model_name="tagalias",
            name="tag_alias_name_unique",
            constraint=models.UniqueConstraint(
                fields=("name_key",),
                name="tag_alias_name_unique",
                violation_error_message="This alias exists already.",
            ),
        ),
        *(
            migrations.AddIndex(
                model_name=name, index=models.Index(fields=["sort_key", "name_key", "id"], name=f"{name}_by_name")
            )
            for name in ("author", "source", "tag")
        ),
        migrations.AlterModelOptions(
            name="section",
            options={
                "ordering": ["position", "sort_key", "id"],
                "verbose_name": "section",
                "verbose_name_plural": "sections",
            },
        ),
        migrations.AlterModelOptions(
            name="tagalias",
            options={
                "ordering": ["sort_key", "id"],
                "verbose_name": "tag alias",
                "verbose_name_plural": "tag aliases",
            },
        ),
    ]
