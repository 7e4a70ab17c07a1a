"""Atom 1.0 (RFC 4287)."""

from collections.abc import Iterable

from articles.feeds.entries import Entry, Feed, Named
from newsroom.lib.xml_writer import Writer

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
_ROOT = {"xmlns": "http://www.w3.org/2005/Atom", "xmlns:media": "http://search.yahoo.com/mrss/", "xml:lang": "ar"}


def write(feed: Feed) -> str:
    xml = Writer()
    with xml.element("feed", _ROOT):
        xml.text("id", feed.url)
        xml.text("title", feed.title)
        xml.text("subtitle", feed.description)
        xml.text("updated", feed.updated.isoformat())
        xml.empty("link", rel="self", type="application/atom+xml", href=feed.url)
        xml.empty("link", rel="alternate", type="text/html", href=feed.home)
        _write_people(xml, "author", [feed.site])
        xml.text("rights", f"© {feed.site.name}")
        xml.text("icon", feed.icon)
        xml.text("logo", feed.logo)
        for entry in feed.entries:
            xml.add(entry.text)
    return xml.document()


def write_entry(entry: Entry, _site: Named) -> str:
    xml = Writer(is_part=True)
    with xml.element("entry"):
        _write_entry(xml, entry)
    return xml.document()


def _write_entry(xml: Writer, entry: Entry) -> None:
    """An entry without an author of its own has that of the feed."""
    xml.text("id", entry.guid)
    xml.text("title", entry.title)
    xml.text("published", entry.published.isoformat())
    xml.text("updated", entry.updated.isoformat())
    xml.empty("link", rel="alternate", type="text/html", href=entry.url)
    if entry.canonical_url:
        xml.empty("link", rel="canonical", href=entry.canonical_url)
    for source in entry.sources:
        if source.url:
            xml.empty("link", rel="via", href=source.url, title=source.name)
    _write_people(xml, "author", entry.authors)
    _write_people(xml, "contributor", entry.contributors)
    for category in entry.categories:
        xml.empty("category", term=category)
    xml.text("summary", entry.summary)
    if entry.html:
        xml.text("content", entry.html, type="html")
    if entry.picture:
        xml.empty("link", rel="enclosure", type="image/jpeg", href=entry.picture.url)
        with xml.element("media:content", {"url": entry.picture.url, "type": "image/jpeg", "medium": "image"}):
            xml.text("media:description", entry.picture.caption or entry.picture.alt_text, type="plain")
            if entry.picture.credit:
                xml.text("media:credit", entry.picture.credit)


def _write_people(xml: Writer, role: str, people: Iterable[Named]) -> None:
    for person in people:
        with xml.element(role):
            xml.text("name", person.name)
            xml.text("uri", person.url)
