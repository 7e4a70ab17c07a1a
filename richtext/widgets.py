from typing import Any

from ckeditor.widgets import CKEditorWidget
from django.conf import settings
from django.forms.widgets import Media, Textarea
from django.templatetags.static import static
from js_asset import Script

from richtext.bounds import BodyTooLarge
from richtext.editor import editor_config, picture_library
from richtext.sanitise import sanitise

PLAIN = "django/forms/widgets/textarea.html"
# The window that picks a picture (images.admin.picking); the page of the form serves its styles and its script.
_LIBRARY = ("admin_newsroom/alt_advice.js", "admin_newsroom/picture_picker.js")
_LIBRARY_STYLES = ("admin_newsroom/pictures.css", "admin_newsroom/picture_window.css")


class RichTextWidget(CKEditorWidget):
    """The editor for a body: CKEditor 4 as richtext.editor sets it up, or a text area with EDITOR=plain."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        # Not CKEditorWidget's: it reads CKEDITOR_CONFIGS, a second place for what richtext.editor decides.
        Textarea.__init__(self, {"rows": 24, "dir": "rtl", "lang": "ar"} | (attrs or {}))
        self.external_plugin_resources: list[list[str]] = []

    @property
    def template_name(self) -> str:
        return PLAIN if is_plain() else "richtext/widget.html"

    @property
    def media(self) -> Media:
        if is_plain():
            return Media(css={"all": list(_LIBRARY_STYLES)}, js=list(_LIBRARY))
        # One list: merged lists put editor.js before ckeditor.js, which it needs.
        return Media(
            css={"all": ["ckeditor/ckeditor.css", "richtext/editor.css", *_LIBRARY_STYLES]},
            js=[
                Script(
                    "ckeditor/ckeditor-init.js",
                    **{"id": "ckeditor-init-script", "data-ckeditor-basepath": static("ckeditor/ckeditor/")},
                ),
                "ckeditor/ckeditor/ckeditor.js",
                "ckeditor/fixups.js",
                "richtext/editor.js",
                *_LIBRARY,
            ],
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        safe = for_the_editor(self.format_value(value))
        if is_plain() or (value and safe is None):
            plain = Textarea.get_context(self, name, value, plain_attrs() | (attrs or {}))
            plain["widget"]["template_name"] = PLAIN
            return plain
        self.config = editor_config()
        context: dict[str, Any] = super().get_context(name, safe, attrs)
        return context

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> Any:
        context = self.get_context(name, value, attrs)
        return self._render(context["widget"]["template_name"], context, renderer)

    def _set_config(self) -> None:
        """Keep the language of richtext.editor: the base class would take it from the request."""


def for_the_editor(body: str | None) -> str | None:
    """A body as the editor may be given it, whose own filter has published holes; None for what is too large.

    A row may have come in past every form, and a form that was refused comes back as it was typed. What is too large
    to be sanitised is shown as its source, in a text area that reads no markup.
    """
    try:
        return sanitise(body) if body and "<" in body else body
    except BodyTooLarge:
        return None


def is_plain() -> bool:
    return bool(settings.EDITOR == "plain")


def plain_attrs() -> dict[str, str]:
    """For the button beside a text area, which puts a figure where the cursor stands."""
    library = picture_library()
    return {
        "data-picture-plain": library["address"],
        "data-picture-label": library["label"],
        "data-picture-failed": library["failed"],
    }
