"""What the desk types into a live coverage."""

from typing import Any

from django import forms
from django.contrib.admin import widgets
from django.utils.translation import gettext_lazy as _

from articles import covering
from newsroom.lib.forms import LineField
from richtext.fields import RichTextFormField
from richtext.short_texts import from_plain


class PlainBodyField(forms.CharField):
    """Typed text in a plain box. Cleans to a body: empty lines part paragraphs, web addresses become links."""

    def to_python(self, value: Any) -> str:
        """Raises BodyTooLarge."""
        return from_plain(super().to_python(value) or "")


class _WordsForm(forms.Form):
    field_order = ("headline", "body", "is_key")

    headline = LineField(
        label=_("headline"),
        required=False,
        max_length=covering.LONGEST_HEADLINE,
        widget=widgets.AdminTextInputWidget(attrs={"dir": "rtl", "autocomplete": "off"}),
    )
    is_key = forms.BooleanField(
        label=_("key event"),
        required=False,
        help_text=_("Listed at the head of the coverage, for readers who come late."),
    )


class QuickForm(_WordsForm):
    """The next update. Live work is fast: no editor has to be loaded, formatting may follow."""

    body = PlainBodyField(
        label=_("text"),
        required=False,
        widget=widgets.AdminTextareaWidget(attrs={"rows": 6, "dir": "auto"}),
        help_text=_("An empty line begins a paragraph. Pictures and formatting can be added afterwards."),
    )


class UpdateForm(_WordsForm):
    """An update that readers know, with the editor of articles."""

    body = RichTextFormField(label=_("text"), required=False)
