from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from newsroom.lib.arabic import fold, sort_key
from newsroom.lib.dates import PrintStyle
from newsroom.lib.fields import AddressLinesField, BodyField, CleanCharField, CleanTextField, KeyField
from newsroom.lib.scopes import CLOCK, SITE
from newsroom.lib.watched import WatchedModel
from newsroom.lib.web_addresses import validate_address_lines
from pages.enums import Digits, MonthNames, NavigationPlace
from pages.validators import validate_local_path, validate_time_zone


class SiteSettings(WatchedModel):
    """The name of the newsroom and how its site prints dates and numbers. There is exactly one row."""

    SINGLETON = 1

    name = CleanCharField(_("site name"), max_length=80)
    tagline = CleanCharField(_("tagline"), max_length=160, blank=True)
    description = CleanTextField(_("description"), blank=True, help_text=_("For search engines and shared links."))

    digits = models.CharField(_("digits"), max_length=8, choices=Digits, default=Digits.ARABIC_INDIC)
    months = models.CharField(_("month names"), max_length=16, choices=MonthNames, default=MonthNames.BOTH)
    shows_hijri = models.BooleanField(
        _("Hijri date too"),
        default=False,
        help_text=_("At the head of each page and under the date of an article, by the calendar of Umm al-Qura."),
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Damascus", validators=[validate_time_zone]
    )

    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    postal_address = CleanTextField(
        _("postal address"),
        blank=True,
        help_text=_("Stands at the end of every issue of the newsletter; no issue is sent without it."),
    )
    social_links = AddressLinesField(
        _("addresses of the newsroom elsewhere"),
        blank=True,
        validators=[validate_address_lines],
        help_text=_("Its channels and pages in social networks, one address a line."),
    )
    principles_page = models.ForeignKey(
        "pages.Page",
        models.SET_NULL,
        verbose_name=_("page of the publishing principles"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Search engines are told of it."),
    )
    corrections_page = models.ForeignKey(
        "pages.Page",
        models.SET_NULL,
        verbose_name=_("page of the corrections policy"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Search engines are told of it, and the list of corrections leads there."),
    )
    feeds_full_text = models.BooleanField(
        _("full text in feeds"), default=False, help_text=_("Otherwise the standfirst alone.")
    )
    allows_training = models.BooleanField(
        _("allow the training of language models"),
        default=False,
        help_text=_("What robots.txt tells crawlers that collect texts for it. Search engines are always welcome."),
    )
    revisions_kept_days = models.PositiveSmallIntegerField(
        _("days that saved versions are kept"),
        default=365,
        help_text=_("0 keeps them for ever. Versions that readers saw, and the newest, are always kept."),
    )

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints = [
            models.CheckConstraint(name="site_settings_is_one_row", condition=Q(id=1)),
            models.CheckConstraint(name="site_settings_digits_known", condition=Q(digits__in=Digits.values)),
            models.CheckConstraint(name="site_settings_months_known", condition=Q(months__in=MonthNames.values)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def social_addresses(self) -> list[str]:
        return self.social_links.split()

    @property
    def own_scope(self) -> str:
        return SITE

    def changed_scopes(self) -> list[str]:
        """With the time zone midnight moves."""
        return [SITE, CLOCK]

    @cached_property
    def style(self) -> PrintStyle:
        return PrintStyle(digits=self.digits, months=self.months, time_zone=self.time_zone)


class Page(WatchedModel):
    """A page that does not age like a story: who we are, contact, privacy."""

    title = CleanCharField(_("title"), max_length=120)
    slug = models.CharField(_("name in the address"), max_length=80)
    body = BodyField(_("body"), blank=True)
    is_public = models.BooleanField(_("visible to readers"), default=True)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)
    sort_key = KeyField(source="title", key=sort_key)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="page_slug_unique"),
            models.CheckConstraint(name="page_slug_not_empty", condition=~Q(slug="")),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("pages:page", args=[self.slug])

    def changed_scopes(self) -> list[str]:
        """The navigation may name it."""
        return [self.own_scope, SITE]


class NavigationItem(WatchedModel):
    """One link in the header or the footer, to a page or to an address on this site."""

    # The settings own the navigation so that one query brings both (pages.current).
    site_settings = models.ForeignKey(
        SiteSettings,
        models.CASCADE,
        verbose_name=_("site settings"),
        related_name="navigation_items",
        default=SiteSettings.SINGLETON,
        editable=False,
    )
    place = models.CharField(_("place"), max_length=16, choices=NavigationPlace)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    label = CleanCharField(_("label"), max_length=40)
    page = models.ForeignKey(Page, models.CASCADE, verbose_name=_("page"), null=True, blank=True, related_name="+")
    path = models.CharField(
        _("address on this site"),
        max_length=200,
        blank=True,
        validators=[validate_local_path],
        help_text=_("For example /sections/politics/, when it is not a page."),
    )

    class Meta:
        verbose_name = _("navigation item")
        verbose_name_plural = _("navigation")
        ordering = ["place", "position", "id"]
        constraints = [
            models.CheckConstraint(
                name="navigation_item_has_one_target",
                condition=(Q(page__isnull=False) & Q(path="")) | (Q(page__isnull=True) & ~Q(path="")),
                violation_error_message=_("Choose a page or type an address, not both."),
            ),
            models.CheckConstraint(name="navigation_item_place_known", condition=Q(place__in=NavigationPlace.values)),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def own_scope(self) -> str:
        return SITE


class Redirect(models.Model):
    """An old address that leads to a new one; looked up only when nothing else answers."""

    old_path = models.CharField(
        _("old address"),
        max_length=500,
        validators=[validate_local_path],
        help_text=_("As people read it, not percent-encoded."),
    )
    new_path = models.CharField(_("new address"), max_length=500, validators=[validate_local_path])

    words_key = KeyField(source=("old_path", "new_path"), key=fold, max_length=1000)

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["words_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["old_path"], name="redirect_old_path_unique"),
            models.CheckConstraint(name="redirect_goes_elsewhere", condition=~Q(old_path=models.F("new_path"))),
        ]

    def __str__(self) -> str:
        return self.old_path

    def clean(self) -> None:
        if self.old_path == self.new_path:
            raise ValidationError({"new_path": _("The new address must differ from the old one.")})


class ChangeNotice(models.Model):
    """What one machine tells the others: that pages which show this are out of date (pages.neighbours)."""

    at = models.DateTimeField(auto_now_add=True)
    # The machine that has changed it, a number of its own.
    origin = models.BigIntegerField()
    # The transaction of PostgreSQL: keys are given in another order than transactions end.
    transaction = models.BigIntegerField()
    scopes = models.JSONField()
    is_recall = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("notice of a change")
        verbose_name_plural = _("notices of changes")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["transaction"], name="notice_transaction"),  # pages.neighbours: what is new
            models.Index(fields=["at"], name="notice_at"),  # prune
        ]

    def __str__(self) -> str:
        return " ".join(self.scopes)
