"""Sitemaps as XML: the protocol of sitemaps.org with Google's extensions for pictures and news."""

from collections.abc import Iterable

from django.urls import reverse

from articles.models import Article
from articles.sitemaps import Entry, File
from newsroom.lib.bidi import without_marks
from newsroom.lib.xml_writer import Writer
from pages.current import current_site
from pages.structured_data import LANGUAGE, absolute
from pages.templatetags.printing import iso_time

_SITEMAP = {"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"}
_IMAGE = {"xmlns:image": "http://www.google.com/schemas/sitemap-image/1.1"}
_NEWS = {"xmlns:news": "http://www.google.com/schemas/sitemap-news/0.9"}


def index_xml(files: Iterable[File]) -> str:
    """The list of all sitemaps."""
    xml = Writer()
    with xml.element("sitemapindex", _SITEMAP):
        for file in files:
            with xml.element("sitemap"):
                xml.text("loc", absolute(reverse("articles:sitemap", args=[file.name])))
                if file.changed_at:
                    xml.text("lastmod", iso_time(file.changed_at))
    return xml.document()


def addresses_xml(entries: Iterable[Entry]) -> str:
    xml = Writer()
    with xml.element("urlset", _SITEMAP | _IMAGE):
        for entry in entries:
            with xml.element("url"):
                xml.text("loc", absolute(entry.path))
                if entry.changed_at:
                    xml.text("lastmod", iso_time(entry.changed_at))
                for picture in entry.pictures:
                    with xml.element("image:image"):
                        xml.text("image:loc", absolute(picture))
    return xml.document()


def news_xml(articles: Iterable[Article]) -> str:
    """The newest stories as Google News wants them, under the name of the newspaper exactly as its site has it."""
    name = current_site().settings.name
    xml = Writer()
    with xml.element("urlset", _SITEMAP | _NEWS):
        for article in articles:
            with xml.element("url"):
                xml.text("loc", absolute(article.get_absolute_url()))
                with xml.element("news:news"):
                    with xml.element("news:publication"):
                        xml.text("news:name", name)
                        xml.text("news:language", LANGUAGE)
                    if article.published_at:
                        xml.text("news:publication_date", iso_time(article.published_at))
                    xml.text("news:title", without_marks(article.headline))
    return xml.document()
