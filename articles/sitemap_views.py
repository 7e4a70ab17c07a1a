"""The sitemaps as search engines fetch them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from articles import sitemap_xml, sitemaps
from newsroom.lib.keeping import depends_on, kept_page
from newsroom.lib.scopes import STORIES


@kept_page()
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    depends_on(STORIES)
    return _answer(sitemap_xml.index_xml(sitemaps.files()))


@kept_page()
@require_safe
def sitemap(request: HttpRequest, name: str) -> HttpResponse:
    """One file of the index. An empty one does not exist: the protocol wants one address at least."""
    depends_on(STORIES)
    entries = list(sitemaps.entries(name) or ())
    if not entries:
        raise Http404("no such sitemap")
    return _answer(sitemap_xml.addresses_xml(entries))


@kept_page()
@require_safe
def news(request: HttpRequest) -> HttpResponse:
    depends_on(STORIES)
    return _answer(sitemap_xml.news_xml(sitemaps.news()))


def _answer(xml: str) -> HttpResponse:
    """For machines that look for pages; the file itself is none."""
    return HttpResponse(xml, content_type="application/xml", headers={"X-Robots-Tag": "noindex"})
