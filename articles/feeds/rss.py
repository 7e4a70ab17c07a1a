"""RSS 2.0 (rssboard.org/rss-specification), with the modules that readers of news know."""

from django.utils.feedgenerator import rfc2822_date

from articles.feeds.entries import Entry, Feed, Named, Picture
from newsroom.lib.xml_writer import Writer

CONTENT_TYPE = "application/rss+xml; charset=utf-8"
_NAMESPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}
# Minutes that a reader may keep the feed before it asks again.
_TTL = "15"


def write(feed: Feed) -> str:
    xml = Writer()
    with xml.element("rss", {"version": "2.0", **_NAMESPACES}), xml.element("channel"):
        xml.text("title", feed.title)
        xml.text("link", feed.home)
        xml.text("description", feed.description)
        xml.empty("atom:link", rel="self", type="application/rss+xml", href=feed.url)
        xml.text("language", "ar")
        xml.text("copyright", f"© {feed.site.name}")
        xml.text("lastBuildDate", rfc2822_date(feed.updated))
        xml.text("ttl", _TTL)
        with xml.element("image"):
            xml.text("url", feed.logo)
            xml.text("title", feed.title)
            xml.text("link", feed.home)
        for entry in feed.entries:
            xml.add(entry.text)
    return xml.document()


def write_entry(entry: Entry, site: Named) -> str:
    xml = Writer(is_part=True)
    with xml.element("item"):
        _write_item(xml, entry, site)
    return xml.document()


def _write_item(xml: Writer, entry: Entry, site: Named) -> None:
    xml.text("title", entry.title)
    xml.text("link", entry.url)
    xml.text("guid", entry.guid, isPermaLink="true")
    xml.text("description", entry.summary)
    if entry.html:
        xml.text("content:encoded", entry.html)
    xml.texts("dc:creator", [author.name for author in entry.authors or [site]])
    xml.texts("dc:contributor", [person.name for person in entry.contributors])
    xml.texts("dc:source", [source.name for source in entry.sources])
    xml.texts("category", entry.categories)
    xml.text("pubDate", rfc2822_date(entry.published))
    if entry.updated != entry.published:
        xml.text("atom:updated", entry.updated.isoformat())
    if entry.canonical_url:
        xml.empty("atom:link", rel="canonical", href=entry.canonical_url)
    if entry.picture:
        _write_picture(xml, entry.picture)


def _write_picture(xml: Writer, picture: Picture) -> None:
    """As an enclosure and by Media RSS: programs know the one or the other."""
    # The profile says 0 where the length is not known (rssboard.org/rss-profile): nobody looks it up in a store of
    # files for each of fifty pictures.
    xml.empty("enclosure", url=picture.url, length="0", type="image/jpeg")
    attributes = {"url": picture.url, "type": "image/jpeg", "medium": "image"}
    size = {"width": str(picture.width), "height": str(picture.height)}
    with xml.element("media:content", attributes | size):
        xml.text("media:description", picture.caption or picture.alt_text, type="plain")
        if picture.credit:
            xml.text("media:credit", picture.credit)
