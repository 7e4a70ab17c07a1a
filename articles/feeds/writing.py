"""Stories as feeds write them, each kept while nothing of it changes: a feed of fifty whole texts is fifty pages."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.conf import settings

from articles.feeds import atom, json_feed, rss
from articles.feeds.composing import entries_of, site_named
from articles.feeds.entries import Manner, Written
from articles.models import Article
from articles.querysets import ArticleQuerySet
from newsroom.lib.generations import generations
from newsroom.lib.keeping import Shelf, depends_on, depends_on_kept, make_kept
from newsroom.lib.scopes import SITE

FORMATS: dict[str, Any] = {"rss": rss, "atom": atom, "json": json_feed}
# Of all feeds together, in one process; a story has some ten kilobytes.
_shelf = Shelf(600)


def written(stories: ArticleQuerySet, form: str, manner: Manner) -> list[Written]:
    """What a feed says of each of `stories`, in their order: one query where all of it is kept."""
    if settings.PAGE_CACHE == "off":
        return [text for _article, text in _write(stories, form, manner)]
    # What changes while it is read is not kept as it was before.
    started = generations().now()
    keys = list(stories.values_list("pk", flat=True))
    found = {key: _shelf.get((form, manner, key)) for key in keys}
    missing = [key for key in keys if found[key] is None]
    for article, text in _write(Article.objects.published().filter(pk__in=missing).order_by(), form, manner):
        fresh = make_kept(partial(_noted, article, text))
        fresh.started = started
        found[article.pk] = fresh
        _shelf.put((form, manner, article.pk), fresh)
    there = [kept for key in keys if (kept := found[key])]
    for kept in there:
        depends_on_kept(kept)
    return [kept.value for kept in there]


def _write(stories: ArticleQuerySet, form: str, manner: Manner) -> Iterator[tuple[Article, Written]]:
    articles = list(stories.for_feeds(full_text=manner.is_full_text))
    site = site_named()
    for article, entry in zip(articles, entries_of(articles, manner), strict=True):
        yield article, Written(FORMATS[form].write_entry(entry, site), entry.updated)


def _noted(article: Article, text: Written) -> Written:
    """The text, with what it depends on noted. A picture within the text shows its new credit a minute later."""
    image = article.lead_image
    rows = [
        *(article, article.section, image, image and image.source, image and image.author),
        *(byline.author for byline in article.bylines.all()),
        *(attribution.source for attribution in article.attributions.all()),
        *article.tags.all(),
    ]
    depends_on(SITE, *(row.own_scope for row in rows if row))
    return text
