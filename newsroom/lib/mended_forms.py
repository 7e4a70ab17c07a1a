"""What cleaning changes in the words of a form that was sent, as rows that can be kept and as sentences.

A row is {"field": name, "kind": newsroom.lib.mending.Kind, "count": int, "places": up to three texts}.
"""

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsroom.lib.dates import format_digits
from newsroom.lib.hygiene import clean_markup, mendings
from newsroom.lib.mending import MOST_PLACES, Kind, Mending
from newsroom.lib.site_style import site_style

Row = dict[str, Any]
# The editor writes some of what cannot be seen as entities; those of the markup itself stay.
_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|nbsp);)#?\w{2,31};")


@dataclass(frozen=True)
class Told:
    """The mendings of one field: a sentence for all, and each with its places."""

    label: str
    sentence: str
    places: list[tuple[str, tuple[str, ...]]]


def rows_of_form(form: forms.BaseForm, group: str = "") -> list[Row]:
    """Of the fields that say how they clean (attribute `cleaner`); all under the name `group` where there is one."""
    found: list[Row] = []
    for name, field in form.fields.items():
        cleaner: Callable[[str], str] | None = getattr(type(field), "cleaner", None)
        raw = form.data.get(form.add_prefix(name)) if cleaner and not field.disabled else None
        if cleaner and isinstance(raw, str) and name in getattr(form, "cleaned_data", {}):
            before = _ENTITY.sub(lambda entity: html.unescape(entity[0]), raw) if cleaner is clean_markup else raw
            found += as_rows(group or name, mendings(before, cleaner))
    return found


def rows_of_formset(formset: Any, group: str) -> list[Row]:
    """Of the rows that are not struck out."""
    kept = (form for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("DELETE"))
    return joined(row for form in kept for row in rows_of_form(form, group))


def as_rows(name: str, found: Iterable[Mending]) -> list[Row]:
    return [{"field": name, "kind": str(one.kind), "count": one.count, "places": list(one.places)} for one in found]


def joined(rows: Iterable[Row]) -> list[Row]:
    """One row for each kind in each field."""
    together: dict[tuple[str, str], Row] = {}
    for row in rows:
        known = together.setdefault((row["field"], row["kind"]), {**row, "count": 0, "places": []})
        known["count"] += row["count"]
        known["places"] = (known["places"] + row["places"])[:MOST_PLACES]
    return list(together.values())


def told(rows: Iterable[Row], label: Callable[[str], str]) -> list[Told]:
    """For people: one sentence a field. Kinds of a later version of the program are passed over."""
    by_field: dict[str, list[Row]] = {}
    for row in rows:
        if row.get("kind") in set(Kind):
            by_field.setdefault(row["field"], []).append(row)
    return [_told(label(name), found) for name, found in by_field.items()]


def tell(request: HttpRequest, form: forms.BaseForm, formsets: Iterable[Any]) -> None:
    """Say on the next page of the admin what was cleaned, a message a field."""
    labels = {name: str(field.label or name) for name, field in form.fields.items()}
    rows = rows_of_form(form)
    for formset in formsets:
        labels[formset.prefix] = str(formset.model._meta.verbose_name_plural)
        rows += rows_of_formset(formset, formset.prefix)
    for one in told(rows, labels.__getitem__):
        messages.info(request, one.sentence)


def _told(name: str, rows: list[Row]) -> Told:
    parts = [(_in_words(Kind(row["kind"]), row["count"]), tuple(row["places"])) for row in rows]
    words = "، ".join(part for part, _places in parts)
    return Told(name, _("%(field)s: %(mendings)s.") % {"field": name, "mendings": words}, parts)


def _in_words(kind: Kind, count: int) -> str:
    """«حُذف محرفان خفيّان»."""
    return format_digits(_WORDS[kind](count) % {"count": count}, site_style())


_WORDS: dict[Kind, Callable[[int], str]] = {
    Kind.DIRECTION: lambda n: ngettext(
        "%(count)d hidden change of direction taken out", "%(count)d hidden changes of direction taken out", n
    ),
    Kind.DIRECTION_MARK: lambda n: ngettext(
        "%(count)d direction mark taken out", "%(count)d direction marks taken out", n
    ),
    Kind.INVISIBLE: lambda n: ngettext(
        "%(count)d invisible character taken out", "%(count)d invisible characters taken out", n
    ),
    Kind.JOINER: lambda n: ngettext("%(count)d idle joiner taken out", "%(count)d idle joiners taken out", n),
    Kind.FORMS: lambda n: ngettext(
        "letters of %(count)d word drawn one by one made whole",
        "letters of %(count)d words drawn one by one made whole",
        n,
    ),
    Kind.PERSIAN: lambda n: ngettext(
        "Persian letters of %(count)d word replaced by Arabic ones",
        "Persian letters of %(count)d words replaced by Arabic ones",
        n,
    ),
    Kind.TATWEEL: lambda n: ngettext(
        "decorative tatweel taken out at %(count)d place", "decorative tatweel taken out at %(count)d places", n
    ),
    Kind.MARKS: lambda n: ngettext(
        "piled marks taken off %(count)d letter", "piled marks taken off %(count)d letters", n
    ),
    Kind.COMPOSED: lambda n: ngettext(
        "letters of %(count)d word joined with their marks", "letters of %(count)d words joined with their marks", n
    ),
    Kind.SPACE: lambda n: ngettext(
        "%(count)d unusual space replaced by a plain one", "%(count)d unusual spaces replaced by plain ones", n
    ),
    Kind.LINE_END: lambda n: ngettext("%(count)d unusual line end replaced", "%(count)d unusual line ends replaced", n),
}
