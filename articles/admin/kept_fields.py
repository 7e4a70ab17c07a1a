"""What was typed into a form that Django's admin made: its fields are known by the registry, without a query."""

import re
from collections.abc import Iterator

from django import forms
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from articles.admin.comments import CommentForm
from articles.admin.importing import ImportForm
from articles.admin.kept_boxes import Box, boxed
from articles.typed import Sent, last
from richtext.fields import RichTextFormField

# Buttons that only save the row; the last one is pressed where it was another, and shows the form again.
SAVING = ("_save", "_addanother", "_continue")
# Of a small window that chooses what the form behind it points to.
WINDOW = ("_popup", "_to_field")
# Pages of ours that are no row of a table.
_PAGES: dict[str, dict[str, forms.Field]] = {
    "articles_article_comments": CommentForm.base_fields,
    "articles_article_import": ImportForm.base_fields,
}
_SECRET = re.compile("pass(?:word|phrase)|secret|token", re.IGNORECASE)
# What the import carries of files from one step to the next.
FILES = "carried"


def admin_of(form: str) -> admin.ModelAdmin | None:
    """Of the form that adds or changes a row, by the name of its address; None for any other page."""
    for model, desk in admin.site._registry.items():
        if form in {f"{model._meta.app_label}_{model._meta.model_name}_{deed}" for deed in ("add", "change")}:
            return desk
    return None


def knows_fields_of(form: str) -> bool:
    return form in _PAGES or admin_of(form) is not None


def may_be_given_back(name: str) -> bool:
    """Neither what nobody else may read over a shoulder nor a file, which no page can give back."""
    return name != FILES and not _SECRET.search(name)


def boxes_of_fields(form: str, data: Sent) -> list[Box]:
    """What of the form has a letter in it and was typed, by the labels that the fields have."""
    desk = admin_of(form)
    found = []
    for name in filter(may_be_given_back, data):
        text = last(data, name) or ""
        field = _field(form, desk, name.rpartition("-")[2])
        if field is None or name.startswith("initial-") or "-__prefix__-" in name or not any(map(str.isalpha, text)):
            continue
        if not _is_chosen(field):
            found.append(boxed(name, _label(field), text, is_body=isinstance(field, RichTextFormField)))
    return found


def _field(form: str, desk: admin.ModelAdmin | None, name: str) -> forms.Field | models.Field | None:
    """Of the form or its inlines: by the form where it says more than the column."""
    declared = _PAGES.get(form) or getattr(desk and desk.form, "declared_fields", {})
    return declared.get(name.removeprefix("comment-")) or next(_columns(desk, name), None)


def _columns(desk: admin.ModelAdmin | None, name: str) -> Iterator[models.Field]:
    for model in (desk.model, *(inline.model for inline in desk.inlines)) if desk else ():
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if isinstance(field, models.Field):
            yield field


def _is_chosen(field: forms.Field | models.Field) -> bool:
    if isinstance(field, models.Field):
        return bool(field.choices or field.is_relation or isinstance(field, models.BooleanField))
    return isinstance(field, (forms.ChoiceField, forms.BooleanField))


def _label(field: forms.Field | models.Field) -> str:
    return str(field.verbose_name if isinstance(field, models.Field) else field.label or "")
