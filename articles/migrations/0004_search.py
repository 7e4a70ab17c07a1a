"""Search documents and what follows them: two FTS5 tables on SQLite, two GIN indexes on PostgreSQL."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import articles.models.revision
import articles.models.search
import newsroom.lib.arabic
import newsroom.lib.fields

# External content: the FTS5 tables keep the lists alone, and the triggers tell them what the text was. Their tokeniser
# takes whatever is not ASCII for a letter, so that each stem between two spaces is one word, whatever its script.
SQLITE = [
    """
    CREATE VIRTUAL TABLE articles_search_{column} USING fts5(
        {column}, content='articles_searchdocument', content_rowid='place', tokenize='ascii', prefix='2 3'
    )
    """,
    """
    CREATE TRIGGER articles_search_{column}_insert AFTER INSERT ON articles_searchdocument BEGIN
        INSERT INTO articles_search_{column} (rowid, {column}) VALUES (new.place, new.{column});
    END
    """,
    """
    CREATE TRIGGER articles_search_{column}_delete AFTER DELETE ON articles_searchdocument BEGIN
        INSERT INTO articles_search_{column} (articles_search_{column}, rowid, {column})
        VALUES ('delete', old.place, old.{column});
    END
    """,
    """
    CREATE TRIGGER articles_search_{column}_update AFTER UPDATE OF place, {column} ON articles_searchdocument BEGIN
        INSERT INTO articles_search_{column} (articles_search_{column}, rowid, {column})
        VALUES ('delete', old.place, old.{column});
        INSERT INTO articles_search_{column} (rowid, {column}) VALUES (new.place, new.{column});
    END
    """,
]
# Without a pending list: a search would have to read it from end to end, and a save would sometimes pay for many.
POSTGRESQL = [
    "CREATE INDEX articles_search_{column} ON articles_searchdocument USING gin ({column}) WITH (fastupdate = off)",
]
# A row without its terms, which only a phrase needs to read, is small: many fit into a page. The terms themselves do
# not get smaller by compression, so none is tried.
NARROW_ROWS = """
ALTER TABLE articles_searchdocument SET (toast_tuple_target = 128),
ALTER COLUMN title SET STORAGE EXTERNAL, ALTER COLUMN words SET STORAGE EXTERNAL
"""
COLUMNS = ("title", "words")


def make_indexes(apps: Any, schema_editor: Any) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    if is_postgresql:
        schema_editor.execute(NARROW_ROWS)
    for column in COLUMNS:
        for statement in POSTGRESQL if is_postgresql else SQLITE:
            schema_editor.execute(statement.format(column=column))


def drop_indexes(apps: Any, schema_editor: Any) -> None:
    """The triggers and the indexes go with the table."""
    if schema_editor.connection.vendor == "sqlite":
        for column in COLUMNS:
            schema_editor.execute(f"DROP TABLE articles_search_{column}")


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_desk")]

    operations = [
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                ("place", models.BigIntegerField(primary_key=True, serialize=False)),
                ("title", articles.models.search.TermsField(fts="articles_search_title")),
                ("words", articles.models.search.TermsField(fts="articles_search_words")),
                ("analyser", models.CharField(db_index=True, max_length=12)),
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_document",
                        to="articles.article",
                    ),
                ),
            ],
            options={
                "verbose_name": "search document",
                "verbose_name_plural": "search documents",
                "default_permissions": (),
            },
        ),
        migrations.RunPython(make_indexes, drop_indexes, elidable=False),
        migrations.CreateModel(
            name="Synonym",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "words",
                    models.CharField(
                        help_text="Two or more, with a comma between them: «هاتف، تلفون». An entry may have several words.",
                        max_length=300,
                        verbose_name="words",
                    ),
                ),
                (
                    "is_off",
                    models.BooleanField(
                        default=False,
                        help_text="Parts words that the search comes with as the same.",
                        verbose_name="these are not the same",
                    ),
                ),
                (
                    "words_key",
                    newsroom.lib.fields.KeyField(key=newsroom.lib.arabic.fold, max_length=300, source="words"),
                ),
            ],
            options={
                "verbose_name": "words that mean the same",
                "verbose_name_plural": "words that mean the same",
                "ordering": ["words_key", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("words_key",),
                        name="synonym_words_unique",
                        violation_error_message="These words stand in the list already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProtectedWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "word",
                    models.CharField(
                        help_text="One word, without article: «طالبان».", max_length=60, verbose_name="word"
                    ),
                ),
                (
                    "is_off",
                    models.BooleanField(
                        default=False,
                        help_text="Takes a word from the list that the search comes with.",
                        verbose_name="not protected",
                    ),
                ),
                (
                    "word_key",
                    newsroom.lib.fields.KeyField(key=newsroom.lib.arabic.fold, max_length=60, source="word"),
                ),
            ],
            options={
                "verbose_name": "protected word",
                "verbose_name_plural": "protected words",
                "ordering": ["word_key", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("word_key",),
                        name="protected_word_unique",
                        violation_error_message="This word stands in the list already.",
                    ),
                    models.CheckConstraint(condition=~models.Q(word_key=""), name="protected_word_not_empty"),
                ],
            },
        ),
        migrations.AddField(
            model_name="revision",
            name="mended",
            field=models.JSONField(
                blank=True, default=list, encoder=articles.models.revision.PlainLetters, verbose_name="cleaned"
            ),
        ),
    ]
