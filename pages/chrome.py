"""The frame round every page: made once for each thing that it says, because on most pages it says the same."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from newsroom.lib import relative_time
from newsroom.lib.dates import PrintStyle
from pages import days
from pages.current import current_site

Links = tuple[tuple[str, str], ...]

# Of each part as many as there are links in the navigation, and those of the last days.
_MOST = 200


def utility_bar() -> str:
    row = current_site().settings
    return _part("utility_bar", day=days.today(), style=row.style, shows_hijri=row.shows_hijri)


def masthead(path: str) -> str:
    """`path` is that of the page, which the menu marks."""
    site = current_site()
    header = tuple(site.header)
    return _part("masthead", name=site.settings.name, header=header, here=_marked(header).get(unquote(path), ""))


def section_nav(path: str, section_path: str = "") -> str:
    """`section_path` is that of the section to which the page belongs."""
    header = tuple(current_site().header)
    marked = _marked(header)
    here, within = marked.get(unquote(path), ""), marked.get(unquote(section_path), "")
    return _part("section_nav", header=header, here=here, within=within)


def site_footer() -> str:
    site = current_site()
    row = site.settings
    told: dict[str, Any] = {"name": row.name, "email": row.contact_email, "footer": tuple(site.footer)}
    return _part("site_footer", **told, year=days.today().year, style=row.style)


def head_links() -> str:
    return _part("head_links", name=current_site().settings.name)


def newsletter_box() -> str:
    return _part("newsletter_box")


@lru_cache(maxsize=8)
def ago_words(style: PrintStyle) -> str:
    """What static/js/relative_time.js says; in one attribute of <body>."""
    return "|".join(relative_time.words(style))


def _part(part: str, /, **told: date | str | Links | PrintStyle | int) -> str:
    """The component of this name. It may show only what it is told and what never changes while the program runs."""
    key = tuple(told.items())
    return _make(part, key) if settings.DEBUG else _made(part, key)


def _make(part: str, told: Sequence[tuple[str, Any]]) -> str:
    return render_to_string(f"components/{part}.html", dict(told))


_made = lru_cache(maxsize=_MOST)(_make)


@lru_cache(maxsize=8)
def _marked(header: Links) -> dict[str, str]:
    """The paths that a part of the frame marks as the current one, by how people read them.

    One may be percent-encoded and another typed by an editor.
    """
    own = [reverse(f"articles:{name}") for name in ("home", "saved", "search")]
    return {unquote(path): path for path in [*own, *(path for _label, path in header)]}
