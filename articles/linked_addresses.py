"""The addresses that a text leads to, and which of those of this site lead nowhere."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from html import unescape
from itertools import chain, islice
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.urls import Resolver404, resolve

from articles.addresses import spellings, straighten
from articles.models import Article, Author, Section, Source, Tag
from newsroom.lib.addresses import read_address
from pages.models import Page, Redirect

# Bodies are stored as richtext.tree writes them: attributes in quotation marks.
_LINK = re.compile(r'<a\s[^<>]*?\bhref="([^"<>]*)"')
_STORY = re.compile(r"/(?:lite/)?(?:news|n)/([0-9]{1,18})(?:/|$)")
_LIST = re.compile(r"/(?:lite/)?(sections|tags|authors|sources)/([^/]+)/?")
_PAGE = re.compile(r"/p/([^/]+)/?")
_PAGES = "p"
_AT_ONCE = 900  # values that a query asks for; SQLite may be built to take 999
_FILES = (settings.MEDIA_URL, settings.STATIC_URL)


def linked_addresses(article: Article) -> list[tuple[str, str]]:
    """(field of the form, address) in the order of the form, each address once; of the web and of this site alone."""
    found = [("body", unescape(address).strip()) for address in _LINK.findall(article.body)]
    found += [("attributions", row.url) for row in article.attributions.all()]
    found += [("related_links", row.url) for row in article.related_links.all()]
    found += [("canonical_url", article.canonical_url)]
    once: dict[str, str] = {}
    for field, address in found:
        if address.startswith(("http://", "https://", "/")) and not address.startswith("//"):
            once.setdefault(address, field)
    return [(field, address) for address, field in once.items()]


def path_here(address: str) -> str | None:
    """The path of an address of this site, None for one outside."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    is_here = not parts.netloc or (host or "").casefold() == settings.SITE_HOST.casefold()
    return parts.path or "/" if is_here else None


def outside(addresses: Iterable[str]) -> list[str]:
    return [address for address in addresses if path_here(address) is None]


def dead_here(addresses: Iterable[str]) -> set[str]:
    """Those of this site that readers would not get to. A query for some hundred of each kind, not one for each."""
    paths = {address: path for address in addresses if (path := path_here(address)) is not None}
    paths = {address: straighten(path) for address, path in paths.items() if not path.startswith(_FILES)}
    stories = {address: int(match[1]) for address, path in paths.items() if (match := _STORY.match(path))}
    public = _present(Article.objects.published(), "pk", stories.values())
    dead = {address for address, pk in stories.items() if pk not in public}
    others = {address: read_address(path) for address, path in paths.items() if address not in stories}
    there = _slugs_there(others.values())
    dead |= {address for address, path in others.items() if not _leads_somewhere(path, there)}
    olds = {address: _olds(paths[address]) for address in dead}
    redirected = _present(Redirect.objects.all(), "old_path", chain.from_iterable(olds.values()))
    return {address for address in dead if redirected.isdisjoint(olds[address])}


_NAMED: Mapping[str, Callable[[], QuerySet]] = {
    "sections": Section.objects.all,
    "tags": Tag.objects.all,
    "authors": Author.objects.all,
    "sources": Source.objects.all,
    _PAGES: lambda: Page.objects.filter(is_public=True),
}


def _slugs_there(paths: Iterable[str]) -> dict[str, set[str]]:
    """Of the lists and pages that the paths name, those that there are, by kind."""
    asked: defaultdict[str, set[str]] = defaultdict(set)
    for path in paths:
        if named := _named(path):
            kind, slug = named
            asked[kind].update(spellings(slug))
    return {kind: _present(_NAMED[kind](), "slug", slugs) for kind, slugs in asked.items()}


def _named(path: str) -> tuple[str, str] | None:
    """The kind and the slug of a list or a page."""
    if match := _LIST.fullmatch(path):
        return match[1], match[2]
    if match := _PAGE.fullmatch(path):
        return _PAGES, match[1]
    return None


def _leads_somewhere(path: str, there: Mapping[str, set[str]]) -> bool:
    named = _named(path)
    if named is None:
        return _resolves(path) or _resolves(f"{path}/")
    kind, slug = named
    is_there = not there[kind].isdisjoint(spellings(slug))
    return is_there or (kind == _PAGES and _resolves(path, besides="pages:page"))


def _resolves(path: str, *, besides: str = "") -> bool:
    try:
        return resolve(path).view_name != besides
    except Resolver404:
        return False


def _olds(path: str) -> set[str]:
    """How a redirect may spell it."""
    read = read_address(path)
    return {path, read, read.rstrip("/"), f"{read.rstrip('/')}/"}


def _present(rows: QuerySet, column: str, values: Iterable[Any]) -> set[Any]:
    """Which of the values a column has. One query for some hundred of them."""
    found: set[Any] = set()
    waiting = iter(set(values))
    while some := list(islice(waiting, _AT_ONCE)):
        found.update(rows.filter(**{f"{column}__in": some}).order_by().values_list(column, flat=True))
    return found
