from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

from richtext.checks import check_editor


class RichTextConfig(AppConfig):
    """The article body as a format: schema, sanitiser, rendering and the editor in forms."""

    name = "richtext"
    verbose_name = _("Rich text")

    def ready(self) -> None:
        checks.register(check_editor)
