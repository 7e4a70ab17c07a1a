"""The page behind a preview link: an unpublished text for one guest, who may answer. It sets no cookie."""

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles import preview_links
from articles.as_typed import hold
from articles.commenting import LONGEST_COMMENT, BadComment
from articles.models import Article, PreviewLink
from articles.previews.documents import page_context
from articles.previews.stand_in import as_readers_would_see
from newsroom.lib.http import same_origin_post, secret_address

# What the page says after an answer, by what stands in the address.
ANSWERED = ("note", "approval")


@secret_address
@same_origin_post
@require_http_methods(["GET", "HEAD", "POST"])
def shared_preview(request: HttpRequest, token: str) -> HttpResponse:
    """404 to whoever guesses, 410 to whoever once had the link; nothing is told by either."""
    try:
        link = preview_links.find(token)
    except signing.BadSignature as error:
        raise Http404("no preview") from error
    try:
        article = preview_links.text_behind(link) if link else None
    except preview_links.Ended:
        link = None
    if link is None:
        return render(request, "articles/shared_preview_ended.html", status=410)
    if article is None:
        return render(request, "articles/shared_preview_published.html", {"article": link.article})
    if request.method == "POST":
        return _answered(request, link, article)
    return _page(request, link, article)


def _answered(request: HttpRequest, link: PreviewLink, article: Article) -> HttpResponse:
    """Back to the text with thanks, or with the words that were not taken and why."""
    is_approval, text = "approve" in request.POST, request.POST.get("text", "")
    raw = request.POST.get("version", "")
    seen = int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 10 else article.version
    try:
        preview_links.answer(link, text=text, is_approval=is_approval, seen_version=seen)
    except BadComment as error:
        return _page(request, link, article, text=text, error=str(error), status=400)
    except preview_links.TooManyAnswers:
        sentence = _("You have sent many notes within an hour. Wait a little, then send this one.")
        return _page(request, link, article, text=text, error=sentence, status=429)
    except preview_links.Ended:
        return render(request, "articles/shared_preview_ended.html", status=410)
    return HttpResponseRedirect(f"{request.path}?said={'approval' if is_approval else 'note'}#answer")


def _page(
    request: HttpRequest, link: PreviewLink, row: Article, *, text: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    article = Article.objects.for_page().select_related("working_copy_of").get(pk=row.pk)
    hold(article, "corrections", list(article.story.corrections.all()))
    as_readers_would_see(article)
    said = request.GET.get("said", "")
    context = page_context(article) | {
        "link": link,
        "typed": text,
        "error": error,
        "said": said if said in ANSWERED else "",
        "longest": LONGEST_COMMENT,
    }
    return render(request, "articles/shared_preview.html", context, status=status)
