from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from images.in_bodies import body_pictures
from pages.models import Page
from richtext.figures import picture_addresses
from richtext.render import render_body


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A page that does not age: who we are, contact, privacy."""
    found = get_object_or_404(Page, slug=slug, is_public=True)
    body = render_body(found.body, pictures=body_pictures(picture_addresses(found.body)))
    return render(request, "pages/page.html", {"page": found, "body": body})
