"""Data blocks about the newspaper, the place of a page in it and lists of any kind."""

from collections.abc import Iterable
from typing import Protocol

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from newsroom.lib.data_blocks import data_block
from pages import structured_data
from pages.current import current_site
from pages.templatetags.printing import unescaped
from richtext.summary import shorten, summary

register = template.Library()
register.filter("beginning", summary)
register.filter("shortened", shorten)


class _Parent(Protocol):
    name: str

    def get_absolute_url(self) -> str: ...


@register.simple_tag
def organization_data() -> str:
    """The newspaper itself; for its home page."""
    return data_block(structured_data.organization(current_site()))


@register.simple_tag
def website_data() -> str:
    return data_block(structured_data.website(current_site()))


@register.simple_tag
def breadcrumb_data(here: str, parent: _Parent | None = None, parent_path: str = "", parent_label: str = "") -> str:
    """The steps that components/breadcrumbs.html shows, and `here`, the page itself."""
    steps = [(_("Home"), reverse("articles:home"))]
    if parent:
        steps.append((parent.name, parent.get_absolute_url()))
    if parent_path:
        steps.append((unescaped(parent_label), parent_path))
    return data_block(structured_data.breadcrumb_list([*steps, (unescaped(here), "")]))


@register.simple_tag
def collection_data(name: str, path: str, description: str = "", links: Iterable[str] | None = None) -> str:
    """A page that leads to others; `links` are the paths that it lists."""
    items = structured_data.item_list(links) if links is not None else None
    page = structured_data.collection_page(
        current_site(), name=unescaped(name), path=path, description=unescaped(description), mainEntity=items
    )
    return data_block(page)
