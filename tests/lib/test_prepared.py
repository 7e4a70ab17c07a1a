from datetime import timedelta

import pytest
from django.db import models
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.models import Article, Byline, Section
from articles.page_rows import MOST_CARDS, cards_of, public_story
from newsroom.lib.generations import bump
from newsroom.lib.keeping import make_kept
from newsroom.lib.prepared import Blank, Prepared, RowMaker
from tests.factories import make_article, make_author, make_image, make_withdrawn

pytestmark = pytest.mark.django_db


def test_blanks_are_filled_in_each_time() -> None:
    first, second = make_article("الأول"), make_article("الثاني")
    found = Prepared(lambda: Article.objects.select_related("section").filter(pk=Blank("key")))
    assert [found(key=first.pk), found(key=second.pk)] == [[first], [second]]
    assert found(key=second.pk)[0].section == second.section


def test_moments_are_told_as_the_database_knows_them() -> None:
    article = make_article()
    since = Prepared(lambda: Article.objects.filter(publish_at__gt=Blank("at", models.DateTimeField())))
    assert since(at=timezone.now() - timedelta(days=3650)) == [article]
    assert since(at=timezone.now() + timedelta(days=1)) == []


def test_values_come_as_tuples() -> None:
    article = make_article()
    told = Prepared(lambda: Article.objects.filter(pk=Blank("key")).values_list("pk", "published_at"))
    assert told(key=article.pk) == [(article.pk, article.published_at)]


def test_story_for_its_page_is_what_for_page_fetches(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    story = make_article(authors=(make_author(), make_author()), tags=("مطر", "قمح"), lead_image=make_image())
    usual = Article.objects.for_page().get(pk=story.pk)
    found = public_story(story.pk)
    assert found is not None
    with django_assert_num_queries(0):
        assert list(found.bylines.all()) == list(usual.bylines.all())
        assert list(found.tags.all()) == list(usual.tags.all())
        assert (found.lead_image, found.section, found.body) == (usual.lead_image, usual.section, usual.body)
        assert not [*found.corrections.all(), *found.related_links.all(), *found.attributions.all()]


def test_no_story_for_what_readers_may_not_see() -> None:
    hidden = [make_withdrawn(), make_article(published=False)]
    assert [public_story(one.pk) for one in hidden] == [None, None]
    assert cards_of(one.pk for one in hidden) == []


@pytest.mark.parametrize("number", [1, 3, MOST_CARDS])
def test_cards_cost_one_query(django_assert_num_queries: DjangoAssertNumQueries, number: int) -> None:
    articles = [make_article(lead_image=make_image()) for _ in range(number)]
    with django_assert_num_queries(1):
        found = cards_of(article.pk for article in articles)
        assert [(one.section.name, one.lead_image.width) for one in found] == [
            (one.section.name, one.lead_image.width) for one in articles
        ]
    assert Byline.objects.count() == 0


# Rows without Django's look at every field


def test_rows_are_made_as_the_model_makes_them() -> None:
    article = make_article("الأول")
    names = ["id", "headline"]
    made = RowMaker(Article).from_db("default", names, (article.pk, "الأول"))
    usual = Article.from_db("default", names, (article.pk, "الأول"))
    assert made == usual
    assert made.get_deferred_fields() == usual.get_deferred_fields()
    assert (made._state.adding, made._state.db) == (False, "default")
    page = make_kept(lambda: RowMaker(Article).from_db("default", names, (article.pk, "الأول")))
    assert page.holds()
    bump(article.own_scope)
    assert not page.holds()


def test_a_model_that_makes_its_rows_itself_and_who_listens_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def own(cls: type[Section], db: str, names: list[str], values: list[object]) -> str:
        return "made by the model"

    def listener(**_about: object) -> None:
        told.append("made")

    with monkeypatch.context() as changed:
        changed.setattr(Section, "from_db", classmethod(own))
        assert RowMaker(Section).from_db("default", ["id"], [1]) == "made by the model"
    models.signals.post_init.connect(listener, sender=Section)
    try:
        RowMaker(Section).from_db("default", ["id"], [1])
    finally:
        models.signals.post_init.disconnect(listener, sender=Section)
    assert told == ["made"]
