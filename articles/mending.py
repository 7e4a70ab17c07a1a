"""What was mended in an article on its way into the database, in the form in which Revision.mended keeps it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from articles.comparing import label
from articles.models import Article
from newsroom.lib import mended_forms
from newsroom.lib.fields import BodyField, CleanCharField, CleanTextField
from newsroom.lib.hygiene import mendings
from newsroom.lib.mended_forms import Row, Told, as_rows, rows_of_form, rows_of_formset

# What the whole of an imported text is called.
WHOLE_TEXT = "original_text"
_COLUMNS = {
    field.name: type(field).cleaner
    for field in Article._meta.concrete_fields
    if isinstance(field, CleanCharField | CleanTextField | BodyField)
}


def mended_in_form(form: forms.BaseForm, formsets: Iterable[Any] = ()) -> list[Row]:
    """What cleaning changes in the text of a form that was sent; not in the words of its deeds."""
    rows = [row for row in rows_of_form(form) if row["field"] in _COLUMNS or row["field"] == "tags"]
    for formset in formsets:
        rows += rows_of_formset(formset, formset.prefix)
    return rows


def mended_in_snapshot(data: Mapping[str, Any]) -> list[Row]:
    """The same for the plain fields of a version from before hygiene, which is restored."""
    rows: list[Row] = []
    for name, cleaner in _COLUMNS.items():
        if isinstance(value := data.get(name), str):
            rows += as_rows(name, mendings(value, cleaner))
    return rows


def mended_in_text(text: str) -> list[Row]:
    """The same for a raw text that is imported."""
    return as_rows(WHOLE_TEXT, mendings(text))


def told(rows: Iterable[Row]) -> list[Told]:
    """For people: one sentence a field."""
    return mended_forms.told(rows, _label)


def _label(name: str) -> str:
    return _("original text") if name == WHOLE_TEXT else label(name)
