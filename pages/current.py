"""The settings and the navigation of the site, once per request and in one query."""

from asgiref.local import Local
from django.urls import reverse

from pages.enums import NavigationPlace
from pages.models import SiteSettings

_local = Local()
_NAVIGATION = ("navigation_items__place", "navigation_items__label", "navigation_items__path")


class Site:
    """What every public page needs: the settings row and the links of header and footer."""

    def __init__(self, settings: SiteSettings, navigation: dict[str, list[tuple[str, str]]]) -> None:
        self.settings = settings
        self.header = navigation[NavigationPlace.HEADER]
        self.footer = navigation[NavigationPlace.FOOTER]


def current_site() -> Site:
    """The site of this request, loaded at its first use."""
    site: Site | None = getattr(_local, "site", None)
    if site is None:
        site = _local.site = load_site()
    return site


def forget_site() -> None:
    """Called at the end of each request and by whoever changes the settings."""
    if hasattr(_local, "site"):
        del _local.site


def load_site() -> Site:
    """Settings joined with their navigation: one query, also when there is no navigation yet.

    Each link is (label, path). Links to pages that are not public are left out.
    """
    fields = [field.attname for field in SiteSettings._meta.concrete_fields]
    rows = SiteSettings.objects.order_by("navigation_items__position", "navigation_items__id").values_list(
        *fields, *_NAVIGATION, "navigation_items__page__slug", "navigation_items__page__is_public"
    )
    navigation: dict[str, list[tuple[str, str]]] = {place.value: [] for place in NavigationPlace}
    settings = SiteSettings(id=SiteSettings.SINGLETON, name="Newsroom")
    for row in rows:
        settings = SiteSettings(**dict(zip(fields, row, strict=False)))
        place, label, path, slug, is_public = row[len(fields) :]
        if path or is_public:
            navigation[place].append((label, path or reverse("pages:page", args=[slug])))
    return Site(settings, navigation)
