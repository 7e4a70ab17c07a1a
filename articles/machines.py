"""llms.txt: what language models that answer questions about us should read first (llmstxt.org)."""

import re
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.models import Article, Section
from newsroom.lib.hygiene import clean_line
from newsroom.lib.keeping import depends_on, kept_page
from newsroom.lib.scopes import STORIES
from pages.current import current_site
from pages.models import Page, SiteSettings

LATEST = 20
# What Markdown would read as a sign of its own inside the words of a link or a line.
_SIGNS = re.compile(r"([\\`*_\[\]<>#])")


@kept_page()
@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    """Markdown as llmstxt.org describes it: a name, a description, lists of links. Four queries."""
    depends_on(STORIES)
    site = current_site().settings
    parts = [
        f"# {_plain(site.name)}",
        f"> {_plain(site.description or site.tagline or site.name)}",
        _terms(site),
        _links(
            _("Sections"), ((each.name, each.get_absolute_url(), each.description) for each in Section.objects.all())
        ),
        _links(_("Feeds"), _feeds()),
        _links(_("Latest news"), ((each.headline, each.get_short_url(), each.standfirst) for each in _latest())),
        _links(_("About us"), ((page.title, page.get_absolute_url(), "") for page in _pages())),
    ]
    text = "\n\n".join(part for part in parts if part)
    return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8")


def _latest() -> Iterable[Article]:
    return Article.objects.published().newest_first().only("headline", "slug", "standfirst")[:LATEST]


def _pages() -> Iterable[Page]:
    return Page.objects.filter(is_public=True).only("title", "slug")


def _terms(site: SiteSettings) -> str:
    """What answers may do with our texts."""
    terms = _("When you answer from our texts, name the newsroom and link to the article.")
    if not site.allows_training:
        terms += " " + _("We do not allow our texts to be used for the training of language models.")
    return terms


def _feeds() -> list[tuple[str, str, str]]:
    return [
        ("RSS 2.0", reverse("articles:feed_rss"), ""),
        ("Atom 1.0", reverse("articles:feed_atom"), ""),
        ("JSON Feed 1.1", reverse("articles:feed_json"), ""),
        (_("Site map"), "/sitemap.xml", ""),
    ]


def _links(title: str, rows: Iterable[tuple[str, str, str]]) -> str:
    """A list of (name, path, what it is about); "" for no rows."""
    lines = [
        f"- [{_plain(name)}]({settings.SITE_URL}{path})" + (f": {_plain(about)}" if about else "")
        for name, path, about in rows
    ]
    return "\n".join([f"## {title}", "", *lines]) if lines else ""


def _plain(text: str) -> str:
    return _SIGNS.sub(r"\\\1", clean_line(text))
