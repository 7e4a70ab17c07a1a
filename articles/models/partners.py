import secrets

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from newsroom.lib.arabic import sort_key
from newsroom.lib.fields import CleanTextField, KeyField, NameField

MOST_ITEMS = 100


def new_key() -> str:
    """What makes an address secret (of a feed, a calendar, a preview): 192 bits."""
    return secrets.token_urlsafe(24)


class PartnerFeed(models.Model):
    """A feed for one partner, with rules of its own and a secret address; who has the address may read it.

    The key is kept as it is, because it guards nothing but stories that everybody may read one by one.
    """

    name = NameField(_("name"), max_length=120, help_text=_("Who reads it."))
    key = models.CharField(_("secret part of the address"), max_length=64, default=new_key, editable=False)
    is_active = models.BooleanField(_("active"), default=True)

    sections = models.ManyToManyField(
        "articles.Section", verbose_name=_("sections"), blank=True, related_name="+", help_text=_("None means all.")
    )
    tags = models.ManyToManyField(
        "articles.Tag",
        verbose_name=_("tags"),
        blank=True,
        related_name="+",
        help_text=_("Stories with one of them; none means all."),
    )
    hours = models.PositiveSmallIntegerField(
        _("hours"), default=0, help_text=_("Only stories published within so many hours; 0 means any time.")
    )
    most_items = models.PositiveSmallIntegerField(
        _("most stories"), default=50, validators=[MinValueValidator(1), MaxValueValidator(MOST_ITEMS)]
    )
    is_full_text = models.BooleanField(_("full text"), default=True, help_text=_("Otherwise the standfirst alone."))
    own_only = models.BooleanField(
        _("own stories only"),
        default=True,
        help_text=_("Leaves out what came from agencies and other outlets, which is not ours to pass on."),
    )
    note = CleanTextField(_("note"), blank=True, help_text=_("For the newsroom only: contract, contact."))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    sort_key = KeyField(source="name", key=sort_key)

    class Meta:
        verbose_name = _("partner feed")
        verbose_name_plural = _("partner feeds")
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="partner_feed_key_unique"),
            models.CheckConstraint(name="partner_feed_key_not_empty", condition=~Q(key="")),
            models.CheckConstraint(
                name="partner_feed_most_items_in_bounds", condition=Q(most_items__gte=1, most_items__lte=MOST_ITEMS)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:partner_feed", args=[self.key])
