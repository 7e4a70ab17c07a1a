"""What the open page of a live coverage asks for now and then (static/js/live.js)."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from articles import views
from articles.coverage_page import keep_briefly, news_since, read_id
from articles.models import Article
from newsroom.lib.keeping import kept_page
from pages.templatetags.printing import print_digits


@kept_page(uses=("after", "page", "update"))
@require_safe
def updates(request: HttpRequest, article_id: int) -> HttpResponse:
    """Updates with a higher id than `?after=` as JSON: `count`, the words `said` for it, `html` of the newest of them.

    `whole` is false when there are more than `html` holds; `ended` when nothing more will come. Identical for all who
    know the same id. Raises Http404 for what readers do not see, and for what is no coverage;
    what was withdrawn answers 410 as its page does.
    """
    if "after" not in request.GET:  # a story may be called «Updates»
        page: HttpResponse = views.detail(request, article_id, "updates")
        return page
    coverages = Article.objects.published().filter(coverage_started_at__isnull=False)
    article = coverages.only("slug", "coverage_ended_at").filter(pk=article_id).first()
    if article is None:
        return views.withdrawn(request, article_id)
    after = read_id(request.GET["after"])
    if after is None:
        raise Http404("not an id")
    count, newer = news_since(article, after)
    words = ngettext("%(number)s new update", "%(number)s new updates", count) % {"number": print_digits(count)}
    html = render_to_string("components/live_updates.html", {"updates": newer}) if newer else ""
    told = {
        "count": count,
        "said": words if count else "",
        "html": html,
        "whole": len(newer) == count,
        "ended": article.coverage_ended_at is not None,
    }
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    keep_briefly(response)
    return response
