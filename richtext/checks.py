"""Refuse to start with an editor that is open, or that offers what the sanitiser throws away."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error

from richtext.editor import disagreements

EDITORS = ("ckeditor", "plain")


def check_editor(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = [
        Error(f"Editor and schema disagree: {phrase}.", id="richtext.E001") for phrase in disagreements()
    ]
    if settings.EDITOR not in EDITORS:
        found.append(Error(f"EDITOR must be one of {', '.join(EDITORS)}.", id="richtext.E002"))
    if apps.is_installed("ckeditor_uploader"):
        found.append(
            Error(
                "ckeditor_uploader lets every member of staff store any file.",
                hint="Remove it from INSTALLED_APPS; pictures are uploaded through images:upload.",
                id="richtext.E003",
            )
        )
    if getattr(settings, "CKEDITOR_CONFIGS", None):
        found.append(
            Error(
                "CKEDITOR_CONFIGS has no effect and hides the configuration in richtext/editor.py.",
                id="richtext.E004",
            )
        )
    return found
