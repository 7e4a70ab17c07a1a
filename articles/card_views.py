from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from articles.models import Article
from articles.share_card import card_digest, card_file, share_card_address

# A file never changes, but a story may be withdrawn: then its card leaves the caches of others too.
DAY = 24 * 60 * 60  # seconds
# An old address leads to the card of today, for as long as a page may still name the old one.
SHORT = 5 * 60  # seconds


@require_safe
def share_card(request: HttpRequest, article_id: int, digest: str) -> HttpResponse:
    """The card of a public story. Only the address of today has a file; every older one leads there."""
    article = Article.objects.published().for_links().filter(pk=article_id).first()
    if article is None:
        raise Http404
    if digest != card_digest(article):
        response: HttpResponse = HttpResponseRedirect(share_card_address(article))
        response["Cache-Control"] = f"public, max-age={SHORT}"
        return response
    response = HttpResponse(card_file(article), content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = f"public, max-age={DAY}"
    return response
