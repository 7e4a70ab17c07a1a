"""The search page, and what it proposes while somebody types."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from articles.models import Article
from articles.pagination import paginate_by_number
from articles.search import LONGEST, Found, Marker, current_vocabulary, find, parse, suggest_headlines
from articles.search_form import Asked, read
from articles.search_results import results
from articles.section_topics import all_sections
from articles.topics import suggest_topics
from newsroom.lib.hygiene import clean_line
from pages.templatetags.printing import print_digits

PER_PAGE = 10
LATEST = 4


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Whatever is typed is answered by a page. Eight queries at most, on SQLite."""
    sections = all_sections()
    asked = read(request.GET, sections)
    answer = _answer(request, asked) if asked.text else _invitation()
    context = {"asked": asked, "sections": sections, "longest": LONGEST}
    return render(request, "articles/search.html", context | answer)


def _answer(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    words = current_vocabulary()
    query = parse(asked.text, words.analyser, words.synonyms)
    look = partial(find, section=asked.section, since=asked.since)
    found, some = look(query, newest_first=asked.newest_first), Found()
    if not found and len(query.wanted) > 1:
        # One word of several says little in a headline, so these come newest first.
        some = look(query.of_any_word(), newest_first=True)
    page = paginate_by_number(request, found.ids, PER_PAGE)
    marker = Marker(query, words.analyser)
    return {
        "found": found,
        "page": page,
        "results": results(list(page), marker),
        "some_results": results(some.ids[:PER_PAGE], marker),
        "asks_nothing": not query,
        "only_excludes": not query and bool(query.excluded),
        "latest": [],
    }


def _invitation() -> dict[str, Any]:
    """Nothing was asked yet."""
    return {
        "found": Found(),
        "page": None,
        "results": [],
        "some_results": [],
        "asks_nothing": True,
        "only_excludes": False,
        "latest": Article.objects.published().newest_first().for_cards()[:LATEST],
    }


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Topics and headlines for what is being typed, as JSON; `said` tells a screen reader how many."""
    typed = clean_line(request.GET.get("q", "")[: 4 * LONGEST])[:LONGEST]
    topics = [topic._asdict() for topic in suggest_topics(typed)]
    headlines = [
        {"name": article.headline, "address": article.get_absolute_url()} for article in suggest_headlines(typed)
    ]
    number = len(topics) + len(headlines)
    said = ngettext("%(number)s suggestion", "%(number)s suggestions", number) % {"number": print_digits(number)}
    return JsonResponse({"topics": topics, "headlines": headlines, "said": said})
