"""Lists of stories as schema.org describes them."""

from collections.abc import Iterable

from django.core.paginator import Page

from articles.models import Article
from pages.structured_data import Data, item_list


def items_of(articles: Page | Iterable[Article]) -> Data:
    """The lines of a list; those of one page of a long list are numbered through the whole list."""
    start = articles.start_index() if isinstance(articles, Page) else 1
    return item_list((article.get_absolute_url() for article in articles), start=start or 1)
