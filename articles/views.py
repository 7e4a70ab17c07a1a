"""The reader's pages. Each sees the newspaper through Article.objects.published()."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from articles import addresses, reading
from articles import archive as archives
from articles.coverage_page import NoSuchPage, coverage_of, keep_briefly
from articles.embedding import Embedding
from articles.enums import CorrectionKind
from articles.front_page import front_page
from articles.models import Article, Author, Section, Source, Tag
from articles.other_roles import with_other_roles
from articles.page_rows import public_story
from articles.pagination import in_pages, paginate, paginate_counted, paginate_known, paginate_rows
from articles.public_corrections import public_corrections
from articles.section_topics import topics_of
from articles.story_lists import stories_between, stories_by, stories_from, stories_in, stories_tagged, with_cards
from articles.validators import FIRST_YEAR, LAST_YEAR
from newsroom.lib.keeping import depends_on, kept_page
from newsroom.lib.language_names import language_name
from newsroom.lib.scopes import CORRECTIONS, STORIES
from pages.days import day_bounds, month_bounds

LATEST = 4
# Stories at the head of a section.
TOP = 3


@kept_page()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "articles/home.html", {"front": front_page()})


@kept_page(uses=("page", "update"))
@require_safe
def detail(request: HttpRequest, article_id: int, slug: str = "") -> HttpResponse:
    """One story. The id decides; any other address of it leads to the right one, so that old and cut links work."""
    article = public_story(article_id)
    if article is None:
        return withdrawn(request, article_id)
    if elsewhere := addresses.redirect_to_own(request, article, query=article.is_coverage):
        return elsewhere
    try:
        coverage = coverage_of(article, request.GET)
    except NoSuchPage:  # entries were taken back since: no reason for an error page
        return redirect(article)
    if coverage is None and ("page" in request.GET or "update" in request.GET):
        return redirect(article)  # one address for one page
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


def withdrawn(request: HttpRequest, article_id: int) -> HttpResponse:
    """410 with the public reason for what readers have seen; raises Http404 for everything else."""
    article = get_object_or_404(Article.objects.withdrawn().only("withdrawn_at", "withdrawal_note"), pk=article_id)
    latest = Article.objects.published().newest_first().for_cards()[:LATEST]
    return render(request, "articles/withdrawn.html", {"article": article, "latest": latest}, status=410)


@require_safe
def short(request: HttpRequest, article_id: int) -> HttpResponse:
    """The address that survives chat programs; tells nothing about what is not published."""
    article = Article.objects.published().only("slug").filter(pk=article_id).first()
    return HttpResponsePermanentRedirect(article.get_absolute_url()) if article else withdrawn(request, article_id)


@kept_page(uses=("before", "page"))
@in_pages
@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    found = addresses.find(Section.objects.all(), slug)
    page = paginate_rows(request, stories_in(found))
    if elsewhere := addresses.redirect_to_own(request, found, query=True):
        return elsewhere
    page = with_cards(page)
    articles = list(page)
    top = articles[:TOP] if page.is_first else []
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


@kept_page(uses=("before", "page"))
@in_pages
@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    found = addresses.find(Tag.objects.all(), slug)
    page = paginate_counted(request, stories_tagged(found))
    if elsewhere := addresses.redirect_to_own(request, found, query=True):
        return elsewhere
    page = with_cards(page)
    days = archives.by_day(page)
    return render(request, "articles/tag.html", {"tag": found, "page": page, "days": days})


@kept_page(uses=("before", "page"))
@in_pages
@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    found = addresses.find(Author.objects.select_related("portrait"), slug)
    page = paginate_counted(request, stories_by(found))
    if elsewhere := addresses.redirect_to_own(request, found, query=True):
        return elsewhere
    page = with_other_roles(with_cards(page), found)
    languages = list(filter(None, map(language_name, found.language_codes)))
    return render(request, "articles/author.html", {"author": found, "page": page, "languages": languages})


@kept_page(uses=("before", "page"))
@in_pages
@require_safe
def source(request: HttpRequest, slug: str) -> HttpResponse:
    found = addresses.find(Source.objects.all(), slug)
    page = paginate_counted(request, stories_from(found))
    if elsewhere := addresses.redirect_to_own(request, found, query=True):
        return elsewhere
    return render(request, "articles/source.html", {"source": found, "page": with_cards(page)})


@kept_page(uses=("kind", "before", "page"))
@in_pages
@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """What readers were told about mistakes, the newest first; of one kind with `?kind=`. Raises Http404."""
    kind = request.GET.get("kind")
    if kind is not None and kind not in CorrectionKind.values:
        raise Http404("no such kind")
    rows = public_corrections(CorrectionKind(kind) if kind else None)
    depends_on(CORRECTIONS)
    context = {"page": paginate(request, rows, order=("at", "id")), "kinds": CorrectionKind, "kind": kind}
    return render(request, "articles/corrections.html", context)


@kept_page()
@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    depends_on(STORIES)
    return render(request, "articles/archive.html", {"years": archives.years()})


@kept_page()
@require_safe
def archive_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The calendar of a month; a month in which nothing was published does not exist."""
    first = _day_or_404(year, month, 1)
    depends_on(STORIES)
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


@kept_page(uses=("before", "page"))
@in_pages
@require_safe
def archive_day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    """Everything of one day; a day on which nothing was published does not exist."""
    start, end = day_bounds(_day_or_404(year, month, day))
    depends_on(STORIES)
    page = with_cards(paginate_known(request, stories_between(start, end)))
    context = {
        "day": start.date(),
        "page": page,
        "count": archives.count_on(start.date(), page),
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
