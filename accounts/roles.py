"""The five roles and what each may do. Groups are made after every migration, so that they exist everywhere."""

from enum import StrEnum
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions


class Role(StrEnum):
    """Values are the names of the groups; the catalogue translates them."""

    REPORTER = "reporter"
    EDITOR = "editor"
    CHIEF_EDITOR = "chief_editor"
    NEWSLETTER_EDITOR = "newsletter_editor"
    ADMINISTRATOR = "administrator"


_REPORTER = {
    # articles.change_article is for one's own drafts; articles.change_any_article widens it.
    "articles": {
        "add_article", "change_article", "view_article", "import_article",
        "view_section", "view_author", "view_source", "view_tag", "add_tag", "view_importrecord", "view_revision",
    },
    "images": {"add_image", "view_image"},
}  # fmt: skip
_EDITOR = {
    "articles": _REPORTER["articles"] | {
        "change_any_article", "publish_article", "delete_article",
        "add_author", "change_author", "add_source", "change_source", "change_tag", "change_section",
        "add_correction", "view_correction", "view_synonym", "add_synonym", "change_synonym", "view_protectedword",
        "arrange_front", "view_avoidedword", "view_checklevel",
    },
    "images": _REPORTER["images"] | {"change_image"},
    "pages": {"view_page"},
}  # fmt: skip
_CHIEF_EDITOR = {
    "articles": _EDITOR["articles"] | {
        "add_section", "delete_tag", "delete_author", "delete_source",
        "delete_synonym", "add_protectedword", "change_protectedword", "delete_protectedword",
        "override_checks", "change_checklevel", "add_avoidedword", "change_avoidedword", "delete_avoidedword",
        "add_partnerfeed", "change_partnerfeed", "view_partnerfeed", "delete_partnerfeed",
    },
    "images": _EDITOR["images"] | {"delete_image"},
    "pages": {
        f"{action}_{model}"
        for action in ("add", "change", "delete", "view")
        for model in ("page", "navigationitem", "redirect")
    } | {"view_sitesettings", "change_sitesettings"},
    "audit": {"view_auditentry"},
}  # fmt: skip
_NEWSLETTER_EDITOR = {
    "newsletter": {
        "add_mailinglist", "change_mailinglist", "view_mailinglist",
        "view_subscriber", "view_subscription", "view_consentrecord", "import_subscriber", "view_subscriberimport",
        "view_suppression", "add_suppression",
        "add_issue", "change_issue", "view_issue", "delete_issue", "send_issue",
        "view_delivery", "resolve_delivery", "view_deliveryevent",
    },
    "articles": {"view_article", "view_section"},
}  # fmt: skip
_ADMINISTRATOR = _CHIEF_EDITOR | {
    "newsletter": _NEWSLETTER_EDITOR["newsletter"]
    | {"delete_mailinglist", "export_subscriber", "erase_subscriber", "delete_suppression"},
    "accounts": {
        "add_user",
        "change_user",
        "view_user",
        "add_requiredfactor",
        "delete_requiredfactor",
        "view_requiredfactor",
    },
    "audit": _CHIEF_EDITOR["audit"] | {"export_auditentry"},
    "tasks": {"view_reading"},
}

PERMISSIONS: dict[Role, dict[str, set[str]]] = {
    Role.REPORTER: _REPORTER,
    Role.EDITOR: _EDITOR,
    Role.CHIEF_EDITOR: _CHIEF_EDITOR,
    Role.NEWSLETTER_EDITOR: _NEWSLETTER_EDITOR,
    Role.ADMINISTRATOR: _ADMINISTRATOR,
}


def grant_permissions(app_config: AppConfig, using: str, **kwargs: Any) -> None:
    """Make the groups and give each the permissions of the app that was just migrated.

    Permissions that a newsroom adds by hand stay; those listed here always come back.
    """
    if app_config.label not in {label for granted in PERMISSIONS.values() for label in granted}:
        return
    from django.contrib.auth.models import Group, Permission  # noqa: PLC0415 - apps.py needs this module before models exist

    # Django makes them at the same signal, perhaps after us: on a new database the roles would stay empty.
    create_permissions(app_config, verbosity=0, using=using)
    known = {
        permission.codename: permission
        for permission in Permission.objects.using(using).filter(content_type__app_label=app_config.label)
    }
    for role, granted in PERMISSIONS.items():
        group, _ = Group.objects.using(using).get_or_create(name=role.value)
        group.permissions.add(*(known[name] for name in granted.get(app_config.label, ()) if name in known))
