"""The settings and the navigation of the site: in one query, and once until something of them changes."""

import threading
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db.models import DateTimeField, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from newsroom.lib.keeping import depends_on, kept
from newsroom.lib.scopes import SITE
from pages import public_time
from pages.enums import NavigationPlace
from pages.models import SiteSettings

_local = threading.local()
_clocks: list[Callable[[datetime], QuerySet]] = []
_PAGES = (
    "principles_page__slug",
    "principles_page__is_public",
    "corrections_page__slug",
    "corrections_page__is_public",
)
_NAVIGATION = ("navigation_items__place", "navigation_items__label", "navigation_items__path")


class Site:
    """What every public page needs: the settings row and the links of header and footer."""

    def __init__(
        self,
        settings: SiteSettings,
        navigation: dict[str, list[tuple[str, str]]],
        changed_at: datetime | None = None,
        *,
        principles_path: str = "",
        corrections_path: str = "",
    ) -> None:
        self.settings = settings
        # Where the newsroom says what it holds itself to; "" where it does not say it in public.
        self.principles_path = principles_path
        self.corrections_path = corrections_path
        # When something last changed that a reader might see (pages.freshness).
        self.changed_at = changed_at
        self.header = navigation[NavigationPlace.HEADER]
        self.footer = navigation[NavigationPlace.FOOTER]


def watch(moments: Callable[[datetime], QuerySet]) -> None:
    """Have the query of the site tell also when other rows last changed the pages.

    `moments(now)` is a queryset of one moment, the newest before `now`. Apps above this one call it in ready().
    """
    _clocks.append(moments)


def loaded_site() -> Site | None:
    """The site, if this request asked for it."""
    return getattr(_local, "site", None)


def current_site() -> Site:
    """The site of this request, loaded at its first use."""
    site = loaded_site()
    if site is None:
        site = _local.site = load_site() if settings.PAGE_CACHE == "off" else kept(current_site, _load_to_keep)
    return site


def _load_to_keep() -> Site:
    """Without the time of the last change, which would be out of date: what is kept knows that by itself."""
    return load_site(dated=False)


def forget_site() -> None:
    """Called at the end of each request and by whoever changes the settings."""
    if hasattr(_local, "site"):
        del _local.site


def load_site(*, dated: bool = True) -> Site:
    """Settings joined with their navigation: one query, also when there is no navigation yet.

    Each link is (label, path). Links to pages that are not public are left out.
    """
    fields = [field.attname for field in SiteSettings._meta.concrete_fields]
    clocks = {**(_changes() if dated else {}), "came_out": public_time.stored()}
    depends_on(SITE)
    rows = (
        SiteSettings.objects.order_by("navigation_items__position", "navigation_items__id")
        .annotate(**clocks)
        .values_list(
            *fields, *_PAGES, *_NAVIGATION, "navigation_items__page__slug", "navigation_items__page__is_public", *clocks
        )
    )
    navigation: dict[str, list[tuple[str, str]]] = {place.value: [] for place in NavigationPlace}
    found = SiteSettings(id=SiteSettings.SINGLETON, name="Newsroom")
    changed_at, policies = None, {}
    for row in rows:
        found = SiteSettings(**dict(zip(fields, row, strict=False)))
        *pages, place, label, path, slug, is_public = row[len(fields) : len(row) - len(clocks)]
        policies = {"principles_path": _path_of(*pages[:2]), "corrections_path": _path_of(*pages[2:])}
        *moments, came_out = row[len(row) - len(clocks) :]
        public_time.learn(came_out)
        changed_at = max(filter(None, moments), default=None)
        if path or is_public:
            navigation[place].append((label, path or _path_of(slug, is_public)))
    return Site(found, navigation, changed_at, **policies)


def _path_of(slug: str | None, is_public: bool | None) -> str:
    """Of a page that readers may see; "" for any other and for none."""
    return reverse("pages:page", args=[slug]) if slug and is_public else ""


def _changes() -> dict[str, Subquery]:
    """When somebody last did anything, and what the clock alone has changed since: subqueries of one row each."""
    now = timezone.now()
    newest_deed = AuditEntry.objects.order_by("-at", "-id").values("at")
    moments = [newest_deed, *(clock(now) for clock in _clocks)]
    return {f"clock_{n}": Subquery(each[:1], output_field=DateTimeField()) for n, each in enumerate(moments)}
