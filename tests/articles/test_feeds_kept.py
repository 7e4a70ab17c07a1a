"""What feeds keep of stories that they wrote before."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from articles.feeds import writing
from articles.models import Article, Correction
from newsroom.lib.keeping import parts, stories
from tests.factories import make_article, make_author, make_site

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def kept_parts(settings: Any) -> Iterator[None]:
    make_site(feeds_full_text=True)
    settings.PAGE_CACHE = "parts"
    for shelf in (parts, stories, writing._shelf):
        shelf.clear()
    yield
    for shelf in (parts, stories, writing._shelf):
        shelf.clear()


def feed(client: Client, form: str = "rss.xml") -> str:
    return client.get(f"/feeds/{form}").content.decode()


@pytest.mark.parametrize("form", ["rss.xml", "atom.xml", "feed.json"])
def test_second_feed_is_the_first_in_one_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, form: str
) -> None:
    for number in range(3):
        make_article(f"خبر {number}", authors=(make_author(),))
    first = feed(client, form)
    with django_assert_num_queries(1):
        assert feed(client, form) == first
    assert "خبر 2" in first


def test_changed_story_is_written_anew(client: Client) -> None:
    article = make_article("العنوان القديم")
    feed(client)
    article.headline = "العنوان الجديد"
    article.save()
    assert "العنوان الجديد" in feed(client)
    assert "العنوان القديم" not in feed(client)


def test_new_name_of_an_author_and_a_correction_show(client: Client) -> None:
    author = make_author("سلمى")
    article = make_article(authors=(author,))
    feed(client)
    author.name = "سلمى حداد"
    author.save()
    Correction.objects.create(article=article, note="صححنا الرقم")
    assert "سلمى حداد" in feed(client)
    assert "صححنا الرقم" in feed(client)


def test_withdrawn_story_is_gone_at_once_whoever_withdrew_it(client: Client) -> None:
    article = make_article("ما سُحب")
    feed(client)
    Article.objects.filter(pk=article.pk).update(status="withdrawn", withdrawn_at=article.published_at)
    assert "ما سُحب" not in feed(client)
