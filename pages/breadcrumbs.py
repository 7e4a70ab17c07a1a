"""Where a page stands in the site: for people a line of links, for machines the same as data."""

from typing import Protocol

from newsroom.lib.data_blocks import data_block
from newsroom.lib.escaping import fill, fill_each
from newsroom.lib.labels import label as _
from newsroom.lib.routes import route
from pages.structured_data import breadcrumb_list
from pages.templatetags.printing import unescaped

_HOME = route("articles:home")
_LINE = """<nav class="breadcrumbs" aria-label="{}"><ol>
<li><a href="{}">{}</a></li>
{}</ol></nav>
{}"""
_STEP = '<li><a href="{}">{}</a></li>\n'


class _Parent(Protocol):
    name: str

    def get_absolute_url(self) -> str: ...


def breadcrumbs(here: str = "", *, parent: _Parent | None = None, parent_path: str = "", parent_label: str = "") -> str:
    """The steps to a page; with its own name, `here`, also as data. A parent by its path is one of no row."""
    steps = [(_("Home"), _HOME())]
    links: list[tuple[str, str]] = []
    if parent:
        steps.append((parent.name, parent.get_absolute_url()))
        links.append((parent.get_absolute_url(), fill("<bdi>{}</bdi>", parent.name)))
    if parent_path:
        steps.append((unescaped(parent_label), parent_path))
        links.append((parent_path, parent_label))
    data = data_block(breadcrumb_list([*steps, (unescaped(here), "")])) if here else ""
    return fill(_LINE, _("Breadcrumbs"), _HOME(), _("Home"), fill_each(_STEP, links), data)
