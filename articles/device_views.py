"""What the site leaves on a reader's device: saved articles, the worker that shows them offline, the manifest."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles import service_worker as worker
from newsroom.lib.keeping import kept_page
from pages.current import current_site

# As --page in tokens.css; the other theme is told by the meta elements of the pages.
PAGE_COLOUR = "#fffdf9"


@kept_page()
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """The list lives in the reader's browser; the server knows only how to show one."""
    return render(request, "articles/saved.html")


@kept_page()
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Kept by the service worker and shown instead of a page that cannot be had."""
    return render(request, "articles/offline.html")


@kept_page()
@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, or it would rule only the folder of static files."""
    text = worker.script(render_to_string("articles/offline.html", request=request))
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


@kept_page()
@require_safe
@cache_control(public=True, max_age=24 * 60 * 60)
def manifest(request: HttpRequest) -> JsonResponse:
    """Lets the site be installed like an app (W3C Web Application Manifest)."""
    settings = current_site().settings
    data = {
        "id": "/",
        "name": settings.name,
        "short_name": settings.name,
        "description": settings.tagline or settings.description,
        "lang": "ar",
        "dir": "rtl",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAGE_COLOUR,
        "theme_color": PAGE_COLOUR,
        "categories": ["news"],
        "icons": [
            _icon("icon-192.png", 192),
            _icon("icon-512.png", 512),
            _icon("icon-maskable-512.png", 512, "maskable"),
        ],
        "shortcuts": [
            _shortcut(_("Latest news"), reverse("articles:home")),
            _shortcut(_("Saved articles"), reverse("articles:saved")),
            _shortcut(pgettext("page", "Search"), reverse("articles:search")),
        ],
    }
    return JsonResponse(data, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


def _icon(name: str, size: int, purpose: str = "any") -> dict[str, str]:
    return {"src": static(f"img/{name}"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


def _shortcut(name: str, address: str) -> dict[str, Any]:
    return {"name": name, "url": address, "icons": [_icon("icon-192.png", 192)]}
