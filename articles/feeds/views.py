"""The feeds at their addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles import addresses
from articles.feeds import atom, json_feed, rss
from articles.feeds.composing import feed_of
from articles.feeds.entries import Manner, Subject
from articles.feeds.partners import find_partner, stories_for
from articles.models import Article, Author, Section, Tag
from articles.querysets import ArticleQuerySet
from pages.current import current_site

ITEMS = 50
FORMATS: dict[str, Any] = {"rss": rss, "atom": atom, "json": json_feed}


@dataclass(frozen=True)
class _Address:
    """Of the feed of a row, for articles.addresses."""

    kind: str
    slug: str
    form: str

    def get_absolute_url(self) -> str:
        return reverse(f"articles:{self.kind}_{self.form}", args=[self.slug])


@require_safe
def site(request: HttpRequest, form: str) -> HttpResponse:
    subject = Subject("", "", reverse("articles:home"), reverse(f"articles:feed_{form}"))
    manner = _manner()
    return _response(form, _newest(Article.objects.published(), manner), subject, manner)


@require_safe
def section(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    found = addresses.find(Section.objects.all(), slug)
    stories = Article.objects.published().in_section(found)
    return _about(request, _Address("section", found.slug, form), found, stories, found.description)


@require_safe
def tag(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    found = addresses.find(Tag.objects.all(), slug)
    stories = Article.objects.published().tagged(found)
    return _about(request, _Address("tag", found.slug, form), found, stories, found.description)


@require_safe
def author(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    found = addresses.find(Author.objects.all(), slug)
    stories = Article.objects.published().by_author(found)
    return _about(request, _Address("author", found.slug, form), found, stories, found.biography)


@require_safe
def partner(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """The feed of one partner. Nobody else is to keep it, and whoever opens it from a page tells nobody its address."""
    found = find_partner(key)
    if found is None:
        raise Http404("no such feed")
    subject = Subject("", "", reverse("articles:home"), request.path)
    manner = Manner(found.is_full_text, is_shown=False, is_ours_alone=found.own_only)
    response = _response(form, stories_for(found).for_feeds(full_text=manner.is_full_text), subject, manner)
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, max-age=60"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _about(
    request: HttpRequest, address: _Address, row: Section | Tag | Author, stories: ArticleQuerySet, description: str
) -> HttpResponse:
    """Raises Http404 for a tag or author of whom nothing is public: no feed tells of them earlier than their page."""
    manner = _manner()
    found = list(_newest(stories, manner))
    if not found and not isinstance(row, Section):
        raise Http404("nothing published")
    if elsewhere := addresses.redirect_to_own(request, address):
        return elsewhere
    subject = Subject(row.name, description, row.get_absolute_url(), address.get_absolute_url())
    return _response(address.form, found, subject, manner)


def _manner() -> Manner:
    return Manner(current_site().settings.feeds_full_text)


def _newest(stories: ArticleQuerySet, manner: Manner) -> ArticleQuerySet:
    return stories.newest_first().for_feeds(full_text=manner.is_full_text)[:ITEMS]


def _response(form: str, stories: Iterable[Article], subject: Subject, manner: Manner) -> HttpResponse:
    written = FORMATS[form]
    return HttpResponse(written.write(feed_of(stories, subject, manner)), content_type=written.CONTENT_TYPE)
