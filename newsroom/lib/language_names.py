"""Names of languages in Arabic, from the tables of Unicode (CLDR, by Babel)."""

from babel import Locale, UnknownLocaleError
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

ARABIC = Locale("ar")


def language_name(code: str) -> str | None:
    """«الفرنسية» for "fr"; None for what is no code of a language (BCP 47)."""
    try:
        return Locale.parse(code, sep="-").get_display_name(ARABIC)
    except (UnknownLocaleError, ValueError):
        return None


def validate_languages(value: str) -> None:
    for code in value.split():
        if language_name(code) is None:
            raise ValidationError(_("Not the code of a language: %(code)s"), params={"code": code})
