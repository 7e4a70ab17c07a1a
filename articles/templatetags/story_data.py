"""Data blocks about stories, lists of them, authors and sources."""

from collections.abc import Iterable, Sequence

from django import template

from articles.models import Article, Author, LiveUpdate, Source
from articles.pagination import ListPage
from articles.sitemaps import FEWEST_STORIES
from articles.structured_data import lists, people, stories
from newsroom.lib.data_blocks import data_block
from pages.current import current_site
from pages.structured_data import collection_page
from pages.templatetags.printing import unescaped

register = template.Library()
register.filter("described", stories.description_of)


@register.filter
def robots_by_count(count: int | None) -> str:
    """What robots are told of a list of so many stories; "" for nothing special, and for a list that goes on."""
    return "noindex, follow" if count is not None and count < FEWEST_STORIES else ""


@register.simple_tag
def article_data(article: Article, updates: Sequence[LiveUpdate] = ()) -> str:
    return data_block(stories.news_article(article, current_site(), updates=updates))


@register.simple_tag
def list_data(name: str, path: str, articles: ListPage | Iterable[Article], description: str = "") -> str:
    """A list of stories, or one page of a long one."""
    page = collection_page(
        current_site(),
        name=unescaped(name),
        path=_own_path(path, articles),
        description=unescaped(description),
        mainEntity=lists.items_of(articles),
    )
    return data_block(page)


@register.simple_tag
def author_data(author: Author) -> str:
    return data_block(people.profile_page(author, current_site()))


@register.simple_tag
def source_data(source: Source, name: str, page: ListPage, description: str = "") -> str:
    block = people.source_page(
        source,
        current_site(),
        name=unescaped(name),
        path=_own_path(source.get_absolute_url(), page),
        description=unescaped(description),
        items=lists.items_of(page),
    )
    return data_block(block)


def _own_path(path: str, articles: ListPage | Iterable[Article]) -> str:
    """As its canonical address names this page of the list."""
    return f"{path}?{articles.query}" if isinstance(articles, ListPage) and articles.query else path
