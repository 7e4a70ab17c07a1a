"""The reader's pages. Each sees the newspaper through Article.objects.published()."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles import addresses, reading
from articles import archive as archives
from articles.enums import BylineRole
from articles.front_page import front_page
from articles.models import Article, Author, Section, Source, Tag
from articles.pagination import paginate, paginate_known
from articles.validators import FIRST_YEAR, LAST_YEAR
from pages.days import day_bounds, month_bounds
from richtext.render import render_body


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "articles/home.html", {"front": front_page()})


@require_safe
def detail(request: HttpRequest, article_id: int, slug: str = "") -> HttpResponse:
    """One story. The id decides; any other address of it leads to the right one, so that old and cut links work."""
    article = Article.objects.published().for_page().filter(pk=article_id).first()
    if article is None:
        return _withdrawn(request, article_id)
    if elsewhere := addresses.redirect_to_own(request, article):
        return elsewhere
    links = reading.public_links(article)
    more, related = reading.more_to_read(article, links)
    credits = reading.credits_of(article)
    context = {
        "article": article,
        "current_section": article.section,
        "writers": [byline for credit in credits if credit.role == BylineRole.WRITING for byline in credit.bylines],
        "others": [credit for credit in credits if credit.role != BylineRole.WRITING],
        "minutes": reading.reading_minutes(article),
        "updated_same_day": reading.is_updated_same_day(article),
        "is_old": reading.is_old(article),
        "body": render_body(article.body, reading.read_also_boxes(links)),
        "links_below": [link for link in links if link.after_block is None],
        "more": more,
        "related": related,
        "share_links": reading.share_links(article),
    }
    return render(request, "articles/detail.html", context)


def _withdrawn(request: HttpRequest, article_id: int) -> HttpResponse:
    """410 with the public reason for what readers have seen; raises Http404 for everything else."""
    article = get_object_or_404(Article.objects.withdrawn().only("withdrawn_at", "withdrawal_note"), pk=article_id)
    return render(request, "articles/withdrawn.html", {"article": article}, status=410)


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
    top = 3 if page.number == 1 else 0
    articles = list(page)
    context = {
        "section": found,
        "current_section": found,
        "page": page,
        "top": articles[:top],
        "list": articles[top:],
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
    return render(request, "articles/author.html", {"author": found, "page": page})


@require_safe
def source(request: HttpRequest, slug: str) -> HttpResponse:
    found = addresses.find(Source.objects.all(), slug)
    page = paginate_known(request, Article.objects.published().from_source(found).newest_first().for_cards())
    if elsewhere := addresses.redirect_to_own(request, found, query=True):
        return elsewhere
    return render(request, "articles/source.html", {"source": found, "page": page})


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
