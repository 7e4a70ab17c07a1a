"""The rows of a story's page, in queries of which the SQL is written once (newsroom.lib.prepared).

One brings the story with the rows that are its own, as JSON; whom these name, few rows that many stories share, is
kept. Each query costs more than what it brings.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeVar, cast

from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONArray

from articles.models import (
    Article,
    Attribution,
    Author,
    Byline,
    Correction,
    RelatedChoice,
    RelatedLink,
    Tag,
    TaggedArticle,
)
from articles.querysets import ON_CARDS, ArticleQuerySet
from newsroom.lib.keeping import kept_each
from newsroom.lib.prepared import Blank, Prepared, RowMaker
from newsroom.lib.replicas import read_alias
from newsroom.lib.watched import WatchedModel
from pages.public_time import public_now

MOST_CARDS = 16
_W = TypeVar("_W", bound=WatchedModel)


def public_story(key: int) -> Article | None:
    """The story with all that ArticleQuerySet.for_page fetches; None where readers may not see one of this key.

    Corrections, which few have, are asked for only where there are some.
    """
    found = _story(key=key, now=public_now()) if key <= models.BigIntegerField.MAX_BIGINT else []
    if not found:
        return None
    story: Any = found[0]
    story._prefetched_objects_cache = {}
    for own in _OWN:
        _attach(story, own.name, own.model, own.read(getattr(story, f"own_{own.name}")))
    shared = _shared(Tag, [tag for (tag,) in story.own_tags or ()])
    tags = sorted(shared.values(), key=lambda tag: (tag.sort_key, tag.pk))
    _attach(story, "tags", Tag, tags)
    _attach(story, "corrections", Correction, _corrections(key=key) if story.has_corrections else ())
    return cast("Article", story)


def cards_of(keys: Iterable[int]) -> list[Article]:
    """What readers may see of these (MOST_CARDS at most), as a card shows it, in the order of the keys: one query."""
    wanted = list(dict.fromkeys(keys))[:MOST_CARDS]
    if not wanted:
        return []
    filled = wanted + wanted[-1:] * (MOST_CARDS - len(wanted))
    rows = {row.pk: row for row in _cards(now=public_now(), **{f"key{n}": key for n, key in enumerate(filled)})}
    return [rows[key] for key in wanted if key in rows]


def published_now() -> ArticleQuerySet:
    """For prepared querysets: what readers may see at the moment that fills the blank `now`."""
    at: Any = Blank("now", models.DateTimeField())
    return Article.objects.published(at)


def for_cards(articles: ArticleQuerySet) -> ArticleQuerySet:
    return articles.select_related("section", "lead_image").only(*ON_CARDS)


class _Rows(models.Aggregate):
    """All rows of a group as JSON, in any order."""

    function = "JSONB_AGG"
    output_field = models.JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **context)


@dataclass(frozen=True)
class _Own:
    """Rows that are a story's own. `name` is their relation, `shown` are the fields of them that its page needs.

    What their field `to` points to comes with them where it has `of_target`, and is kept where it has none.
    """

    name: str
    model: type[Any]
    shown: frozenset[str]
    to: str = ""
    of_target: frozenset[str] = frozenset()

    def rows(self) -> Subquery:
        told = [field.attname for field in self._fields]
        told += [f"{self.to}__{field.attname}" for field in self._of_target]
        return _as_json(self.model.objects.filter(article=OuterRef("pk")), "article", told)

    def read(self, told: list[list[Any]] | None) -> list[Any]:
        """In the order that the model has them."""
        if not told:
            return []
        alias, size = read_alias(), len(self._fields)
        rows = [_row(self._maker, alias, self._fields, each[:size]) for each in told]
        if self._of_target:
            for row, each in zip(rows, told, strict=True):
                target = row.target_id and _row(self._maker_of_target, alias, self._of_target, each[size:])
                setattr(row, self.to, target or None)
        elif self.to:
            self._point(rows)
        return sorted(rows, key=lambda row: (row.position, row.pk))

    def _point(self, rows: list[Any]) -> None:
        field = self.model._meta.get_field(self.to)
        known = _shared(field.related_model, [getattr(row, field.attname) for row in rows])
        for row in rows:
            if (key := getattr(row, field.attname)) in known:
                setattr(row, self.to, known[key])

    @cached_property
    def _fields(self) -> list[Any]:
        return _fields(self.model, self.shown)

    @cached_property
    def _maker(self) -> RowMaker:
        return RowMaker(self.model)

    @cached_property
    def _maker_of_target(self) -> RowMaker:
        return RowMaker(Article)

    @cached_property
    def _of_target(self) -> list[Any]:
        return _fields(Article, self.of_target)


def _fields(model: type[models.Model], names: frozenset[str]) -> list[Any]:
    """In the order of the model, as from_db wants them."""
    return [field for field in model._meta.concrete_fields if field.name in names]


def _as_json(rows: models.QuerySet[Any], by: str, told: Sequence[str]) -> Subquery:
    """`told` of all rows, of which `by` is one thing, as a list of lists; None of no rows."""
    return Subquery(rows.order_by().values(by).annotate(told=_Rows(JSONArray(*told))).values("told"))


def _row(maker: RowMaker, alias: str, fields: Sequence[Any], told: Sequence[Any]) -> Any:
    values = [_read(field, value) for field, value in zip(fields, told, strict=True)]
    return maker.from_db(alias, [field.attname for field in fields], values)


def _read(field: models.Field[Any, Any], value: Any) -> Any:
    """From JSON, which knows no moments; of SQLite no truth either, and all moments are in UTC."""
    if isinstance(field, models.DateTimeField) and value:
        moment = datetime.fromisoformat(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return bool(value) if isinstance(field, models.BooleanField) else value


def _shared(model: type[_W], keys: list[int]) -> dict[int, _W]:
    """Rows that many stories name, each kept until it changes."""

    def fetch(missing: list[int]) -> dict[int, _W]:
        return model._default_manager.select_related(*_WITH.get(model, ())).in_bulk(missing) if missing else {}

    return kept_each((_shared, model), keys, fetch, _shown_with)


def _shown_with(row: WatchedModel) -> Iterator[str]:
    yield row.own_scope
    for name in _WITH.get(type(row), ()):
        if related := getattr(row, name):
            yield related.own_scope


def _stories() -> ArticleQuerySet:
    told = published_now().filter(pk=Blank("key")).order_by()
    own = {f"own_{own.name}": own.rows() for own in _OWN}
    tags = _as_json(TaggedArticle.objects.filter(content_object=OuterRef("pk")), "content_object", ["tag_id"])
    corrected = Exists(Correction.objects.filter(article=OuterRef("pk")).order_by())
    with_pictures = told.select_related("section", "lead_image__source", "lead_image__author")
    return with_pictures.annotate(**own, own_tags=tags, has_corrections=corrected)


def _told_corrections() -> models.QuerySet[Correction]:
    return Correction.objects.filter(article=Blank("key"))


def _many() -> ArticleQuerySet:
    keys: Any = [Blank(f"key{number}") for number in range(MOST_CARDS)]
    return for_cards(published_now().filter(pk__in=keys).order_by())


_OWN = (
    _Own("bylines", Byline, frozenset({"id", "article", "author", "role", "position"}), to="author"),
    _Own(
        "attributions",
        Attribution,
        frozenset({"id", "article", "source", "url", "printed_as", "position"}),
        to="source",
    ),
    _Own(
        "related_links",
        RelatedLink,
        frozenset({"id", "article", "target", "url", "title", "after_block", "position"}),
        to="target",
        of_target=frozenset({"id", "headline", "slug", "status", "publish_at", "working_copy_of"}),
    ),
    _Own("related_choices", RelatedChoice, frozenset({"id", "article", "target", "is_banned", "position"})),
)
_WITH: dict[type[models.Model], tuple[str, ...]] = {Author: ("portrait",)}
_story = Prepared(_stories)
_corrections = Prepared(_told_corrections)
_cards = Prepared(_many)


def _attach(story: Article, name: str, model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Where `story.bylines.all()` finds what was fetched before, as after prefetch_related.

    A twentieth of the time of articles.as_typed.hold (1 of 20 microseconds), for pages that never filter it further.
    """
    known: Any = model._default_manager.all()
    known._result_cache, known._prefetch_done = list(rows), True
    story._prefetched_objects_cache[name] = known  # type: ignore[attr-defined]
