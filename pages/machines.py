"""What the site tells programs about itself: who may read what, who makes it, whom to write to, how to search it."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from newsroom.lib.keeping import kept_page
from newsroom.lib.tables import words
from newsroom.lib.xml_writer import Writer
from pages.current import current_site

PLAIN = "text/plain; charset=utf-8"
# Not the light view: what robots may not fetch they may list all the same, and its pages say "noindex" themselves.
CLOSED = (
    "/admin/",
    "/search/",
    "/styleguide/",
    "/partners/",
    "/reads/",
    "/calendar/",
    "/newsletter/check-inbox/",
    "/newsletter/confirm/",
    "/newsletter/unsubscribe/",
    "/newsletter/preferences/",
    "/newsletter/not-me/",
    "/newsletter/download/",
    "/newsletter/erase/",
)
SITEMAPS = ("/sitemap.xml", "/sitemap-news.xml")
# RFC 9116, 2.5.5, asks for less than a year.
SECURITY_DAYS = 180
# Characters, by OpenSearch 1.1.
LONGEST_SHORT_NAME, LONGEST_DESCRIPTION = 16, 1024


@kept_page()
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """RFC 9309. Crawlers for training obey the group that names them and none other."""
    groups = [["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]]
    if not current_site().settings.allows_training:
        groups.append([*(f"User-agent: {name}" for name in words("training_crawlers")), "Disallow: /"])
    groups.append([f"Sitemap: {settings.SITE_URL}{path}" for path in SITEMAPS])
    return _text("\n\n".join("\n".join(group) for group in groups))


@kept_page()
@require_safe
def humans(request: HttpRequest) -> HttpResponse:
    """By the form of humanstxt.org: who is behind the site."""
    site = current_site().settings
    team = [f"Newsroom: {site.name}", f"Contact: {site.contact_email}" if site.contact_email else ""]
    about = ["Language: Arabic", "Standards: HTML, CSS, RSS 2.0, Atom 1.0, JSON Feed 1.1"]
    lines = ["/* TEAM */", *filter(None, team), "", "/* SITE */", f"Address: {settings.SITE_URL}/", *about]
    return _text("\n".join(lines))


@kept_page()
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116: whom to tell of a hole. It expires at a midnight, so that it is one text for a day."""
    contact = current_site().settings.contact_email
    if not contact:
        raise Http404("nobody to write to")
    day = timezone.now().date() + timedelta(days=SECURITY_DAYS)
    lines = [
        f"Contact: mailto:{contact}",
        f"Expires: {day.isoformat()}T00:00:00Z",
        "Preferred-Languages: ar, en",
        f"Canonical: {settings.SITE_URL}{request.path}",
    ]
    return _text("\n".join(lines))


@kept_page()
@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """OpenSearch 1.1: with this a browser offers the search of the site in its address bar."""
    site = current_site().settings
    home = settings.SITE_URL
    search = home + reverse("articles:search")
    xml = Writer()
    with xml.element("OpenSearchDescription", {"xmlns": "http://a9.com/-/spec/opensearch/1.1/"}):
        xml.text("ShortName", _short(site.name))
        xml.text("Description", (site.description or site.tagline or site.name)[:LONGEST_DESCRIPTION])
        xml.empty("Url", type="text/html", method="get", template=f"{search}?q={{searchTerms}}")
        xml.empty("Url", type="application/opensearchdescription+xml", rel="self", template=home + request.path)
        xml.text("Image", home + static("img/icon.svg"), width="16", height="16", type="image/svg+xml")
        xml.text("Language", "ar")
        xml.text("InputEncoding", "UTF-8")
        xml.text("OutputEncoding", "UTF-8")
    return HttpResponse(xml.document(), content_type="application/opensearchdescription+xml; charset=utf-8")


def _short(name: str) -> str:
    """As many words of a name as OpenSearch takes; a part of the first where that alone is longer."""
    cut = name[: LONGEST_SHORT_NAME + 1]
    return name if len(name) <= LONGEST_SHORT_NAME else (cut.rpartition(" ")[0] or name[:LONGEST_SHORT_NAME])


def _text(text: str) -> HttpResponse:
    return HttpResponse(text.strip() + "\n", content_type=PLAIN)
