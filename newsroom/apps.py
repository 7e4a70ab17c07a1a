from django.apps import AppConfig, apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin import apps as admin_apps
from django.db.models import Model

TASK_ENGINES = ("django_tasks_db", "procrastinate.contrib.django")


class NewsroomConfig(AppConfig):
    """The project itself: it owns commands, error pages and the admin site."""

    name = "newsroom"

    def ready(self) -> None:
        from newsroom.lib.query_watch import watch_queries  # noqa: PLC0415 - the same
        from newsroom.lib.watched import watch_rows  # noqa: PLC0415 - models can be read only after every app is loaded
        from newsroom.operating import error_reports  # noqa: PLC0415 - the same

        watch_rows()
        watch_queries()
        error_reports.start(settings.SENTRY_DSN)


class NewsroomAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our site; named in full in the settings, because the default here is the project."""

    default = False
    default_site = "newsroom.admin_site.NewsroomAdminSite"

    def ready(self) -> None:
        super().ready()
        # Its page would show a superuser the key of everybody's telephone.
        admin.site.unregister(apps.get_model("otp_totp", "TOTPDevice"))
        # Rows of machinery with arguments and tracebacks; tasks.standing says what somebody wants to know of them.
        machinery = [model for label in TASK_ENGINES if apps.is_installed(label) for model in models_of(label)]
        admin.site.unregister([model for model in machinery if admin.site.is_registered(model)])


def models_of(name: str) -> list[type[Model]]:
    (config,) = (config for config in apps.get_app_configs() if config.name == name)
    return list(config.get_models())
