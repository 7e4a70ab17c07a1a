"""The addresses that a text leads to, and which of those of this site lead nowhere."""

import re
from collections.abc import Iterable, Mapping
from html import unescape
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.urls import Resolver404, resolve

from articles.addresses import find, straighten
from articles.models import Article, Author, Section, Source, Tag
from newsroom.lib.addresses import read_address
from pages.models import Page, Redirect

# Bodies are stored as richtext.tree writes them: attributes in quotation marks.
_LINK = re.compile(r'<a\s[^<>]*?\bhref="([^"<>]*)"')
_STORY = re.compile(r"/(?:lite/)?(?:news|n)/([0-9]{1,18})(?:/|$)")
_LIST = re.compile(r"/(?:lite/)?(sections|tags|authors|sources)/([^/]+)/?")
_PAGE = re.compile(r"/p/([^/]+)/?")
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
    """Those of this site that readers would not get to: stories by one query, anything else by one each."""
    paths = {address: path for address in addresses if (path := path_here(address)) is not None}
    paths = {address: straighten(path) for address, path in paths.items() if not path.startswith(_FILES)}
    stories = {address: int(match[1]) for address, path in paths.items() if (match := _STORY.match(path))}
    public = set(Article.objects.published().filter(pk__in=stories.values()).values_list("pk", flat=True))
    dead = {address for address, pk in stories.items() if pk not in public}
    dead |= {address for address, path in paths.items() if address not in stories and not _leads_somewhere(path)}
    return {address for address in dead if not _is_redirected(paths[address])}


_LISTS: Mapping[str, type[Section] | type[Tag] | type[Author] | type[Source]] = {
    "sections": Section,
    "tags": Tag,
    "authors": Author,
    "sources": Source,
}


def _leads_somewhere(path: str) -> bool:
    path = read_address(path)
    if match := _LIST.fullmatch(path):
        return _has(_LISTS[match[1]]._default_manager.all(), match[2])
    if match := _PAGE.fullmatch(path):
        return _has(Page.objects.filter(is_public=True), match[1]) or _resolves(path, besides="pages:page")
    return _resolves(path) or _resolves(f"{path}/")


def _has(rows: QuerySet, slug: str) -> bool:
    try:
        find(rows, slug)
    except Http404:
        return False
    return True


def _resolves(path: str, *, besides: str = "") -> bool:
    try:
        return resolve(path).view_name != besides
    except Resolver404:
        return False


def _is_redirected(path: str) -> bool:
    read = read_address(path)
    return Redirect.objects.filter(old_path__in=(path, read, read.rstrip("/"), f"{read.rstrip('/')}/")).exists()
