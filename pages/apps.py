from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from newsroom.lib.dates import PrintStyle
from newsroom.lib.site_style import name_months_of_django, read_style_from


class PagesConfig(AppConfig):
    """What editors own beside articles: static pages, navigation, redirects, site settings."""

    name = "pages"
    verbose_name = _("Site")

    def ready(self) -> None:
        from images.uses import watch  # noqa: PLC0415 - models can be read only after every app is loaded
        from pages import neighbours, purging  # noqa: PLC0415
        from pages.picture_uses import PicturesOfPages  # noqa: PLC0415

        neighbours.listen()
        purging.listen()
        watch(PicturesOfPages())
        read_style_from(_style)
        name_months_of_django()


def _style() -> PrintStyle:
    from pages.current import current_site  # noqa: PLC0415 - models can be read only after every app is loaded

    return current_site().settings.style
