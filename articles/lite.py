"""The light view: the same texts without fonts, scripts and pictures, for slow and dear connections.

Its addresses are those of the full pages below /lite/.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles import addresses, reading
from articles.enums import BylineRole
from articles.models import Article, Section
from articles.models.coverage import PER_PAGE as MOST_UPDATES
from articles.page_rows import public_story
from articles.pagination import in_pages, paginate
from articles.printed_credits import credits_of
from articles.querysets import ArticleQuerySet
from images.in_bodies import body_pictures
from images.models import Image
from newsroom.lib.bidi import plain_title
from newsroom.lib.keeping import depends_on, kept_page
from newsroom.lib.scopes import STORIES
from pages.templatetags.printing import print_digits
from richtext.figures import picture_addresses
from richtext.render import render_with_links_to_pictures

PER_PAGE = 30
# px. Of the files of a picture the link leads to the smallest that fills a telephone.
PICTURE_WIDTH = 640


@dataclass(frozen=True)
class _Light:
    """A row at its light address, for articles.addresses."""

    row: Article | Section

    def get_absolute_url(self) -> str:
        return f"/lite{self.row.get_absolute_url()}"


@kept_page()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    depends_on(STORIES)
    context = {"articles": _headlines(Article.objects.published())[:PER_PAGE], "sections": Section.objects.all()}
    return render(request, "lite/home.html", context)


@kept_page(uses=("before", "page"))
@in_pages
@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    found = addresses.find(Section.objects.all(), slug)
    page = paginate(request, _headlines(Article.objects.published().in_section(found)), PER_PAGE)
    if elsewhere := addresses.redirect_to_own(request, _Light(found), query=True):
        return elsewhere
    return render(request, "lite/section.html", {"section": found, "page": page})


@kept_page()
@require_safe
def detail(request: HttpRequest, article_id: int, slug: str = "") -> HttpResponse:
    article = public_story(article_id)
    if article is None:
        gone = get_object_or_404(Article.objects.withdrawn().only("withdrawn_at", "withdrawal_note"), pk=article_id)
        return render(request, "lite/withdrawn.html", {"article": gone}, status=410)
    if elsewhere := addresses.redirect_to_own(request, _Light(article)):
        return elsewhere
    credits = credits_of(article)
    updates = list(article.live_updates.newest()) if article.is_coverage else []
    blocks_of = _renderer([article.body, *(each.body for each in updates)])
    context = {
        "article": article,
        "writers": [byline for credit in credits if credit.role == BylineRole.WRITING for byline in credit.bylines],
        "others": [credit for credit in credits if credit.role != BylineRole.WRITING],
        "is_old": reading.is_old(article),
        "picture": _picture(article.lead_image) if article.lead_image else None,
        "body": blocks_of(article.body),
        "updates": [(each, blocks_of(each.body)) for each in updates],
        "has_older_updates": len(updates) == MOST_UPDATES,
        "links": reading.public_links(article),
    }
    return render(request, "lite/article.html", context)


def _headlines(articles: ArticleQuerySet) -> ArticleQuerySet:
    return articles.newest_first().select_related("section").defer("body")


def _picture(image: Image) -> tuple[str, str]:
    """(address, what stands on the link): «عرض الصورة (٤٢ ك.ب)»; the one look at a file that a page costs."""
    address = image.url(PICTURE_WIDTH, "jpeg")
    size = _kilobytes(image)
    return address, _("Show the picture (%(size)s KB)") % {"size": size} if size else _("Show the picture")


def _kilobytes(image: Image) -> str:
    """ "" for a file that is gone."""
    widths = image.widths("jpeg")
    fitting = next((width for width in widths if width >= PICTURE_WIDTH), widths[-1] if widths else None)
    name = image.rendition_name(fitting, "jpeg") if fitting else image.file_name
    try:
        return print_digits(max(1, round(image.storage.size(name) / 1024)))
    except OSError:
        return ""


def _renderer(bodies: Iterable[str]) -> Callable[[str], Sequence[str]]:
    """For these bodies, whose pictures are looked up in one query, none where there are none."""
    pictures = body_pictures(address for body in bodies for address in picture_addresses(body))
    return partial(render_with_links_to_pictures, words=_picture_words, pictures=pictures)


def _picture_words(alt: str) -> str:
    return _("Show the picture: %(alt)s") % {"alt": plain_title(alt)} if alt else _("Show the picture")
