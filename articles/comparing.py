"""Two saved versions of an article (Revision.data) side by side: what changed, field by field, in words."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import User
from articles.enums import BylineRole, Status
from articles.models import Article, Attribution, Author, Byline, RelatedLink, Section, Source
from articles.stages import Stage
from images.models import Image
from newsroom.lib.dates import format_datetime
from newsroom.lib.diffing import Fold, Line, Row, Token, compare_lines, fold_same, tokens_of
from newsroom.lib.word_diff import whole
from pages.current import current_site
from pages.public_time import public_now
from pages.templatetags.printing import print_digits
from richtext.comparing import Head, compare_bodies

Snapshot = dict[str, Any]

# The order of the form; what is not named here comes after it.
_ORDER = (
    "kicker", "headline", "standfirst", "key_points", "dateline", "body", "section_id", "tags", "origin",
    "lead_image_id", "lead_caption", "without_picture", "bylines", "attributions", "related_links", "publish_at",
    "embargo_until", "breaking_until", "status", "promo_headline", "slug", "canonical_url",
)  # fmt: skip
_RELATIONS: dict[str, type[models.Model]] = {
    "bylines": Byline,
    "attributions": Attribution,
    "related_links": RelatedLink,
}
_THUMBNAIL = 320  # px


@dataclass(frozen=True)
class FieldChange:
    """One field in both versions. `only_markup`: the stored form of a body changed and nothing that is seen."""

    name: str
    label: str
    rows: list[Row | Fold]
    only_markup: bool = False


@dataclass(frozen=True)
class Identity:
    """Which row a line names: two authors are two, whatever they are called. Otherwise it is a Head that is silent."""

    pk: int

    label: ClassVar[str] = ""
    src: ClassVar[str] = ""
    names: ClassVar[tuple[str, ...]] = ()
    direction: ClassVar[str] = "rtl"


def changed_fields(old: Snapshot, new: Snapshot) -> list[str]:
    """Return the names of what differs, in the order of the form, without a query.

    A version that was saved before a field existed says nothing about it, so neither does the comparison.
    """
    shared = [name for name in old if name in new and _exists(name)]
    return [name for name in sorted(shared, key=_place) if _printed(old[name]) != _printed(new[name])]


def label(name: str) -> str:
    """What the form calls a field of a snapshot."""
    if name in _RELATIONS:
        return str(_RELATIONS[name]._meta.verbose_name_plural)
    return str(Article._meta.get_field(name).verbose_name)  # type: ignore[union-attr] # no reverse relation is saved


def compare(old: Snapshot, new: Snapshot, *, by: User) -> list[FieldChange]:
    """Compare what differs. At most six queries, however many rows are named.

    `by` is whoever reads it: an article that he may not see is named without its headline.
    """
    names = changed_fields(old, new)
    reader = _Reader([(name, side[name]) for name in names for side in (old, new)], by)
    old, new = _with_stage(old), _with_stage(new)
    return [_change(name, old[name], new[name], reader) for name in names]


def describe(data: Snapshot, *, by: User) -> list[FieldChange]:
    """One version for reading: every field that says something, except the body. At most six queries."""
    names = [name for name in sorted(data, key=_place) if _exists(name) and name != "body"]
    data = _with_stage(data)
    reader = _Reader([(name, data[name]) for name in names], by)
    shown = ((name, reader.lines(name, data[name])) for name in names)
    return [FieldChange(name, label(name), [_unchanged(line) for line in lines]) for name, lines in shown if lines]


def _with_stage(data: Snapshot) -> Snapshot:
    """What the desk calls the status: nowhere else is it "ready" where readers see it or it has its time."""
    if data.get("status") != Status.APPROVED:
        return data
    try:
        moment = parse_datetime(data.get("publish_at") or "")
    except ValueError:
        return data
    if moment is None:
        return data
    return {**data, "status": Stage.PUBLISHED if moment <= public_now() else Stage.SCHEDULED}


def _change(name: str, old: Any, new: Any, reader: "_Reader") -> FieldChange:
    if name == "body":
        rows = compare_bodies(old or "", new or "")
        only_markup = all(row.kind == "same" for row in rows)
        return FieldChange(name, label(name), [] if only_markup else fold_same(rows), only_markup)
    return FieldChange(name, label(name), fold_same(compare_lines(reader.lines(name, old), reader.lines(name, new))))


def _unchanged(line: Line) -> Row:
    text = whole(line.tokens, "same")
    return Row("same", text, text, line.head, line.head)


def _exists(name: str) -> bool:
    """False for a field of an older or a newer version of this program."""
    try:
        return name in _RELATIONS or bool(Article._meta.get_field(name))
    except FieldDoesNotExist:
        return False


def _place(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


def _printed(value: Any) -> Any:
    """Without the numbers that only keep an order, which the order itself says."""
    if isinstance(value, list):
        return [{k: v for k, v in row.items() if k != "position"} if isinstance(row, dict) else row for row in value]
    return value


@dataclass
class _Known:
    """Names by primary key, fetched at once."""

    sections: dict[int, Section] = field(default_factory=dict)
    images: dict[int, Image] = field(default_factory=dict)
    authors: dict[int, Author] = field(default_factory=dict)
    sources: dict[int, Source] = field(default_factory=dict)
    articles: dict[int, Article] = field(default_factory=dict)
    unseen: Collection[int] = ()


class _Reader:
    """Values of snapshots as lines for people."""

    def __init__(self, values: Iterable[tuple[str, Any]], by: User) -> None:
        values = list(values)
        self._style = current_site().settings.style
        self._known = _Known(
            _fetched(Section.objects.only("name"), {value for name, value in values if name == "section_id"}),
            _fetched(Image.objects.all(), {value for name, value in values if name == "lead_image_id"}),
            _fetched(Author.objects.only("name"), _keys(values, "bylines", "author_id")),
            _fetched(Source.objects.only("name"), _keys(values, "attributions", "source_id")),
        )
        targets = _keys(values, "related_links", "target_id")
        self._known.articles = _fetched(Article.objects.visible_to(by).only("headline"), targets)
        if hidden := targets - self._known.articles.keys() - {None}:
            self._known.unseen = set(Article.objects.filter(pk__in=hidden).values_list("pk", flat=True))
        self._readers: dict[str, Callable[[Any], list[Line]]] = {
            "section_id": self._section,
            "status": lambda status: [_word(str(dict(Stage.choices).get(status, status)))],
            "lead_image_id": self._picture,
            "tags": self._tags,
            "bylines": lambda rows: [self._byline(row) for row in rows],
            "attributions": lambda rows: [self._attribution(row) for row in rows],
            "related_links": lambda rows: [self._related_link(row) for row in rows],
        }

    def lines(self, name: str, value: Any) -> list[Line]:
        """A value as lines, none when it is empty."""
        if value in (None, "", []):
            return []
        if name in self._readers:
            return self._readers[name](value)
        kind = Article._meta.get_field(name)
        if isinstance(kind, models.DateTimeField):
            return [self._time(value)]
        if isinstance(kind, models.BooleanField):
            return [_word(_("Yes"))] if value else []
        choices = dict(getattr(kind, "flatchoices", ()))
        if choices:
            return [_word(str(choices.get(value, value)))]
        return [Line(tokens_of(line)) for line in str(value).split("\n") if line.strip()]

    def _time(self, value: str) -> Line:
        moment = parse_datetime(value)
        return _word(format_datetime(moment, self._style) if moment else value)

    def _section(self, pk: int) -> list[Line]:
        section = self._known.sections.get(pk)
        return [
            _word(section.name if section else _("deleted section (%(id)s)") % {"id": print_digits(pk)}, Identity(pk))
        ]

    def _picture(self, pk: int) -> list[Line]:
        image = self._known.images.get(pk)
        if image is None:
            return [_word(_("deleted picture (%(id)s)") % {"id": print_digits(pk)}, Identity(pk))]
        return [Line(tokens_of(image.alt_text), Head(("img",), image.url(_THUMBNAIL)))]

    def _tags(self, names: Sequence[str]) -> list[Line]:
        """All in one line; each is one word."""
        return [Line(tuple(Token("، " if place else "", name) for place, name in enumerate(names)))]

    def _byline(self, row: dict[str, Any]) -> Line:
        pk = row["author_id"]
        author = self._known.authors.get(pk)
        name = author.name if author else _("deleted author (%(id)s)") % {"id": print_digits(pk)}
        roles = dict(BylineRole.choices)
        return _parts(pk, name, str(roles.get(row["role"], row["role"])))

    def _attribution(self, row: dict[str, Any]) -> Line:
        pk = row["source_id"]
        source = self._known.sources.get(pk)
        name = source.name if source else _("deleted source (%(id)s)") % {"id": print_digits(pk)}
        printed = row.get("printed_as")
        return _parts(pk, name, _("printed as “%(words)s”") % {"words": printed} if printed else "", row.get("url", ""))

    def _related_link(self, row: dict[str, Any]) -> Line:
        pk, place = row.get("target_id"), row.get("after_block")
        where = (
            _("below the article") if place is None else _("after block %(number)s") % {"number": print_digits(place)}
        )
        return _parts(pk or 0, row.get("title", ""), self._target(pk) if pk else "", row.get("url", ""), where)

    def _target(self, pk: int) -> str:
        if article := self._known.articles.get(pk):
            return f"{article} ({print_digits(pk)})"
        return _("an article that you may not see") if pk in self._known.unseen else _deleted_article(pk)


def _deleted_article(pk: int) -> str:
    return _("deleted article (%(id)s)") % {"id": print_digits(pk)}


def _word(text: str, head: Identity | None = None) -> Line:
    """A value that is the same or another, never half the same."""
    return Line((Token("", text),), head)


def _parts(pk: int, *parts: str) -> Line:
    return Line(tokens_of(" · ".join(filter(None, parts))), Identity(pk))


def _keys(values: Iterable[tuple[str, Any]], relation: str, key: str) -> set[Any]:
    return {row.get(key) for name, rows in values if name == relation for row in rows}


def _fetched(rows: models.QuerySet, keys: set[Any]) -> dict[Any, Any]:
    wanted = keys - {None}
    return {row.pk: row for row in rows.filter(pk__in=wanted)} if wanted else {}
