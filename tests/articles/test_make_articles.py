"""`manage.py make_articles`: its rows are those that the deeds would have left, and readers find them everywhere."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from articles.models import Article, Attribution, Author, Byline, SearchDocument, Tag, TaggedArticle
from articles.search.indexing import index
from newsroom.lib.hygiene import clean_line
from pages.days import day_of
from richtext.sanitise import sanitise
from tests.factories import make_article, make_image, make_site, make_user

pytestmark = pytest.mark.django_db
COUNT = 30


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a picture that is there already: those of the command take seconds to make."""
    make_site()
    picture = make_image()
    monkeypatch.setattr("articles.filling.world._pictures", lambda: [picture.pk])


def make(count: int = COUNT, **options: Any) -> None:
    call_command("make_articles", str(count), **options)


def body(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_readers_find_them_everywhere(client: Client) -> None:
    make()
    newest = Article.objects.published().newest_first()[0]
    author, tag = newest.authors.all()[0], newest.tags.all()[0]
    lists = [reverse("articles:home"), newest.section.get_absolute_url(), tag.get_absolute_url()]
    day = day_of(newest.published_at)
    lists += [author.get_absolute_url(), f"/archive/{day:%Y/%m/%d}/", "/feeds/rss.xml"]
    missing = [path for path in lists if newest.headline not in body(client, path)]
    assert missing == []
    assert newest.headline in body(client, newest.get_absolute_url())


def test_the_search_finds_them() -> None:
    make()
    newest = Article.objects.published().newest_first()[0]
    page = body(Client(), f"/search/?q={newest.authors.all()[0].name}")
    assert newest.get_absolute_url() in page


def test_search_documents_are_those_that_indexing_makes() -> None:
    make()
    stored = list(documents())
    index(list(Article.objects.values_list("pk", flat=True)))
    assert stored == list(documents())
    assert len(stored) == COUNT


def documents() -> Any:
    return SearchDocument.objects.order_by("place").values_list("place", "article_id", "title", "words", "analyser")


def test_rows_are_those_that_saving_leaves() -> None:
    make()
    columns = [field.attname for field in Article._meta.concrete_fields if field.name != "saved_at"]
    stored = list(Article.objects.order_by("pk").values(*columns))
    for article in Article.objects.all():
        article.save()
    assert stored == list(Article.objects.order_by("pk").values(*columns))


def test_texts_are_what_the_editor_would_keep() -> None:
    make()
    kept = [sanitise(article.body) == article.body for article in Article.objects.all()]
    assert all(kept)
    assert all(clean_line(article.headline) == article.headline for article in Article.objects.all())


def test_everything_that_belongs_to_an_article_is_there() -> None:
    make()
    last = Article.objects.newest_first()[0]
    rows = [last.tags.count(), last.related_links.count(), last.attributions.count()]
    assert rows == [5, 3, 1]
    assert last.lead_image is not None
    assert {row.published_at for model in (Byline, Attribution, TaggedArticle) for row in model.objects.all()} == {
        article.published_at for article in Article.objects.all()
    }


def test_a_second_run_adds_and_makes_no_name_twice() -> None:
    other = make_article()
    make()
    names = Tag.objects.count(), Author.objects.count()
    make()
    assert Article.objects.published().count() == 2 * COUNT + 1
    assert (Tag.objects.count(), Author.objects.count()) == names
    assert Article.objects.filter(pk=other.pk, headline=other.headline).exists()


def test_dates_are_in_the_past_and_over_three_years() -> None:
    make()
    times = sorted(Article.objects.values_list("published_at", flat=True))
    assert times[-1] < timezone.now()
    assert 1000 < (timezone.now() - times[0]).days <= 3 * 365


@pytest.mark.parametrize("count", ["0", "-5", "6000000", "many"])
def test_bad_numbers_are_refused(count: str) -> None:
    with pytest.raises(CommandError):
        call_command("make_articles", count)
    assert not Article.objects.exists()


def test_a_site_that_readers_reach_is_left_alone(settings: Settings) -> None:
    settings.LOOPBACK, settings.SITE_URL = False, "https://news.example.org"
    with pytest.raises(CommandError, match="news.example.org"):
        make()
    make(yes=True)
    assert Article.objects.count() == COUNT


def test_a_newsroom_with_people_is_left_alone() -> None:
    make_user(), make_user()
    with pytest.raises(CommandError, match="2 people"):
        make()
    assert not Article.objects.exists()
