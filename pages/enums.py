from django.db import models
from django.utils.translation import gettext_lazy as _


class Digits(models.TextChoices):
    """Which digits the site prints itself; text that was typed is never rewritten."""

    ARABIC_INDIC = "arab", _("Arabic-Indic digits")
    LATIN = "latn", _("Latin digits")


class MonthNames(models.TextChoices):
    BOTH = "both", _("both names")
    LEVANT = "levant", _("Levant and Iraq")
    GREGORIAN = "gregorian", _("Egypt, Gulf, Sudan and Libya")
    MAGHREB = "maghreb", _("Algeria and Tunisia")
    MOROCCO = "morocco", _("Morocco")


class NavigationPlace(models.TextChoices):
    HEADER = "header", _("header")
    FOOTER = "footer", _("footer")
