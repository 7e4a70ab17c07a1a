"""Refuse to start where Arabic could not be drawn."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from PIL import features

from articles.card_text import FONT


def check_drawing(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if not features.check("raqm"):
        found.append(
            Error(
                "Pillow was built without raqm, so the cards of shared links would have Arabic with its letters apart.",
                hint="Install the wheel of Pillow, or the libraries libraqm, fribidi and harfbuzz before building it.",
                id="articles.E001",
            )
        )
    if not FONT.is_file():
        found.append(Error(f"The font of the cards of shared links is missing: {FONT}.", id="articles.E002"))
    return found
