"""Form fields that clean what is typed, and a model form that checks derived keys like any other field."""

import re
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from newsroom.lib.arabic import fold_digits
from newsroom.lib.fields import KeyField, NameField, SlugFromField
from newsroom.lib.hygiene import clean_address, clean_line, clean_text
from newsroom.lib.lookalikes import read_as_latin, validate_host

WORDLESS = _("Write at least one letter or digit.")

# What other keyboards write in numbers, days and times: signs of full width, the Arabic date mark, minus and dashes.
_SIGNS = str.maketrans("．，：／－＋؍−‐‑–", ".,:/-+/----")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?", re.ASCII)


class LineField(forms.CharField):
    """One line: a name, a headline. `cleaner` is what newsroom.lib.mended_forms asks what was taken out."""

    cleaner = staticmethod(clean_line)

    def to_python(self, value: Any) -> Any:
        return clean_line(super().to_python(value) or "") or self.empty_value


class TextField(forms.CharField):
    """Plain text of several lines."""

    widget = forms.Textarea
    cleaner = staticmethod(clean_text)

    def to_python(self, value: Any) -> Any:
        return clean_text(super().to_python(value) or "").strip() or self.empty_value


class _CleanAddress(forms.CharField):
    """Without the invisible characters that a copied address brings along; its letters stay."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(clean_address(value) if isinstance(value, str) else value)


class AddressField(_CleanAddress, forms.URLField):
    """A web address; one without a scheme means https."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"assume_scheme": "https"} | kwargs)


class MailField(_CleanAddress, forms.EmailField):
    """An e-mail address each of whose labels is in one script, so that none looks like another."""

    default_validators = [*forms.EmailField.default_validators, validate_host]


class _AnyDigits(forms.Field):
    """Accepts 2026, ٢٠٢٦ and ۲۰۲۶ alike, and what a copied number carries with it."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(typed_number(value) if isinstance(value, str) else value)


class _Number(_AnyDigits):
    """Also with thousands set apart: 1,234.5 and ١٬٢٣٤٫٥."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(_without_thousands(typed_number(value)) if isinstance(value, str) else value)


def typed_number(text: str) -> str:
    """A number, day or time as it was meant: ASCII digits and signs, nothing invisible."""
    return fold_digits(clean_line(text)).translate(_SIGNS)


def _without_thousands(number: str) -> str:
    return number.replace(",", "") if _THOUSANDS.fullmatch(number) else number


class IntegerField(_Number, forms.IntegerField):
    # type="number" would refuse Arabic digits before they are sent.
    widget = forms.TextInput(attrs={"inputmode": "numeric"})


class FloatField(_Number, forms.FloatField):
    widget = forms.TextInput(attrs={"inputmode": "decimal"})


class DecimalField(_Number, forms.DecimalField):
    widget = forms.TextInput(attrs={"inputmode": "decimal"})


class DateField(_AnyDigits, forms.DateField):
    pass


class TimeField(_AnyDigits, forms.TimeField):
    pass


class DateTimeField(_AnyDigits, forms.DateTimeField):
    pass


class SplitDateTimeField(forms.SplitDateTimeField):
    """A day and a time of day in two boxes, in the time zone that is active."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields = (DateField(required=False), TimeField(required=False))


class DeskForm(forms.ModelForm):
    """A model form that knows what the row will derive from what was typed (KeyField, SlugFromField).

    Without it a second spelling of a name would be an error of the database instead of a sentence.
    """

    def _post_clean(self) -> None:
        fields = self.instance._meta.concrete_fields
        for field in fields:
            if isinstance(field, SlugFromField) and field.name in self.cleaned_data:
                self._make_slug(field)
        super()._post_clean()  # type: ignore[misc]
        keys = {field.name for field in fields if isinstance(field, KeyField) and self._make_key(field)}
        try:
            self.instance.validate_constraints(exclude={field.name for field in fields} - keys)
        except ValidationError as error:
            self._update_errors(self._shown(error))  # type: ignore[attr-defined]
        for field in fields:
            if isinstance(field, KeyField) and isinstance(field.source, str):
                self._refuse_twin(field, field.source)

    def _get_validation_exclusions(self) -> set[str]:
        """Without a name in the address that could not be made: the field it is made from says why."""
        exclude: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclude if self.cleaned_data.get("slug") else exclude | {"slug"}

    def _make_slug(self, field: SlugFromField) -> None:
        typed, source = self.cleaned_data[field.name], self.cleaned_data.get(field.source)
        slug = field.key(typed or source or "")[: field.max_length]
        if slug or not (typed or source):
            self.cleaned_data[field.name] = slug
        else:
            self.add_error(field.name if typed else field.source, WORDLESS)

    def _make_key(self, field: KeyField) -> bool:
        """Fill the key and say whether it can be checked; complain when nothing is left of what was typed."""
        if not isinstance(field.source, str):
            return False  # of several fields, none of which has to say anything
        if field.pre_save(self.instance, False):
            return field.source not in self.errors
        if self.cleaned_data.get(field.source):
            self.add_error(field.source, WORDLESS)
        return False

    def _refuse_twin(self, key: KeyField, name: str) -> None:
        """A name in Cyrillic or Greek letters that a reader takes for a Latin one that is there."""
        if isinstance(self.instance._meta.get_field(name), NameField) and name not in self.errors:
            try:
                refuse_twin(self.instance, key.name, self.cleaned_data.get(name) or "")
            except ValidationError as error:
                self.add_error(name, error)

    def _shown(self, error: ValidationError) -> ValidationError:
        """The error with the keys, which the form does not show, replaced by what they come from."""
        keys = [field for field in self.instance._meta.concrete_fields if isinstance(field, KeyField)]
        sources = {key.name: key.sources[0] for key in keys}
        return ValidationError({sources.get(name, name): errors for name, errors in error.error_dict.items()})


def refuse_twin(row: Model, key: str, name: str) -> None:
    """Raises ValidationError when another row is called what `name` looks like; `key` holds the folded names."""
    read = read_as_latin(name)
    if read and type(row)._default_manager.filter(**{key: read}).exclude(pk=row.pk).exists():
        message = _("“%(name)s” looks like a name that exists, in letters of another alphabet.")
        raise ValidationError(message, params={"name": f"\u2068{name}\u2069"}, code="lookalike")


class KnownSelect(AutocompleteSelect):
    """Django's box asks the database for the words of each row; this one not for what `known` tells (key to words)."""

    known: dict[str, str] = {}

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        if not value or not set(map(str, value)) <= self.known.keys():
            return super().optgroups(name, value, attr)
        first = [] if self.is_required else [("", "")]
        choices = [*first, *((key, self.known[key]) for key in map(str, value))]
        options = [self.create_option(name, key, words, key != "", i) for i, (key, words) in enumerate(choices)]
        return [(None, options, 0)]


class RowsFormSet(forms.BaseInlineFormSet):
    """Rows of an inline; the box that deletes one says so (WCAG 4.1.2)."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Tell each box what it shows, where the inline has fetched it with the row."""
        super().add_fields(form, index)
        for name, field in form.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            related = form.instance._state.fields_cache.get(name)
            if isinstance(widget, KnownSelect) and related is not None:
                widget.known = {str(related.pk): str(related)}

    @classmethod
    def get_deletion_widget(cls) -> forms.CheckboxInput:  # type: ignore[override]
        return forms.CheckboxInput(attrs={"aria-label": _("Delete this row")})


def choose_only(field: Any) -> None:
    """Take the links off a choice in the admin that open what is chosen, or a new one, in a small window."""
    for link in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
        setattr(field.widget, link, False)
