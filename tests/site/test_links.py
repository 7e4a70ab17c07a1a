"""A walk over the whole site: every link and every file of every page answers, and nothing is loaded from elsewhere."""

from collections import deque
from urllib.parse import urldefrag, urlsplit

import pytest

from tests.site import markup
from tests.site.conftest import none
from tests.site.pages import FEEDS, FILES, LITE, SITEMAPS
from tests.site.serving import Site

# What a reader reaches by typing, or a machine by itself: starts beside the home page.
STARTS = ("home", "missing", "withdrawn", "search-results", "saved", "offline", *LITE, *FEEDS, *SITEMAPS, *FILES)
# Refused to whoever has not signed in, or made for a form.
LEFT_OUT = ("/admin/",)
MOST = 3000


@pytest.fixture(scope="module")
def walk(site: Site) -> "Walk":
    walk = Walk(site)
    walk.run()
    return walk


class Walk:
    """`statuses`: own address to status. `sources`: address to a page where it was met first."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.statuses: dict[str, int] = {}
        self.sources: dict[str, str] = {}
        self.foreign_loads: set[str] = set()
        self.dead_fragments: set[str] = set()
        self.waiting: deque[str] = deque()

    def run(self) -> None:
        for name in STARTS:
            self.meet(self.site.url + self.site.paths[name], name)
        while self.waiting:
            self.visit(self.waiting.popleft())

    def meet(self, address: str, source: str) -> None:
        address = urldefrag(address).url
        is_own = urlsplit(address).netloc == urlsplit(self.site.url).netloc
        if is_own and address not in self.sources and not urlsplit(address).path.startswith(LEFT_OUT):
            self.sources[address] = source
            self.waiting.append(address)

    def visit(self, address: str) -> None:
        assert len(self.statuses) < MOST, "the site has no end: do links make new links?"
        answer = self.site.get(address)
        self.statuses[address] = answer.status
        if 300 <= answer.status < 400:
            self.meet(answer.headers["Location"], address)
        elif answer.headers.get_content_type() == "text/html":
            self.read(answer.text, address)

    def read(self, html: str, address: str) -> None:
        page = markup.read(html, address)
        for link in (*page.links, *page.loaded, *(attributes.get("href", "") for _rel, attributes in page.relations)):
            self.meet(link, address)
        own = urlsplit(self.site.url).netloc
        self.foreign_loads |= {url for url in page.loaded if urlsplit(url).netloc not in {own, ""}}
        self.dead_fragments |= {
            url for url in page.fragments if urldefrag(url).fragment and urldefrag(url).fragment not in page.ids
        }


def test_every_link_leads_somewhere(walk: Walk) -> None:
    wanted = {walk.site.url + walk.site.paths[name] for name in ("missing", "withdrawn")}
    dead = {address: (status, walk.sources[address]) for address, status in walk.statuses.items() if status >= 400}
    # The list of corrections leads to the reason that stands in the place of a withdrawn story.
    reasons = {address for address, found in dead.items() if found == (410, f"{walk.site.url}/corrections/")}
    assert none(found for found in dead.items() if found[0] not in wanted | reasons)


def test_no_link_takes_a_detour(walk: Walk) -> None:
    """A redirect on every click is a second round trip; short addresses are for sharing."""
    moved = {address: walk.sources[address] for address, status in walk.statuses.items() if 300 <= status < 400}
    assert none(found for found in moved.items() if "/n/" not in found[0])


def test_nothing_is_loaded_from_elsewhere(walk: Walk) -> None:
    assert none(walk.foreign_loads)


def test_links_into_a_page_find_their_place(walk: Walk) -> None:
    assert none(walk.dead_fragments)


def test_walk_has_seen_the_whole_site(walk: Walk) -> None:
    seen = {urlsplit(address).path for address in walk.statuses}
    assert len(seen) > 150
    assert {urlsplit(walk.site.paths[name]).path for name in ("section", "tag", "author", "source", "day")} <= seen
