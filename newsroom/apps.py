from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.contrib.staticfiles import apps as staticfiles_apps

UNUSED_PLUGINS = (
    "adobeair", "bbcode", "codesnippetgeshi", "devtools", "docprops", "exportpdf", "flash", "preview", "scayt", "wsc",
)  # fmt: skip


class NewsroomConfig(AppConfig):
    """The project itself: it owns commands, error pages and the admin site."""

    name = "newsroom"


class NewsroomAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our site; named in full in the settings, because the default here is the project."""

    default = False
    default_site = "newsroom.admin_site.NewsroomAdminSite"


class NewsroomStaticFilesConfig(staticfiles_apps.StaticFilesConfig):
    """Leaves out the plugins of CKEditor that are switched off; several ship test pages that would be public."""

    default = False
    ignore_patterns = [  # noqa: RUF012 - as Django has it
        *staticfiles_apps.StaticFilesConfig.ignore_patterns,
        *(f"ckeditor/ckeditor/plugins/{plugin}/*" for plugin in UNUSED_PLUGINS),
        "ckeditor/ckeditor/skins/moono/*",
    ]
