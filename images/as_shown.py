"""A form whose page may be older than the row: what a colleague wrote meanwhile is neither taken back nor lost.

Three values are compared for each field, as in articles.conflicts: what the page showed, what is stored now, what was
sent. What one side alone changed needs no question; of a field that both changed the second one is told.
"""

from collections import ChainMap
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from newsroom.lib.dates import format_date
from newsroom.lib.forms import DeskForm
from newsroom.lib.site_style import site_style


class AsShownForm(DeskForm):
    """A form of a stored row that changes only what was changed in it.

    Beside each field stands what was shown (initial-<name>). A form that was sent without that counts as one that
    showed what is stored. `clashes` names the fields that both sides changed: each has a mistake that tells what is
    stored, and sent once more it is written. Each field has one value, or this does not fit.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clashes: list[str] = []
        if self.instance.pk is None:
            return
        for field in self.fields.values():
            field.show_hidden_initial = True
        if self.is_bound:
            self._put_on_newest()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name in self.clashes:
            self.add_error(name, self._sentence(name))
        return cleaned

    def _put_on_newest(self) -> None:
        """Have the form say what it would say had it been opened just now."""
        newest: dict[str, Any] = {}
        sent: Any = self.data
        for box in self:
            shown, typed, stored = sent.get(box.html_initial_name), sent.get(box.html_name), _as_sent(box)
            newest[box.html_initial_name] = stored
            if shown is None or not _differ(box.field, shown, stored):
                continue
            if not _differ(box.field, shown, typed):
                newest[box.html_name] = stored
            elif _differ(box.field, typed, stored):
                self.clashes.append(box.name)
        self.data = ChainMap(newest, sent)

    def _sentence(self, name: str) -> str:
        display = getattr(self.instance, f"get_{name}_display", None)
        value = display() if display else getattr(self.instance, name)
        if value in (None, ""):
            return _(
                "While you were writing, somebody else emptied this field. What you wrote stands here: save once more "
                "to keep it."
            )
        words = format_date(value, site_style()) if isinstance(value, date) else value
        return _(
            "While you were writing, somebody else changed this field. Now it says: %(words)s. What you wrote stands "
            "here: save once more to put it in its place."
        ) % {"words": f"\u2068{words}\u2069"}


def _as_sent(box: BoundField) -> str:
    """What is stored, as the page would send it."""
    return box.field.hidden_widget().format_value(box.field.prepare_value(box.initial)) or ""


def _differ(field: forms.Field, one: Any, other: Any) -> bool:
    """Whether two values as they are sent mean something else."""
    try:
        before = one if isinstance(field, forms.ModelChoiceField) else field.to_python(one)
        return bool(field.has_changed(before, other))
    except ValidationError:
        return bool(one != other)
