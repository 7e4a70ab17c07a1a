"""Addresses of stories and lists, however they were bent on their way here."""

import re
from typing import Protocol, TypeVar, cast
from urllib.parse import unquote

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect

from newsroom.lib.addresses import read_address
from newsroom.lib.keeping import kept
from newsroom.lib.slugs import slugify

_STRAIGHT = re.compile(
    r"/(?:news/[1-9][0-9]{0,17}/(?:[^/]+/)?|n/[1-9][0-9]{0,17}|sources/[^/]+/|"
    r"(?:sections|tags|authors)/[^/]+/(?:(?:rss|atom)\.xml|feed\.json)?)",
    re.ASCII,
)
_BENT = re.compile(
    r"[\W_]*(?P<kind>news|n|sections|tags|authors|sources)[\W_]*[/\\][\W_]*(?P<rest>.+)", re.IGNORECASE | re.DOTALL
)
# Digits of any script. No id has more than 19; what has more is let through to be unknown.
_ID = re.compile(r"\d{1,100}(?!\d)")
# The feed of a list (articles.feeds.urls).
_FEED = re.compile(r"/((?:rss|atom)\.xml|feed\.json)$", re.IGNORECASE)
_END_OF_SLUG = re.compile(r"[/\\?&#]")
_ARABIC_WORD = re.compile("[\u0620-\u064a]{3}")
_NUMBER_BEFORE = re.compile(r"^[0-9]+ ")


class _HasAddress(Protocol):
    def get_absolute_url(self) -> str: ...


_Row = TypeVar("_Row", bound=Model)


def straighten(path: str) -> str:
    """Return the path under which the site knows what `path` means; `path` itself where nothing is bent.

    Of a story the id alone is left: «/News/١٢-word» is «/news/12/». Of a list its first word is left as it was
    spelled, for `find`.
    """
    if _STRAIGHT.fullmatch(path):
        return path
    bent = _BENT.match(read_address(path))
    if not bent:
        return path
    kind, rest = bent["kind"].casefold(), bent["rest"]
    if kind in {"news", "n"}:
        number = _ID.match(rest)
        return f"/news/{int(number[0])}/" if number else path
    slug = _END_OF_SLUG.split(rest, maxsplit=1)[0]
    feed = _FEED.search(rest) if kind != "sources" else None
    return f"/{kind}/{slug}/{feed[1].casefold() if feed else ''}" if slug else path


def words_of(path: str) -> str:
    """What somebody who came here may have been looking for: «سعر الصرف»; '' where no part of the path is Arabic."""
    for part in reversed(_END_OF_SLUG.split(read_address(path))):
        if _ARABIC_WORD.search(words := slugify(part).replace("-", " ")):
            return _NUMBER_BEFORE.sub("", words)
    return ""


def find(rows: QuerySet[_Row], slug: str) -> _Row:
    """The row of this slug, or else of the slug that is meant by this spelling, kept while it is unchanged.

    Raises Http404.
    """
    # Who asks for more of the same rows gets others.
    key = (find, rows.model, bool(rows.query.select_related), slug)
    return cast("_Row", kept(key, lambda: _find(rows, slug)))


def _find(rows: QuerySet[_Row], slug: str) -> _Row:
    found = {row.slug: row for row in rows.filter(slug__in=spellings(slug))}  # type: ignore[attr-defined]
    for spelling in spellings(slug):
        if spelling in found:
            return found[spelling]
    raise Http404("no such slug")


def spellings(slug: str) -> tuple[str, str]:
    """The slug itself, and the one that is meant by this spelling."""
    return slug, slugify(read_address(slug))


def redirect_to_own(
    request: HttpRequest, row: _HasAddress, *, query: bool = False
) -> HttpResponsePermanentRedirect | None:
    """To the row's own address where it was asked for under another, None at home.

    `query` takes along what stands behind the question mark, so that a list stays on its page. Call it when the reader
    is known to be allowed to see the row: a redirect says that there is one.
    """
    own = row.get_absolute_url()
    if request.path == unquote(own):
        return None
    asked = request.META.get("QUERY_STRING", "") if query else ""
    return HttpResponsePermanentRedirect(f"{own}?{asked}" if asked else own)
