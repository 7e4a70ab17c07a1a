"""What is read most, and where a page says that it was read."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from articles.counting import buffer
from articles.models import Article
from articles.read_filter import is_read
from newsroom.lib.http import says_same_origin
from newsroom.lib.keeping import kept_page

ON_THE_PAGE = 10
LONGEST_BODY = 64  # bytes
_ARTICLE = re.compile(rb"article=([1-9][0-9]{0,17})")


@csrf_exempt
@require_POST
@never_cache
def reads(request: HttpRequest) -> HttpResponse:
    """Take the word of static/js/reads.js that a story was read; the answer does not say whether it counted.

    Exempt from Django's check: nobody is signed in here, no cookie is read or set, and nothing of anybody changes
    but a sum. That the request comes from a page of ours is what the browser says by itself. No query: which stories
    there are is asked when the sums are written (articles.counting).
    """
    article_id = _article_of(request)
    if article_id and says_same_origin(request) and is_read(request, article_id):
        buffer.add(article_id)
    return HttpResponse(status=204)


def _article_of(request: HttpRequest) -> int | None:
    """A longer body is not even read."""
    length = request.headers.get("Content-Length", "")
    if not re.fullmatch(r"[0-9]{1,2}", length) or int(length) > LONGEST_BODY:
        return None
    found = _ARTICLE.fullmatch(request.read(LONGEST_BODY))
    return int(found[1]) if found else None


@kept_page()
@require_safe
def most_read(request: HttpRequest) -> HttpResponse:
    """The list of the last day. A story that is withdrawn leaves it at once, though the list is made by the minute."""
    articles = Article.objects.published().most_read().for_cards()[:ON_THE_PAGE]
    response = render(request, "articles/most_read.html", {"articles": articles})
    response.changes_by_itself = True  # type: ignore[attr-defined] # no deed tells of it
    return response
