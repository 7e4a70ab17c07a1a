"""Which pictures stand on the pages that editors own beside articles: few, so that they are read when somebody asks."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import pgettext

from images.in_bodies import picture_keys
from images.models import Image
from images.uses import Person, Use
from pages.models import Page
from richtext.figures import picture_addresses


class PicturesOfPages:
    def used(self) -> Sequence[QuerySet]:
        keys = {key for _page, found in _pages() for key in found}
        return [Image.objects.filter(pk__in=keys).order_by().values("pk")] if keys else []

    def counts(self, keys: Sequence[int]) -> Mapping[int, int]:
        return Counter(key for _page, found in _pages() for key in found & set(keys))

    def uses(self, keys: Sequence[int], user: Person) -> Iterable[tuple[int, Use]]:
        if isinstance(user, AnonymousUser):
            return
        may_open = user.has_perm("pages.view_page")
        for page, found in _pages():
            if may_open or page.is_public:
                address = reverse("admin:pages_page_change", args=[page.pk]) if may_open else ""
                use = Use(page.title, address, pgettext("place of a picture", "page"))
                yield from ((key, use) for key in sorted(found & set(keys)))

    def public(self, keys: Sequence[int]) -> Collection[int]:
        return {key for page, found in _pages() if page.is_public for key in found & set(keys)}


def _pages() -> list[tuple[Page, set[int]]]:
    """Those with pictures, and the ids of these."""
    rows = Page.objects.filter(body__contains="<img").only("title", "slug", "body", "is_public")
    return [(page, picture_keys(picture_addresses(page.body))) for page in rows]
