from typing import Any

from ckeditor.widgets import CKEditorWidget
from django.conf import settings
from django.forms.widgets import Media, Textarea
from django.templatetags.static import static
from js_asset import Script

from richtext.editor import editor_config


class RichTextWidget(CKEditorWidget):
    """The editor for a body: CKEditor 4 as richtext.editor sets it up, or a text area with EDITOR=plain."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        # Not CKEditorWidget's: it reads CKEDITOR_CONFIGS, a second place for what richtext.editor decides.
        Textarea.__init__(self, {"rows": 24, "dir": "rtl", "lang": "ar"} | (attrs or {}))
        self.external_plugin_resources: list[list[str]] = []

    @property
    def template_name(self) -> str:
        return "django/forms/widgets/textarea.html" if is_plain() else "richtext/widget.html"

    @property
    def media(self) -> Media:
        if is_plain():
            return Media()
        # One list: merged lists put editor.js before ckeditor.js, which it needs.
        return Media(
            css={"all": ["ckeditor/ckeditor.css", "richtext/editor.css"]},
            js=[
                Script(
                    "ckeditor/ckeditor-init.js",
                    **{"id": "ckeditor-init-script", "data-ckeditor-basepath": static("ckeditor/ckeditor/")},
                ),
                "ckeditor/ckeditor/ckeditor.js",
                "ckeditor/fixups.js",
                "richtext/editor.js",
            ],
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        if is_plain():
            return Textarea.get_context(self, name, value, attrs)
        self.config = editor_config()
        context: dict[str, Any] = super().get_context(name, value, attrs)
        return context

    def _set_config(self) -> None:
        """Keep the language of richtext.editor: the base class would take it from the request."""


def is_plain() -> bool:
    return bool(settings.EDITOR == "plain")
