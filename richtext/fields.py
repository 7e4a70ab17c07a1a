from typing import Any

from django import forms
from django.utils.html import linebreaks

from newsroom.lib.hygiene import clean_markup
from richtext.sanitise import sanitise
from richtext.widgets import RichTextWidget


class RichTextFormField(forms.CharField):
    """A body in a form: what clean() returns has been sanitised. The model field is a plain TextField."""

    widget = RichTextWidget
    cleaner = staticmethod(clean_markup)

    def to_python(self, value: Any) -> str:
        """Sanitise before "required" is judged, so that an empty paragraph counts as nothing.

        Raises BodyTooLarge.
        """
        text = super().to_python(value) or ""
        # Without any tag it was typed into the plain text area, where an empty line ends a paragraph.
        return sanitise(text if "<" in text else linebreaks(text, autoescape=True))
