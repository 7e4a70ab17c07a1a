"""Every save of an article leaves a Revision: the whole article as JSON, relations included.

A story and its working copy share one row of versions, which belongs to the story: what was written into changes
stays readable after they are published or discarded.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import User
from articles.enums import RevisionAction
from articles.models import Article, Attribution, Author, Byline, RelatedLink, Revision, Section, Source
from articles.picture_uses import note_pictures
from articles.search.indexing import index_article
from images.models import Image

# What an editor writes.
TEXT_FIELDS = (
    "headline", "promo_headline", "kicker", "standfirst", "key_points", "slug", "body", "dateline", "section_id",
    "lead_image_id", "lead_caption", "without_picture", "origin", "canonical_url", "embargo_until", "breaking_until",
)  # fmt: skip
# Where the story stood. Changes have no place of their own in it.
PLACE_FIELDS = ("publish_at", "status")
# What `save(update_fields=...)` needs besides: columns that are made from others.
DERIVED_FIELDS = ("slug", "headline_key", "saved_at")
# Deeds and what readers saw are kept for ever; only plain saves grow old.
PRUNED = (RevisionAction.SAVED,)

_TARGETS: dict[str, type[models.Model]] = {"section_id": Section, "lead_image_id": Image}


def snapshot(article: Article) -> dict[str, Any]:
    """The article as plain JSON values; times in ISO 8601 with offset, relations in their printed order."""
    names = TEXT_FIELDS if article.is_working_copy else TEXT_FIELDS + PLACE_FIELDS
    values = {name: getattr(article, name) for name in names}
    return {
        **{name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()},
        "tags": sorted(tag.name for tag in article.tags.all()),
        "bylines": _values(article.bylines, "author_id", "role", "position"),
        "attributions": _values(article.attributions, "source_id", "url", "printed_as", "position"),
        "related_links": _values(article.related_links, "target_id", "url", "title", "after_block", "position"),
    }


def _values(rows: Any, *names: str) -> list[dict[str, Any]]:
    """Of rows that may have been fetched."""
    return [{name: getattr(row, name) for name in names} for row in rows.all()]


@transaction.atomic(savepoint=False)
def record(
    article: Article,
    *,
    by: User | None,
    action: RevisionAction = RevisionAction.SAVED,
    reason: str = "",
    mended: Sequence[dict[str, Any]] = (),
    is_fetched: bool = False,
) -> Revision:
    """Count the version up, keep the article whole, tell the search. Call it after the relations are saved.

    `mended` says what was cleaned in the text on its way here (articles.mending), `is_fetched` that the article carries
    its relations as they are stored (articles.search.indexing.fetch_for_index).
    """
    story = article.story
    Article.objects.filter(pk=story.pk).update(version=F("version") + 1)
    story.refresh_from_db(fields=["version"])
    if article.is_working_copy:
        article.version = story.version
        Article.objects.filter(pk=article.pk).update(version=article.version)
        # The desk's list shows one row a story, the last saved first.
        Article.objects.filter(pk=story.pk).update(saved_at=timezone.now())
    index_article(article, is_fetched=is_fetched)
    note_pictures(article)
    return Revision.objects.create(
        article=story,
        version=story.version,
        is_of_changes=article.is_working_copy,
        data=snapshot(article),
        action=action,
        reason=reason[:300],
        mended=list(mended),
        by=by,
    )


@transaction.atomic(savepoint=False)
def write(
    article: Article, data: dict[str, Any], *, slug: bool = True, check: Callable[[Article], None] | None = None
) -> list[str]:
    """Put what a snapshot says into the row and its relations; the row must be locked by the caller.

    The place of the story (status, times of publication) is never written. Returns a sentence for each thing that is
    no longer there: a section, a picture, an author, a source, an article that was deleted since.
    `check` sees the article as it will be, before the constraints of the database do, and may raise.
    """
    lost: list[str] = []
    names = [name for name in TEXT_FIELDS if name in data and (slug or name != "slug")]
    for name in names:
        setattr(article, name, _existing(name, data[name], lost))
    article.tags.set(data.get("tags", []))
    _write_rows(article, Byline, data.get("bylines", []), "author_id", Author, lost)
    _write_rows(article, Attribution, data.get("attributions", []), "source_id", Source, lost)
    links = [row for row in data.get("related_links", []) if row["target_id"] not in {article.pk, article.story.pk}]
    _write_rows(article, RelatedLink, links, "target_id", Article, lost)
    if check:
        check(article)
    article.save(update_fields={name.removesuffix("_id") for name in names} | set(DERIVED_FIELDS))
    return lost


def prune(*, kept_days: int, now: datetime | None = None) -> int:
    """Delete plain saves older than `kept_days` (0: none), never the newest of a story. Returns how many."""
    if not kept_days:
        return 0
    moment = (now or timezone.now()) - timedelta(days=kept_days)
    old = Revision.objects.filter(action__in=PRUNED, created_at__lt=moment)
    return old.exclude(version=F("article__version")).delete()[0]


def _existing(name: str, value: Any, lost: list[str]) -> Any:
    """The value of a field; a time from its text, None for a row that is gone."""
    if name.endswith("_until"):
        return parse_datetime(value) if value else None
    model = _TARGETS.get(name)
    if model and value is not None and not model._default_manager.filter(pk=value).exists():
        lost.append(_gone(model, value))
        return None
    return value


def _write_rows(
    article: Article,
    model: type[models.Model],
    rows: Iterable[dict[str, Any]],
    key: str,
    target: type[models.Model],
    lost: list[str],
) -> None:
    """Replace the rows of one relation, unless they are the same already."""
    rows = list(rows)
    wanted = {row[key] for row in rows if row[key] is not None}
    there = set(target._default_manager.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    lost += [_gone(target, pk) for pk in sorted(wanted - there)]
    kept = [row for row in rows if row[key] is None or row[key] in there]
    current = model._default_manager.filter(article=article)
    if list(current.values(*rows[0])) != kept if rows else current.exists():
        current.delete()
        model._default_manager.bulk_create(model(article=article, **row) for row in kept)


def _gone(model: type[models.Model], pk: int) -> str:
    return _("%(kind)s number %(id)s does not exist any more.") % {"kind": model._meta.verbose_name, "id": pk}
