"""The feeds at their addresses."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles import addresses
from articles.feeds.composing import feed_of
from articles.feeds.entries import Manner, Subject, Written
from articles.feeds.partners import find_partner, stories_for
from articles.feeds.writing import FORMATS, written
from articles.models import Article, Author, Section, Tag
from articles.querysets import ArticleQuerySet
from newsroom.lib.keeping import depends_on, kept_page
from newsroom.lib.scopes import STORIES
from pages.current import current_site

ITEMS = 50


@dataclass(frozen=True)
class _Address:
    """Of the feed of a row, for articles.addresses."""

    kind: str
    slug: str
    form: str

    def get_absolute_url(self) -> str:
        return reverse(f"articles:{self.kind}_{self.form}", args=[self.slug])


@kept_page()
@require_safe
def site(request: HttpRequest, form: str) -> HttpResponse:
    depends_on(STORIES)
    subject = Subject("", "", reverse("articles:home"), reverse(f"articles:feed_{form}"))
    manner = _manner()
    return _response(form, _newest(Article.objects.published()), subject, manner)


@kept_page()
@require_safe
def section(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    found = addresses.find(Section.objects.all(), slug)
    stories = Article.objects.published().in_section(found)
    return _about(request, _Address("section", found.slug, form), found, stories, found.description)


@kept_page()
@require_safe
def tag(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    found = addresses.find(Tag.objects.all(), slug)
    stories = Article.objects.published().tagged(found)
    return _about(request, _Address("tag", found.slug, form), found, stories, found.description)


@kept_page()
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
    response = _response(form, stories_for(found), subject, manner)
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, max-age=60"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _about(
    request: HttpRequest, address: _Address, row: Section | Tag | Author, stories: ArticleQuerySet, description: str
) -> HttpResponse:
    """Raises Http404 for a tag or author of whom nothing is public: no feed tells of them earlier than their page."""
    manner = _manner()
    found = written(_newest(stories), address.form, manner)
    if not found and not isinstance(row, Section):
        raise Http404("nothing published")
    if elsewhere := addresses.redirect_to_own(request, address):
        return elsewhere
    subject = Subject(row.name, description, row.get_absolute_url(), address.get_absolute_url())
    return _answer(address.form, found, subject)


def _manner() -> Manner:
    return Manner(current_site().settings.feeds_full_text)


def _newest(stories: ArticleQuerySet) -> ArticleQuerySet:
    return stories.newest_first()[:ITEMS]


def _response(form: str, stories: ArticleQuerySet, subject: Subject, manner: Manner) -> HttpResponse:
    return _answer(form, written(stories, form, manner), subject)


def _answer(form: str, entries: list[Written], subject: Subject) -> HttpResponse:
    format_ = FORMATS[form]
    return HttpResponse(format_.write(feed_of(entries, subject)), content_type=format_.CONTENT_TYPE)
