"""Rows note themselves where they are shown, and say when they changed: after the transaction, and only then."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Author, Byline, FrontSlot, ReadCount, Section, Tag
from newsroom.lib.generations import generations, slot_of
from newsroom.lib.keeping import make_kept
from newsroom.lib.scopes import CLOCK, FRONT, SITE, STORIES, stories_of
from newsroom.lib.watched import changed
from tests.factories import make_article, make_author, make_section, make_tag

pytestmark = pytest.mark.django_db(transaction=True)


def moment_of(scope: str) -> int:
    return generations().newest([slot_of(scope)])


def test_a_row_that_is_read_is_noted_with_what_is_fetched_beside_it() -> None:
    story = make_article(authors=(make_author(),))
    page = make_kept(lambda: list(Article.objects.select_related("section").prefetch_related("bylines__author")))
    assert page.holds()
    for row in (story, Section.objects.get(), Author.objects.get(), Byline.objects.get()):
        row.save()
        assert not page.holds()
        page = make_kept(lambda: list(Article.objects.select_related("section").prefetch_related("bylines__author")))


def test_rows_that_nobody_shows_are_not_noted() -> None:
    first, second = make_article(), make_article()
    page = make_kept(lambda: Article.objects.get(pk=first.pk))
    second.save()
    assert page.holds()


def test_a_change_counts_when_its_transaction_is_over() -> None:
    story = make_article()
    before = generations().now()
    with transaction.atomic():
        story.save()
        assert generations().now() == before
    assert moment_of(story.own_scope) > before


def test_a_change_that_is_taken_back_does_not_count() -> None:
    story = make_article()
    before = generations().now()
    with transaction.atomic():
        story.save()
        transaction.set_rollback(True)
    assert generations().now() == before


def test_the_same_change_is_told_once_in_a_transaction() -> None:
    story = make_article()
    before = generations().now()
    with transaction.atomic():
        for _time in range(3):
            story.save()
        changed(story)
        changed(story, recall=True)
    assert generations().now() == before + 2
    assert generations().newest_recall([slot_of(story.own_scope)]) > before


def test_a_public_story_puts_its_lists_out_of_date() -> None:
    author, tag = make_author(), make_tag()
    story = make_article(authors=(author,), tags=(tag,))
    before = generations().now()
    story.save()
    scopes = [
        STORIES,
        CLOCK,
        stories_of(Section, story.section_id),
        stories_of(Tag, tag.pk),
        stories_of(Author, author.pk),
    ]
    assert all(moment_of(scope) > before for scope in scopes)
    assert moment_of(stories_of(Section, 0)) <= before


def test_a_draft_puts_no_list_out_of_date_and_costs_no_query() -> None:
    draft = make_article(published=False)
    before = generations().now()
    with CaptureQueriesContext(connection) as captured:
        draft.save()
    assert moment_of(STORIES) <= before < moment_of(draft.own_scope)
    assert len(captured) == 1


def test_a_deleted_row_counts_also_by_a_cascade() -> None:
    slot = FrontSlot.objects.create(place="lead", article=make_article(), ends_at=timezone.now() + timedelta(hours=1))
    before = generations().now()
    slot.article.delete()
    assert moment_of(FRONT) > before


def test_a_section_stands_on_every_page() -> None:
    section = make_section()
    before = generations().now()
    section.save()
    assert moment_of(SITE) > before


def test_rows_of_machinery_are_deleted_without_being_read() -> None:
    """A listener to the deleting of every model would have Django read a million lines of a log to drop them."""
    with CaptureQueriesContext(connection) as captured:
        ReadCount.objects.all().delete()
    assert [query["sql"].split()[0] for query in captured if "readcount" in query["sql"]] == ["DELETE"]
