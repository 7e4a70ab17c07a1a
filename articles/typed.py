"""The form of an article as it was sent, read as a snapshot (articles.revisions) and written back as a form.

It reads without judging: what a field refuses stands in the snapshot as it was typed, so that it can be compared and
is not lost. Names of forms map to lists of values, as in a QueryDict.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from articles.models import Article, RelatedLink
from articles.revisions import snapshot
from articles.tagging import parse_tags
from newsroom.lib.arabic import fold
from newsroom.lib.forms import AddressField, DateField, IntegerField, LineField, SplitDateTimeField, TextField
from newsroom.lib.keys import read_key
from newsroom.lib.slugs import slugify
from richtext.fields import RichTextFormField
from richtext.merging import split

Sent = Mapping[str, list[str]]
Text = dict[str, Any]

MOST_ROWS = 200
# Names of the machinery, of buttons and of the choices on the page of a conflict: no words of the text.
MACHINERY = ("version", "window", "story", "brought_back", "base_version")
NOT_TYPED = ("_", "csrfmiddlewaretoken", "pick-", "merged-", "shown-", *MACHINERY)
TIMES = ("publish_at", "embargo_until", "breaking_until", "deadline")
# Told apart from the text: no revision holds them, so the form carries what it showed.
PAPERS = ("assigned_to_id", "deadline", "planned_for")


class Group(NamedTuple):
    """An inline: the column of the row it points to, its other columns, and what makes a row the same row."""

    target: str
    fields: dict[str, forms.Field]
    key: tuple[str, ...]


_POSITION = IntegerField(required=False)
GROUPS = {
    "bylines": Group("author_id", {"role": LineField(), "position": _POSITION}, ("author_id", "role")),
    "attributions": Group(
        "source_id", {"url": AddressField(), "printed_as": LineField(), "position": _POSITION}, ("source_id",)
    ),
    "related_links": Group(
        "target_id",
        {
            "url": AddressField(),
            "title": LineField(),
            "after_block": IntegerField(required=False),
            "position": _POSITION,
        },
        ("target_id", "url", "title"),
    ),
}
# In the order of the form.
_FIELDS: dict[str, forms.Field] = {
    "kicker": LineField(),
    "headline": LineField(),
    "standfirst": TextField(),
    "key_points": TextField(),
    "dateline": LineField(),
    "body": RichTextFormField(required=False),
    "section_id": IntegerField(),
    "tags": forms.CharField(),
    "origin": LineField(),
    "lead_image_id": IntegerField(),
    "lead_caption": LineField(),
    "without_picture": forms.BooleanField(),
    "publish_at": SplitDateTimeField(required=False),
    "embargo_until": SplitDateTimeField(required=False),
    "breaking_until": SplitDateTimeField(required=False),
    "assigned_to_id": IntegerField(),
    "deadline": SplitDateTimeField(required=False),
    "planned_for": DateField(),
    "promo_headline": LineField(),
    "slug": LineField(),
    "canonical_url": AddressField(),
}
NAMES = (*_FIELDS, *GROUPS)
# A box that is not ticked sends nothing: it was shown where its neighbour was.
_BESIDE = {"without_picture": "lead_image"}


def words_of(data: Sent) -> dict[str, list[str]]:
    """What of a form somebody typed or chose."""
    return {
        name: list(values)
        for name, values in data.items()
        if not name.startswith(NOT_TYPED) and "-__prefix__-" not in name
    }


def text_of(data: Sent) -> Text:
    """The form as a snapshot, with only what it shows: a reader's form may lack fields."""
    text: Text = {}
    for name, field in _FIELDS.items():
        if form_names_of(name)[0] in data or _BESIDE.get(name) in data:
            text[name] = _read(name, field, data)
    if not text.get("slug", "-"):
        text["slug"] = slugify(text.get("headline") or "")  # an empty one is made from the headline
    for name in GROUPS:
        if f"{name}-TOTAL_FORMS" in data:
            text[name] = [row for _pk, row in rows_of(name, data)]
    return text


def text_in(article: Article) -> Text:
    """What is stored, by the same names."""
    return {**snapshot(article), "publish_at": _plain(article.publish_at), **papers_in(article)}


def papers_in(article: Article) -> Text:
    return {name: _plain(getattr(article, name)) for name in PAPERS}


def papers_of(data: Sent, prefix: str = "base-") -> Text:
    """What the form said about its papers when it was shown; with "shown-" what the page of a conflict did."""
    return {name: last(data, f"{prefix}{name}") or None for name in PAPERS if f"{prefix}{name}" in data}


def form_names_of(name: str) -> tuple[str, ...]:
    """The names of a field's boxes."""
    return (f"{name}_0", f"{name}_1") if name in TIMES else (name.removesuffix("_id"),)


def data_of(name: str, value: Any) -> dict[str, list[str]]:
    """A stored value of a field (no group) as a form would send it."""
    if name in TIMES:
        moment = parse_datetime(value) if value else None
        local = timezone.localtime(moment) if moment else None
        parts = [f"{local:%Y-%m-%d}", f"{local:%H:%M:%S}"] if local else ["", ""]
    elif name == "tags":
        parts = ["، ".join(value)]
    elif isinstance(value, bool):
        parts = ["on" if value else ""]
    else:
        parts = ["" if value is None else str(value)]
    return {box: [part] for box, part in zip(form_names_of(name), parts, strict=True)}


def same(name: str, one: Any, other: Any) -> bool:
    """Whether two values of a snapshot say the same."""
    return one == other or bool(_normal(name, one) == _normal(name, other))


def rows_of(group: str, data: Sent) -> list[tuple[int | None, dict[str, Any]]]:
    """The rows of an inline that say something and are not struck out, with the keys they were shown with."""
    found = []
    for number in range(min(_number(last(data, f"{group}-TOTAL_FORMS")) or 0, MOST_ROWS)):
        prefix = f"{group}-{number}-"
        if last(data, f"{prefix}DELETE"):
            continue
        pk = _number(last(data, f"{prefix}id"))
        row = _row(group, prefix, data)
        if pk and f"{prefix}{_box(group)}" not in data:  # hidden from those who may not see the article behind it
            row[GROUPS[group].target] = _hidden_target(pk)
        if any(row[name] for name in row if name not in {"position", "role", "after_block"}):
            found.append((pk, row))
    return found


def rows_data(group: str, wanted: list[dict[str, Any]], article: Article) -> dict[str, list[str]]:
    """The rows as a form on `article` would send them: those that are there keep their keys, the others go.

    By what makes them the same row, because keys die when a working copy is published or a version restored.
    """
    spec, left = GROUPS[group], list(wanted)
    columns = ("id", spec.target, *spec.fields)
    data: dict[str, list[str]] = {}
    current = list(getattr(article, group).values(*columns))
    for number, row in enumerate(current):
        key = [row[name] for name in spec.key]
        match = next((one for one in left if [one[name] for name in spec.key] == key), None)
        if match is not None:
            left = [one for one in left if one is not match]
        data |= _row_data(group, number, match or row) | {f"{group}-{number}-id": [str(row["id"])]}
        if match is None:
            data[f"{group}-{number}-DELETE"] = ["on"]
    for number, row in enumerate(left, start=len(current)):
        data |= _row_data(group, number, row)
    counts = {"TOTAL": len(current) + len(left), "INITIAL": len(current), "MIN_NUM": 0, "MAX_NUM": 1000}
    return data | {f"{group}-{name}_FORMS": [str(count)] for name, count in counts.items()}


def last(data: Sent, name: str) -> str | None:
    values = data.get(name)
    return values[-1] if values else None


def _read(name: str, field: forms.Field, data: Sent) -> Any:
    raws = [last(data, box) or "" for box in form_names_of(name)]
    if name in TIMES:
        return _clean(lambda: _plain(field.clean(raws)), " ".join(raws).strip())
    if name == "tags":
        return parse_tags(raws[0])
    return _plain(_clean(lambda: field.to_python(raws[0]), raws[0]))


def _row(group: str, prefix: str, data: Sent) -> dict[str, Any]:
    spec = GROUPS[group]
    row: dict[str, Any] = {spec.target: _number(last(data, prefix + _box(group)))}
    for name, field in spec.fields.items():
        raw = last(data, prefix + name) or ""
        row[name] = _clean(lambda field=field, raw=raw: field.to_python(raw), raw)  # type: ignore[misc]
    row["position"] = row["position"] or 0
    return row


def _row_data(group: str, number: int, row: dict[str, Any]) -> dict[str, list[str]]:
    values = {
        _box(group) if name == GROUPS[group].target else name: value for name, value in row.items() if name != "id"
    }
    return {f"{group}-{number}-{name}": ["" if value is None else str(value)] for name, value in values.items()}


def _box(group: str) -> str:
    return GROUPS[group].target.removesuffix("_id")


def _hidden_target(pk: int) -> int | None:
    return RelatedLink.objects.filter(pk=pk).values_list("target_id", flat=True).first()


def _clean(read: Callable[[], Any], raw: str) -> Any:
    """What the field makes of it, or what was typed."""
    try:
        return read()
    except (ValidationError, OverflowError):  # the first of January of the year 1 has no moment in UTC
        return raw


def _number(raw: str | None) -> int | None:
    return read_key(raw or "")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(microsecond=0).isoformat()  # boxes of a form show seconds
    return value.isoformat() if isinstance(value, date) else value


def _normal(name: str, value: Any) -> Any:
    if name == "body":
        return split(str(value or ""))  # how the blocks are parted says nothing
    if name == "tags":
        return sorted(fold(str(tag)) for tag in value or ())
    if name in GROUPS:
        return _normal_rows(name, value or ())
    if name in TIMES and isinstance(value, str):
        try:
            moment = parse_datetime(value)
        except ValueError:
            moment = None
        return _plain(moment) if moment and moment.tzinfo else value
    if name.endswith("_id"):
        return str(value or "")
    return value or ""


def _normal_rows(group: str, rows: Iterable[dict[str, Any]]) -> list[list[str]]:
    columns = ("position", GROUPS[group].target, *GROUPS[group].fields)
    return sorted(["" if row.get(name) is None else str(row.get(name)) for name in columns] for row in rows)
