"""Documents stay true to their articles: two at work on one article, failures, texts of any length."""

import itertools
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from articles.models import Article, SearchDocument
from articles.models.search import MOST_BYTES, MOST_LOOSE_BYTES, Terms
from articles.revisions import record
from articles.search import current_vocabulary, find, indexing, parse
from articles.search.indexing import complete, count_stale, declare_all_old, index, index_article, reindex
from newsroom.lib.analyser import Analyser
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def found(typed: str) -> int:
    words = current_vocabulary()
    return len(find(parse(typed, words.analyser, words.synonyms)))


def test_what_is_saved_while_an_older_text_is_read_is_what_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    article = make_article("جسر قديم")
    index([article.pk])
    real = indexing.make_document

    def slow(row: Article, analyser: Analyser) -> SearchDocument:
        document = real(row, analyser)
        monkeypatch.setattr(indexing, "make_document", real)
        article.headline = "ميناء جديد"
        article.save()
        record(article, by=None)
        return document

    declare_all_old()
    monkeypatch.setattr(indexing, "make_document", slow)
    list(reindex())
    assert (found("ميناء"), found("جسر")) == (1, 0)


def test_what_is_deleted_while_it_is_read_gets_no_document(monkeypatch: pytest.MonkeyPatch) -> None:
    article = make_article("جسر قديم")
    real = indexing.make_document

    def slow(row: Article, analyser: Analyser) -> SearchDocument:
        document = real(row, analyser)
        Article.objects.all().delete()
        return document

    monkeypatch.setattr(indexing, "make_document", slow)
    assert index([article.pk]) == 0
    assert not SearchDocument.objects.exists()


def test_a_save_that_could_not_be_indexed_is_indexed_by_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    article = make_article("جسر قديم")
    index_article(article)
    Article.objects.update(headline="ميناء جديد")
    real = indexing.make_document

    def broken(row: Article, analyser: Analyser) -> SearchDocument:
        raise ValueError("no analyser")

    monkeypatch.setattr(indexing, "make_document", broken)
    index_article(article)
    monkeypatch.setattr(indexing, "make_document", real)
    assert count_stale() == (0, 1)
    assert sum(reindex()) == 1
    assert found("ميناء") == 1


@pytest.mark.parametrize("is_new", [True, False])
def test_one_article_that_cannot_be_indexed_keeps_no_other_from_it(
    is_new: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [make_article(f"جسر {number}") for number in range(3)]
    if not is_new:
        list(complete())
        declare_all_old()
    real = indexing.make_document

    def broken(row: Article, analyser: Analyser) -> SearchDocument:
        if row.pk == articles[0].pk:
            raise ValueError("no analyser")
        return real(row, analyser)

    monkeypatch.setattr(indexing, "make_document", broken)
    assert sum(complete() if is_new else reindex()) == 2
    assert sum(count_stale()) == 1


def test_where_nothing_can_be_indexed_the_run_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    make_article()
    make_article()

    def broken(row: Article, analyser: Analyser) -> SearchDocument:
        raise ValueError("no analyser")

    monkeypatch.setattr(indexing, "make_document", broken)
    with pytest.raises(ValueError, match="no analyser"):
        list(complete())


def test_a_text_of_very_many_different_words_can_be_kept() -> None:
    """PostgreSQL takes a megabyte of words a document, the loose ones among them."""
    words = ["".join(four) for four in itertools.product("بتثجحخدذرزسشصضطظعغف", repeat=4)]
    article = make_article("سجل كبير")
    index([article.pk])
    many = Terms([f"وب{word}" for word in words], frozenset(["§1", *words]))
    SearchDocument.objects.filter(article=article).update(words=many)
    assert (found("وبجحخد"), found("سجل")) == (1, 0)


def test_terms_are_bounded_and_keep_their_labels() -> None:
    many = [f"{number:05}" for number in range(80_000)]
    placed, loose = Terms(many, frozenset({"§1", *(f"{word}00" for word in many)})).placed()
    assert loose[0] == "§1"
    assert sum(len(word) for word in {*placed, *loose}) <= MOST_BYTES + MOST_LOOSE_BYTES


def test_places_end_where_postgresql_ends_them() -> None:
    body = f"<p>{'سلام ' * 300}نهاية الدرب</p><p>{'حرف ' * 16_384}</p><p>بعد ذلك</p>"
    article = make_article("خبر", body=body)
    index([article.pk])
    assert [found(typed) for typed in ("نهاية", '"نهاية الدرب"', "ذلك", '"بعد ذلك"')] == [1, 1, 1, 0]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="FTS5 alone has lists that could disagree with their text")
def test_fts5_agrees_with_its_texts_after_changes_and_deletions() -> None:
    articles = [make_article(f"خبر {number}") for number in range(4)]
    list(complete())
    Article.objects.filter(pk=articles[0].pk).update(headline="آخر", published_at=timezone.now() - timedelta(days=9))
    declare_all_old()
    list(reindex())
    articles[1].delete()
    Article.objects.filter(pk=articles[2].pk).delete()
    with connection.cursor() as cursor:
        for table in ("articles_search_title", "articles_search_words"):
            # With a rank other than 0 it compares with the table of the documents too; it raises what it finds.
            cursor.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
    assert SearchDocument.objects.count() == 2
