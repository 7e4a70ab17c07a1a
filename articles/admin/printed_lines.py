"""What readers will find printed of the names and sources in the form of an article, below their rows."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse

from articles.admin.previewing import typed_article
from articles.models import Article
from articles.printed_credits import authors_html, sources_html, team

TEMPLATE = "admin/articles/article/printed_line.html"


def printed_line(desk: Any, request: HttpRequest, object_id: int | None) -> HttpResponse:
    """POST of the form: the lines by the name of their rows, as HTML. Nothing of it is kept. Raises Http404."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    lines = lines_of(typed_article(desk, request, object_id))
    html = {name: render_to_string(TEMPLATE, {"printed": line}) for name, line in lines.items()}
    return JsonResponse(html, json_dumps_params={"ensure_ascii": False})


def stored_lines(article: Article) -> dict[str, Any]:
    """The same of what is stored, for the form as it is first shown."""
    prefetch_related_objects([article], "bylines__author", "attributions__source")
    return lines_of(article)


def no_lines() -> dict[str, Any]:
    """Of an article that is not stored yet: what is printed where nobody is named."""
    return {"bylines": {"line": team(), "notes": []}, "attributions": {"line": "", "notes": []}}


def lines_of(article: Article) -> dict[str, Any]:
    """By the name of the rows: the line in HTML, and what the sources say about printing their texts."""
    sources = [row.source for row in article.attributions.all()]
    notes = [(source.name, source.republishing_note) for source in sources if source.republishing_note]
    return {
        "bylines": {"line": authors_html(article), "notes": []},
        "attributions": {"line": sources_html(article), "notes": notes},
    }


def address_for(article: Article | None) -> str:
    if article is None:
        return reverse("admin:articles_article_printed_line_new")
    return reverse("admin:articles_article_printed_line", args=[article.pk])
