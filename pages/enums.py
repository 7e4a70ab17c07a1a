from django.db import models
from django.utils.translation import gettext_lazy as _


class Digits(models.TextChoices):
    """Which digits the site prints itself; text that was typed is never rewritten."""

    ARABIC_INDIC = "arab", _("Arabic-Indic (٠١٢٣)")
    LATIN = "latn", _("Latin (0123)")


class MonthNames(models.TextChoices):
    BOTH = "both", _("both names (نوفمبر/تشرين الثاني)")
    LEVANT = "levant", _("Levant and Iraq (تشرين الثاني)")
    GREGORIAN = "gregorian", _("Egypt, Gulf, Sudan and Libya (نوفمبر)")
    MAGHREB = "maghreb", _("Algeria and Tunisia (نوفمبر، جانفي)")


class NavigationPlace(models.TextChoices):
    HEADER = "header", _("header")
    FOOTER = "footer", _("footer")
