"""Form fields that clean what is typed, and a model form that checks derived keys before the database does."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from newsroom.lib.arabic import fold_digits
from newsroom.lib.fields import KeyField, SlugFromField
from newsroom.lib.hygiene import clean_line, clean_text


class LineField(forms.CharField):
    """One line: a name, a headline."""

    def to_python(self, value: Any) -> Any:
        return clean_line(super().to_python(value) or "") or self.empty_value


class TextField(forms.CharField):
    """Plain text of several lines."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        return clean_text(super().to_python(value) or "").strip() or self.empty_value


class _AnyDigits(forms.Field):
    """Accepts 2026, ٢٠٢٦ and ۲۰۲۶ alike, and what a copied number carries with it."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(fold_digits(clean_line(value)) if isinstance(value, str) else value)


class IntegerField(_AnyDigits, forms.IntegerField):
    # type="number" would refuse Arabic digits before they are sent.
    widget = forms.TextInput(attrs={"inputmode": "numeric"})


class DateField(_AnyDigits, forms.DateField):
    pass


class TimeField(_AnyDigits, forms.TimeField):
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

    def validate_constraints(self) -> None:
        exclude = self._get_validation_exclusions()
        for field in self.instance._meta.concrete_fields:
            if isinstance(field, KeyField | SlugFromField) and field.source not in exclude and field.name not in self.errors:
                if self._derive(field):
                    exclude.discard(field.name)
                else:
                    exclude.add(field.name)
        try:
            self.instance.validate_constraints(exclude=exclude)
        except ValidationError as error:
            self._update_errors(self._shown(error))

    def _derive(self, field: KeyField | SlugFromField) -> bool:
        """Fill the derived field; complain when nothing is left of what was typed."""
        typed = self.cleaned_data.get(field.name) or self.cleaned_data.get(field.source)
        if field.pre_save(self.instance, False) or not typed:
            return True
        name = field.name if self.cleaned_data.get(field.name) else field.source
        if name not in self.errors:
            self.add_error(name, _("Write at least one letter or digit."))
        return False

    def _shown(self, error: ValidationError) -> ValidationError:
        """The error with derived fields that the form does not show replaced by what they come from."""
        sources = {f.name: f.source for f in self.instance._meta.concrete_fields if isinstance(f, KeyField)}
        return ValidationError({sources.get(name, name): errors for name, errors in error.error_dict.items()})
