"""Data blocks about the newspaper, the place of a page in it and lists of any kind."""

from collections.abc import Iterable

from django import template

from newsroom.lib.data_blocks import data_block
from pages import structured_data
from pages.breadcrumbs import breadcrumbs
from pages.current import current_site
from pages.templatetags.printing import unescaped
from richtext.summary import shorten, summary

register = template.Library()
register.filter("beginning", summary)
register.filter("shortened", shorten)
register.simple_tag(breadcrumbs)


@register.simple_tag
def organization_data() -> str:
    """The newspaper itself; for its home page."""
    return data_block(structured_data.organization(current_site()))


@register.simple_tag
def website_data() -> str:
    return data_block(structured_data.website(current_site()))


@register.simple_tag
def collection_data(name: str, path: str, description: str = "", links: Iterable[str] | None = None) -> str:
    """A page that leads to others; `links` are the paths that it lists."""
    items = structured_data.item_list(links) if links is not None else None
    page = structured_data.collection_page(
        current_site(), name=unescaped(name), path=path, description=unescaped(description), mainEntity=items
    )
    return data_block(page)
