"""RSS, Atom and JSON Feed as served: well formed, complete by their own specifications, and true to the pages."""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from tests.site import markup
from tests.site.conftest import none
from tests.site.pages import FEEDS
from tests.site.serving import Answer, Site

ATOM = "{http://www.w3.org/2005/Atom}"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
RSS = [name for name in FEEDS if name.endswith(("rss", "feed"))]
ATOMS = [name for name in FEEDS if name.endswith("atom")]
JSONS = [name for name in FEEDS if name.endswith("json")]


def get(site: Site, name: str, kind: str) -> Answer:
    answer = site.page(name)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == f"{kind}; charset=utf-8"
    return answer


@pytest.mark.parametrize("name", RSS)
def test_rss_is_complete(site: Site, name: str) -> None:
    feed = ElementTree.fromstring(get(site, name, "application/rss+xml").body)
    assert (feed.tag, feed.get("version")) == ("rss", "2.0")
    (channel,) = feed
    assert channel.findtext("title")
    assert channel.findtext("description")
    assert channel.findtext("language") == "ar"
    assert site.get(channel.findtext("link")).status == 200
    itself = next(link for link in channel.iter(f"{ATOM}link") if link.get("rel") == "self")
    assert itself.get("href") == site.url + site.paths[name]
    items = channel.findall("item")
    assert items
    for item in items:
        assert item.findtext("title")
        assert item.findtext("link").startswith(site.url)
        assert item.find("guid").text
        published = parsedate_to_datetime(item.findtext("pubDate"))
        assert published.utcoffset() is not None
        assert published <= datetime.now(UTC)
        assert item.findtext(CREATOR)
    assert len({item.findtext("guid") for item in items}) == len(items)


@pytest.mark.parametrize("name", ATOMS)
def test_atom_is_complete(site: Site, name: str) -> None:
    """RFC 4287: id, title and updated of the feed and of each entry, an author of each."""
    feed = ElementTree.fromstring(get(site, name, "application/atom+xml").body)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    for part in (feed, *entries):
        assert part.findtext(f"{ATOM}id")
        assert part.findtext(f"{ATOM}title")
        assert datetime.fromisoformat(part.findtext(f"{ATOM}updated")).utcoffset() is not None
    assert any(link.get("rel") == "self" for link in feed.findall(f"{ATOM}link"))
    for entry in entries:
        assert entry.findall(f"{ATOM}author") or feed.findall(f"{ATOM}author")
        assert [link for link in entry.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)


@pytest.mark.parametrize("name", JSONS)
def test_json_feed_is_complete(site: Site, name: str) -> None:
    """jsonfeed.org/version/1.1"""
    feed = json.loads(get(site, name, "application/feed+json").text)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["feed_url"] == site.url + site.paths[name]
    assert feed["language"] == "ar"
    assert feed["items"]
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["url"].startswith(site.url)
        assert item.get("content_html") or item.get("content_text")
        assert datetime.fromisoformat(item["date_published"]).utcoffset() is not None
        assert all(author["name"] for author in item.get("authors", feed.get("authors")))


def test_feeds_tell_the_same_as_the_page(site: Site) -> None:
    channel = ElementTree.fromstring(site.page("rss").body)[0]
    entries = json.loads(site.page("json").text)["items"]
    items = channel.findall("item")
    assert [item.findtext("link") for item in items] == [entry["url"] for entry in entries]
    page = markup.read(site.get(items[0].findtext("link")).text, site.url)
    assert items[0].findtext("title") == page.heading
    published = parsedate_to_datetime(items[0].findtext("pubDate"))
    assert published == datetime.fromisoformat(page.one("article:published_time"))


@pytest.mark.parametrize("name", RSS)
def test_texts_of_a_feed_stand_on_their_own(site: Site, name: str) -> None:
    """Whole addresses everywhere, nothing that a feed reader would have to run."""
    channel = ElementTree.fromstring(site.page(name).body)[0]
    findings: list[str] = []
    for item in channel.findall("item"):
        check = _Embedded(item.findtext("title") or "")
        check.feed((item.findtext(CONTENT) or "") + (item.findtext("description") or ""))
        findings += check.findings
    assert none(findings)


class _Embedded(HTMLParser):
    def __init__(self, title: str) -> None:
        super().__init__()
        self.title, self.findings = title, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style", "iframe", "form", "button"}:
            self.findings.append(f"{self.title}: <{tag}>")
        for name, value in attrs:
            is_relative = name in {"href", "src"} and not urlsplit(value or "").scheme
            if is_relative or name.startswith("on") or name == "style":
                self.findings.append(f"{self.title}: <{tag} {name}={value}>")


@pytest.mark.parametrize("name", ["home", "section", "tag", "author"])
def test_pages_name_their_feeds(site: Site, answers: dict[str, Answer], name: str) -> None:
    page = markup.read(answers[name].text, site.url + site.paths[name])
    own = {"home": "rss"}.get(name, f"{name}-rss")
    feeds = {
        attributes["href"]: attributes
        for rel, attributes in page.relations
        if rel == "alternate" and attributes.get("type", "").endswith(("rss+xml", "atom+xml", "feed+json"))
    }
    assert site.paths[own] in {urlsplit(address).path for address in feeds}
    assert all(attributes.get("title") for attributes in feeds.values())
