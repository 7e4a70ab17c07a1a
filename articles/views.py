"""The reader's pages. Each sees the newspaper through Article.objects.published()."""

from datetime import date

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from articles import addresses, reading
from articles import archive as archives
from articles.coverage_page import NoSuchPage, coverage_of, keep_briefly
from articles.embedding import Embedding
from articles.front_page import front_page
from articles.models import Article, Author, Correction, Section, Source, Tag
from articles.pagination import paginate, paginate_known
from articles.section_topics import topics_of
from articles.validators import FIRST_YEAR, LAST_YEAR
from newsroom.lib.language_names import language_name
from pages.days import day_bounds, month_bounds

LATEST = 4
# Stories at the head of a section.
TOP = 3


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "articles/home.html", {"front": front_page()})


@require_safe
def detail(request: HttpRequest, article_id: int, slug: str = "") -> HttpResponse:
    """One story. The id decides; any other address of it leads to the right one, so that old and cut links work."""
    article = Article.objects.published().for_page().filter(pk=article_id).first()
    if article is None:
        return _withdrawn(request, article_id)
    if elsewhere := addresses.redirect_to_own(request, article, query=article.is_coverage):
        return elsewhere
    try:
        coverage = coverage_of(article, request.GET)
    except NoSuchPage:  # entries were taken back since: no reason for an error page
        return redirect(article)
    updates = coverage.updates if coverage else []
    embedding = Embedding()
    embedding.fetch_pictures([article.body, *(update.body for update in updates)])
    embedding.show(updates)
    context = {"coverage": coverage, "updates": updates, **reading.page_of(article, embedding)}
    request.frame_sources = embedding.frame_sources  # type: ignore[attr-defined]
    response = render(request, "articles/detail.html", context)
    if article.is_live:
        keep_briefly(response)
    return response


def _withdrawn(request: HttpRequest, article_id: int) -> HttpResponse:
    """410 with the public reason for what readers have seen; raises Http404 for everything else."""
    article = get_object_or_404(Article.objects.withdrawn().only("withdrawn_at", "withdrawal_note"), pk=article_id)
    latest = Article.objects.published().newest_first().for_cards()[:LATEST]
    return render(request, "articles/withdrawn.html", {"article": article, "latest": latest}, status=410)


@require_safe
def short(request: HttpRequest, article_id: int) -> HttpResponse:
    """The address that survives chat programs; tells nothing about what is not published."""
    article = Article.objects.published().only("slug").filter(pk=article_id).first()
    return HttpResponsePermanentRedirect(article.get_absolute_url()) if article else _withdrawn(request, article_id)


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    found = addresses.find(Section.objects.all(), slug)
    page = paginate(request, Article.objects.published().in_section(found).newest_first().for_cards())
    if elsewhere := addresses.redirect_to_own(request, found, query=True):
        return elsewhere
    articles = list(page)
    top = articles[:TOP] if page.number == 1 else []
    context = {
        "section": found,
        "current_section": found,
        "topics": topics_of(found),
        "page": page,
        # Of the newest one with a picture leads: a page without one at its head looks broken.
        "top": sorted(top, key=lambda article: article.lead_image_id is None),
        "list": articles[len(top) :],
    }
    return render(request, "articles/section.html", context)


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    found = addresses.find(Tag.objects.all(), slug)
    page = paginate_known(request, Article.objects.published().tagged(found).newest_first().for_cards())
    if elsewhere := addresses.redirect_to_own(request, found, query=True):
        return elsewhere
    days = archives.by_day(page)
    return render(request, "articles/tag.html", {"tag": found, "page": page, "days": days})


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    found = addresses.find(Author.objects.select_related("portrait"), slug)
    page = paginate_known(request, Article.objects.published().by_author(found).newest_first().for_cards())
    if elsewhere := addresses.redirect_to_own(request, found, query=True):
        return elsewhere
    reading.note_other_roles(page, found)
    languages = list(filter(None, map(language_name, found.language_codes)))
    return render(request, "articles/author.html", {"author": found, "page": page, "languages": languages})


@require_safe
def source(request: HttpRequest, slug: str) -> HttpResponse:
    found = addresses.find(Source.objects.all(), slug)
    page = paginate_known(request, Article.objects.published().from_source(found).newest_first().for_cards())
    if elsewhere := addresses.redirect_to_own(request, found, query=True):
        return elsewhere
    return render(request, "articles/source.html", {"source": found, "page": page})


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """What was put right in stories that readers can see, the newest first."""
    # Asked of each row, or SQLite would look for the corrections of all stories one by one.
    is_public = Exists(Article.objects.published().filter(pk=OuterRef("article")))
    rows = Correction.objects.filter(is_public).select_related("article__section").defer("article__body")
    return render(request, "articles/corrections.html", {"page": paginate(request, rows)})


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    return render(request, "articles/archive.html", {"years": archives.years()})


@require_safe
def archive_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The calendar of a month; a month in which nothing was published does not exist."""
    first = _day_or_404(year, month, 1)
    weeks = archives.weeks(year, month)
    if not any(day and day.count for week in weeks for day in week):
        raise Http404("nothing published")
    start, end = month_bounds(year, month)
    context = {
        "month": first,
        "weekdays": archives.weekdays(),
        "weeks": weeks,
        "earlier": archives.day_before(start),
        "later": archives.day_after(end),
    }
    return render(request, "articles/archive_month.html", context)


@require_safe
def archive_day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    """Everything of one day; a day on which nothing was published does not exist."""
    start, end = day_bounds(_day_or_404(year, month, day))
    page = paginate_known(request, Article.objects.published().published_between(start, end).newest_first().for_cards())
    context = {
        "day": start.date(),
        "page": page,
        "earlier": archives.day_before(start),
        "later": archives.day_after(end),
    }
    return render(request, "articles/archive_day.html", context)


def _day_or_404(year: int, month: int, day: int) -> date:
    """Raises Http404 for days that never were and for years that no newspaper has."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404("no such year")
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Http404("no such day") from error
