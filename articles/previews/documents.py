"""The documents in which a preview is looked at, one kind each."""

import base64
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.templatetags.static import static

from articles import reading
from articles.coverage_page import coverage_of
from articles.embedding import Embedding
from articles.models import Article
from articles.previews.stand_in import as_readers_would_see, missing
from articles.share_card import drawn_now
from newsroom.lib import style_sheets

KINDS = ("page", "print", "card", "snippet", "share")
SCHEMES = ("light", "dark")
_SHEET = "css/site.css"
_CHAT_WIDTH = 640  # px: twice of what a phone shows


def document(request: HttpRequest, article: Article, *, kind: str, scheme: str) -> str:
    """HTML of a typed article (articles.as_typed), which is changed by it. Closed players and no scripts."""
    context: dict[str, Any] = {"scheme": scheme, "kind": kind, "missing": missing(article)}
    as_readers_would_see(article)
    if kind in {"page", "print"}:
        context |= page_context(article)
    elif kind == "share":
        context["card_data"] = "data:image/jpeg;base64," + base64.b64encode(drawn_now(article)).decode()
    elif kind == "snippet":
        context["picture"] = article.lead_image.url(_CHAT_WIDTH) if article.lead_image else ""
    return render_to_string(f"previews/{kind}.html", {"article": article} | context, request)


def page_context(article: Article) -> dict[str, Any]:
    """What articles/detail.html shows of an article that went through `as_readers_would_see`."""
    coverage = coverage_of(article, QueryDict()) if article.is_coverage else None
    updates = coverage.updates if coverage else []
    embedding = Embedding(with_players=False)
    embedding.fetch_pictures([article.body, *(update.body for update in updates)])
    embedding.show(updates)
    return {"coverage": coverage, "updates": updates, **reading.page_of(article, embedding)}


def print_styles() -> str:
    """The style sheet of the site with its rules for paper in force on the screen."""

    def read(name: str) -> str:
        path = finders.find(name)
        if path is None:
            raise KeyError(name)
        with open(path, encoding="utf-8") as file:
            return file.read()

    css = style_sheets.as_printed(style_sheets.flatten(read, _SHEET))
    return style_sheets.with_addresses(css, "css", static)
