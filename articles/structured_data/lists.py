"""Lists of stories as schema.org describes them."""

from collections.abc import Iterable

from articles.models import Article
from pages.structured_data import Data, item_list


def items_of(articles: Iterable[Article]) -> Data:
    """The lines of a list; nobody counts those before a page of a long one."""
    return item_list(article.get_absolute_url() for article in articles)
