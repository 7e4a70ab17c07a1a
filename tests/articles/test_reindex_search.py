"""The command that makes search documents: says what is stale, may be stopped, goes on."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles.models import ProtectedWord, SearchDocument
from articles.search import document, indexing
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def run(*args: str) -> str:
    out = StringIO()
    call_command("reindex_search", *args, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_it_makes_what_is_missing_and_then_has_nothing_to_do() -> None:
    for _number in range(3):
        make_article()
    assert "3 articles without a document, 0 made by another analyser." in run()
    assert SearchDocument.objects.count() == 3
    assert run().endswith("0 articles indexed.\n")


def test_check_says_what_is_stale_and_changes_nothing() -> None:
    make_article()
    with pytest.raises(CommandError) as raised:
        run("--check")
    assert raised.value.returncode == 1
    assert not SearchDocument.objects.exists()
    run()
    assert "0 articles without a document, 0 made by another analyser." in run("--check")


def test_it_notices_another_list_of_protected_words() -> None:
    article = make_article("مهرجان القلعان")
    run()
    before = SearchDocument.objects.get(article=article).analyser
    ProtectedWord.objects.create(word="قلعان")
    assert "1 made by another analyser" in run()
    assert SearchDocument.objects.get(article=article).analyser != before


def test_all_begins_anew() -> None:
    make_article()
    run()
    assert run("--all").endswith("1 articles indexed.\n")


def test_a_run_that_was_stopped_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "BATCH", 2)
    for _number in range(5):
        make_article()
    real, calls = indexing.index, []

    def stopped(ids: list[int], **kwargs: object) -> int:
        calls.append(ids)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(ids, **kwargs)

    monkeypatch.setattr(indexing, "index", stopped)
    with pytest.raises(CommandError, match="goes on from here"):
        run()
    assert SearchDocument.objects.count() == 2
    monkeypatch.setattr(indexing, "index", real)
    assert run().startswith("Analyser ")
    assert SearchDocument.objects.count() == 5


def test_the_clock_renews_what_another_analyser_made() -> None:
    make_article("جسر السلطان")
    run()
    ProtectedWord.objects.create(word="سلطانيه")
    call_command("tick", stdout=StringIO())
    assert indexing.count_stale() == (0, 0)


def test_a_failure_to_index_does_not_lose_the_article(monkeypatch: pytest.MonkeyPatch) -> None:
    article = make_article()

    def broken(*args: object) -> None:
        raise ValueError("no analyser")

    monkeypatch.setattr(document, "tokens", broken)
    indexing.index_article(article)
    article.refresh_from_db()
    assert not SearchDocument.objects.exists()
