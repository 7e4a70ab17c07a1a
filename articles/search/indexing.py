"""Keeps the search documents true to the articles, and makes them anew when the analyser has changed."""

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from articles.enums import Status
from articles.models import Article, Attribution, Byline, LiveUpdate, SearchDocument
from articles.querysets import ArticleQuerySet
from articles.search.document import body_lines, month_label, section_label, terms, title_lines
from articles.search.places import hidden_place, month_at, place_of
from articles.search.vocabulary import current_analyser
from newsroom.lib.analyser import Analyser

logger = logging.getLogger(__name__)

BATCH = 200  # articles in one transaction


def index_article(article: Article, *, is_fetched: bool = False) -> None:
    """Put what the row now says into its document. A failure is logged and mended by the next `reindex`.

    The text itself must never be lost for the sake of its index. `is_fetched`: the row is as it is stored, and carries
    what `fetch_for_index` brings.
    """
    try:
        with transaction.atomic():
            index([article.pk], fetched=[article] if is_fetched else None)
    except Exception:
        logger.exception("Article %s could not be indexed", article.pk)
        # The old document says that it is of this analyser, so nothing would look at it again.
        forget(Article.objects.filter(pk=article.pk))


def index(ids: Sequence[int], *, analyser: Analyser | None = None, fetched: Sequence[Article] | None = None) -> int:
    """Make the documents of these articles anew, in one transaction. Returns how many there are now.

    The work is done before anything is locked. What an editor saved meanwhile is read once more, or the document would
    say for ever what stood there before. `fetched` are these articles, where the caller has just read them.
    """
    analyser = analyser or current_analyser()
    made = _documents(ids, analyser) if fetched is None else _made_of(fetched, analyser)
    with transaction.atomic():
        locked = Article.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
        states = {article.pk: _state(article) for article in locked.only("version", "updated_at")}
        saved = [pk for pk, state in states.items() if pk not in made or made[pk][0] != state]
        made |= _documents(saved, analyser)
        SearchDocument.objects.filter(article__in=ids).delete()
        SearchDocument.objects.bulk_create(made[pk][1] for pk in states)
    return len(states)


def make_document(article: Article, analyser: Analyser) -> SearchDocument:
    """The document of an article whose tags, bylines and attributions are fetched."""
    place = _place(article)
    labels = [section_label(article.section_id)] if article.section_id else []
    labels += [month_label(month_at(place))] if place > 0 else []
    title = title_lines(article)
    return SearchDocument(
        place=place,
        article_id=article.pk,
        title=terms(title, labels, analyser),
        words=terms([*title, *body_lines(article)], labels, analyser),
        analyser=analyser.fingerprint,
    )


def forget(articles: ArticleQuerySet) -> int:
    """Have their documents made anew by the next `reindex`, within a minute: a name that stands in them has changed."""
    return SearchDocument.objects.filter(article__in=articles.order_by().values("pk")).update(analyser="")


def count_stale() -> tuple[int, int]:
    """How many articles have no document, and how many an old one."""
    return _without_document().count(), _outdated(current_analyser()).count()


def declare_all_old() -> int:
    """Have every document made anew. Returns how many there are."""
    return SearchDocument.objects.update(analyser="")


def reindex(*, seconds: float | None = None) -> Iterator[int]:
    """Make anew the documents that another analyser has made, batch by batch; yields how many each batch made.

    What is done stays done: a run that was stopped goes on where it was. `seconds` ends it after the batch that passes
    them.
    """
    analyser = current_analyser()
    return _in_batches(_outdated(analyser), "article", analyser, seconds)


def complete(*, seconds: float | None = None) -> Iterator[int]:
    """The same for articles without a document. Looks at every article, so it is no work for each minute."""
    return _in_batches(_without_document(), "pk", current_analyser(), seconds)


def _in_batches(stale: QuerySet[Any], key: str, analyser: Analyser, seconds: float | None) -> Iterator[int]:
    end = time.monotonic() + seconds if seconds else None
    last = 0
    while ids := list(stale.filter(**{f"{key}__gt": last}).order_by(key).values_list(key, flat=True)[:BATCH]):
        last = ids[-1]
        yield _index_what_can_be(ids, analyser)
        if end and time.monotonic() > end:
            return


def _index_what_can_be(ids: Sequence[int], analyser: Analyser) -> int:
    """One article that cannot be indexed keeps no other from it. Raises where not one of them can."""
    try:
        return index(ids, analyser=analyser)
    except Exception:
        logger.exception("Articles %s to %s could not be indexed together", ids[0], ids[-1])
        done = 0
        for pk in ids if len(ids) > 1 else ():
            try:
                done += index([pk], analyser=analyser)
            except Exception:
                logger.exception("Article %s could not be indexed", pk)
        if not done:
            raise
        return done


def _state(article: Article) -> tuple[int, datetime | None]:
    """What no change of the text leaves as it was: an update of a live coverage makes no version of the article."""
    return article.version, article.updated_at


def _documents(ids: Sequence[int], analyser: Analyser) -> dict[int, tuple[Any, SearchDocument]]:
    """State and new document by id, of those that there are."""
    if not ids:
        return {}
    rows = list(Article.objects.filter(pk__in=ids))
    fetch_for_index(rows)
    return _made_of(rows, analyser)


def fetch_for_index(articles: list[Article]) -> None:
    """Bring what stands in their documents besides their own columns."""
    prefetch_related_objects(
        articles,
        "tags",
        Prefetch("bylines", Byline.objects.select_related("author")),
        Prefetch("attributions", Attribution.objects.select_related("source")),
        Prefetch("live_updates", LiveUpdate.objects.public()),
    )


def _made_of(rows: Iterable[Article], analyser: Analyser) -> dict[int, tuple[Any, SearchDocument]]:
    return {article.pk: (_state(article), make_document(article, analyser)) for article in rows}


def _place(article: Article) -> int:
    is_public = article.status == Status.APPROVED and article.publish_at and not article.is_working_copy
    moment = article.published_at or article.publish_at
    return place_of(moment, article.pk) if is_public and moment else hidden_place(article.pk)


def _outdated(analyser: Analyser) -> QuerySet[SearchDocument]:
    """Below or above the fingerprint: an index can answer that, "not equal" it cannot."""
    mark = analyser.fingerprint
    return SearchDocument.objects.filter(Q(analyser__lt=mark) | Q(analyser__gt=mark))


def _without_document() -> QuerySet[Article]:
    return Article.objects.filter(search_document__isnull=True)
