"""What machines are told about the newsroom and the place of a page in it, in the words of schema.org.

A page names the newspaper by its @id with enough to know it by; the home page says all of it.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from pages.current import Site

Data = dict[str, Any]

CONTEXT = "https://schema.org"
LANGUAGE = "ar"
LOGO, LOGO_SIZE = "img/logo-512.png", 512  # px


def absolute(address: str) -> str:
    """The address of a path of ours for somebody elsewhere; what is absolute already stays."""
    if address.startswith("/") and not address.startswith("//"):
        return settings.SITE_URL + address
    return urljoin(settings.SITE_URL + "/", address)


def document(kind: str, **fields: Any) -> Data:
    """A block of its own. Fields without a value are left out."""
    return {"@context": CONTEXT, "@type": kind} | without_empty(fields)


def without_empty(fields: Data) -> Data:
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def organization_reference(site: Site) -> Data:
    """The newspaper as publisher of a page."""
    return {
        "@type": "NewsMediaOrganization",
        "@id": absolute("/#organization"),
        "name": site.settings.name,
        "url": absolute("/"),
        "logo": _logo(),
    }


def website_reference(site: Site) -> Data:
    return {"@type": "WebSite", "@id": absolute("/#website"), "name": site.settings.name, "url": absolute("/")}


def organization(site: Site) -> Data:
    """The newspaper, with what a reader may hold it to."""
    row = site.settings
    about = organization_reference(site) | {
        "slogan": row.tagline,
        "description": row.description,
        "sameAs": row.social_addresses,
        "publishingPrinciples": absolute(site.principles_path) if site.principles_path else "",
        "correctionsPolicy": absolute(site.corrections_path) if site.corrections_path else "",
        "contactPoint": _contact(row.contact_email),
    }
    return document(about.pop("@type"), **about)


def website(site: Site) -> Data:
    """The site and how to search it."""
    about = website_reference(site) | {
        "inLanguage": LANGUAGE,
        "publisher": organization_reference(site),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": absolute(reverse("articles:search")) + "?q={search_term_string}",
            },
            "query-input": "required name=search_term_string",
        },
    }
    return document(about.pop("@type"), **about)


def breadcrumb_list(steps: Sequence[tuple[str, str]]) -> Data:
    """Where a page stands: (name, path) from the home page down; the page itself, at the end, has no path."""
    items = [
        without_empty({"@type": "ListItem", "position": position, "name": name, "item": absolute(path) if path else ""})
        for position, (name, path) in enumerate(steps, start=1)
    ]
    return document("BreadcrumbList", itemListElement=items)


def item_list(paths: Iterable[str], *, start: int = 1) -> Data:
    """What a list shows, in its order; {} of nothing. `start` is the place of its first line in the whole list."""
    items = [
        {"@type": "ListItem", "position": position, "url": absolute(path)}
        for position, path in enumerate(paths, start=start)
    ]
    if not items:
        return {}
    return {"@type": "ItemList", "numberOfItems": len(items), "itemListElement": items}


def collection_page(site: Site, *, name: str, path: str, description: str = "", **fields: Any) -> Data:
    """A page that leads to others."""
    return document(
        "CollectionPage",
        **{"@id": absolute(path)},
        name=name,
        url=absolute(path),
        description=description,
        inLanguage=LANGUAGE,
        isPartOf=website_reference(site),
        publisher=organization_reference(site),
        **fields,
    )


def _logo() -> Data:
    return {"@type": "ImageObject", "url": absolute(static(LOGO)), "width": LOGO_SIZE, "height": LOGO_SIZE}


def _contact(email: str) -> Data | None:
    if not email:
        return None
    return {"@type": "ContactPoint", "contactType": "newsroom", "email": email, "availableLanguage": LANGUAGE}
